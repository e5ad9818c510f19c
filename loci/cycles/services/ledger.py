"""The ledger of promises: what was heard gets a line, an owner and a date."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _, gettext_lazy, ngettext, override

from localities.models import Topic
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.states import move
from loci.cycles.choices import LARGEST_UNMET
from loci.cycles.models import Promise
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice
from surveys.choices import WAVE_MOVES, StatementKind, WaveState
from surveys.models import Statement, Wave
from surveys.queries.results import Cell, results_of
from surveys.queries.themes import ThemeRow, themes_shown
from surveys.services.analysing import largest_unmet


class NotHeardYet(Refused):
    """A wave is shared back only with published lines for what was heard."""


class LineMissing(Refused):
    """Each theme that everybody has read has a line that everybody can read."""


class NobodyOwnsIt(Refused):
    """A published line that is still open has an owner and a day."""


@transaction.atomic
def draft_promises(*, wave: Wave, by: User | None) -> list[Promise]:
    """A *heard* line for each shown theme and each of the largest unmet topics.

    Lines that exist stay. What is said of numbers is what the results show; a topic that
    was named only in words which the network does not see has no draft.
    """
    made = [_draft_theme(wave, row) for row in themes_shown(wave).rows]
    topics = {topic.code: topic for topic in Topic.objects.all()}
    results = results_of(wave)
    shown = {row.code: row.needs for row in results.rows} if results else {}
    said = Statement.objects.spoken().read_by_the_network().filter(wave=wave)
    told = set(
        said.filter(kind=StatementKind.NEED).values_list("topic__code", flat=True)
    )
    made += [
        _draft_topic(wave, topics[code], shown.get(code, Cell(None)))
        for code in largest_unmet(wave=wave, at_most=LARGEST_UNMET)
        if code in told or shown.get(code, Cell(None)).count
    ]
    lines = [promise for promise, is_new in made if is_new]
    for promise in lines:
        record(by, "drafted", promise)
    return lines


def _draft_theme(wave: Wave, row: ThemeRow) -> tuple[Promise, bool]:
    with override("en"):
        heard = _counted(
            row.total,
            ngettext(
                "%(count)d locality spoke of: %(name)s",
                "%(count)d localities spoke of: %(name)s",
                row.total.count or 0,
            ),
            _("Localities spoke of: %(name)s"),
            row.name,
        )
    return Promise.objects.get_or_create(
        wave=wave,
        theme_id=row.pk,
        defaults={"heard": heard, "theme_name": row.name},
    )


def _draft_topic(wave: Wave, topic: Topic, needs: Cell) -> tuple[Promise, bool]:
    with override("en"):
        heard = _counted(
            needs,
            ngettext(
                "%(count)d locality asked for help with: %(name)s",
                "%(count)d localities asked for help with: %(name)s",
                needs.count or 0,
            ),
            _("Localities asked for help with: %(name)s"),
            topic.name,
        )
    return Promise.objects.get_or_create(
        wave=wave, topic=topic, defaults={"heard": heard}
    )


def _counted(cell: Cell, with_count: str, without: str, name: str) -> str:
    """With the number where everybody may read it."""
    if not cell.count:
        return without % {"name": name}
    return with_count % {"count": cell.count, "name": name}


@transaction.atomic
def share_back(*, wave: Wave, by: User, now: datetime) -> Wave:
    """Mark a closed wave as shared back: the gate for the next one reads the ledger.

    Raises NotHeardYet, LineMissing, NobodyOwnsIt.
    """
    wave = Wave.objects.select_for_update().get(pk=wave.pk)
    published = Promise.objects.published().filter(wave=wave)
    if not published.exists():
        raise NotHeardYet(
            gettext_lazy("Publish at least one line of You said, we did first.")
        )
    if wave.state == WaveState.CLOSED:
        _check_ledger(wave)
    move(wave, to=WaveState.SHARED_BACK, moves=WAVE_MOVES)
    record(by, "shared back", wave, now.date().isoformat())
    return wave


def _check_ledger(wave: Wave) -> None:
    published = Promise.objects.published().filter(wave=wave)
    with_a_line = set(published.values_list("theme", flat=True))
    missing = [row.name for row in themes_shown(wave).rows if row.pk not in with_a_line]
    if missing:
        raise LineMissing(
            _("These themes have no published line yet: %(names)s")
            % {"names": ", ".join(missing)}
        )
    if published.without_owner().exists():
        raise NobodyOwnsIt(
            gettext_lazy("A published line has no owner or no date. Give it both.")
        )


def remind_of_late_promises(*, now: datetime) -> int:
    """Write once to the owner of each open promise whose day has passed."""
    late = (
        Promise.objects.published()
        .late(now.date())
        .filter(owner__is_active=True)
        .select_related("owner", "topic")
        .order_by("pk")
    )
    told = 0
    for promise in late:
        if promise.owner is not None and promise.due_on is not None:
            post_notice(
                key=f"promise_late:{promise.pk}:{promise.due_on}",
                kind=NoticeKind.PROMISE_LATE,
                to=promise.owner,
                now=now,
                parameters={
                    "title": promise.title,
                    "day": promise.due_on.isoformat(),
                },
                path="/you-said-we-did/",
            )
            told += 1
    return told
