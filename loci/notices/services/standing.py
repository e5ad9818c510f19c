"""Whether a message that waited may still go: each app says it for its own kinds.

Between the deed and its mail there may be days, while the mail server is away: people
leave, things are taken back, words are kept to oneself. What was right to write then may
be wrong to send now, so that it is asked once more.
"""

from collections.abc import Callable

from loci.notices.choices import NoticeKind
from loci.notices.models import Notice

Rule = Callable[[Notice, int], bool]
_RULES: dict[str, Rule] = {}


def stands_while(*kinds: NoticeKind) -> Callable[[Rule], Rule]:
    """Messages of these kinds go only while the rule says yes.

    It gets the row that the occasion names, and may set the parameters right, as far
    as what they tell has changed.
    """

    def keep(rule: Rule) -> Rule:
        _RULES.update(dict.fromkeys(kinds, rule))
        return rule

    return keep


def has_a_rule(kind: NoticeKind) -> bool:
    return kind in _RULES


def still_stands(notice: Notice) -> bool:
    """Its reader is here, and what it tells is still for them."""
    if not notice.recipient.is_active:
        return False
    rule, row = _RULES.get(notice.kind), _row_of(notice)
    return rule is None or row is None or rule(notice, row)


def _row_of(notice: Notice) -> int | None:
    """The row that the occasion names first; None for one that names none."""
    named = notice.key.split(":")[1:2]
    return int(named[0]) if named and named[0].isdecimal() else None
