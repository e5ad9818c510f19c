"""Quotes in a report: words that stand in it while their author lets them stand."""

import re

from django.utils.translation import gettext as _

from loci.cycles.models import Report
from surveys.models import ThemeText, Wave


def standing_quotes(wave: Wave) -> frozenset[str]:
    """Words of this wave that their author and a coordinator let be quoted today."""
    rows = (
        ThemeText.objects.quotable()
        .filter(wave=wave)
        .select_related("statement", "answer", "conversation")
    )
    return frozenset(_plain(row.said) for row in rows if row.is_approved)


def ended_quotes(report: Report) -> tuple[str, ...]:
    """Words that were quoted when it was drafted, and may be no more; longest first."""
    if not report.quotes:
        return ()
    standing = standing_quotes(report.wave)
    ended = {words for words in report.quotes if _plain(words) not in standing}
    return tuple(sorted(ended, key=len, reverse=True))


def without_quotes(text: str, ended: tuple[str, ...]) -> str:
    """The text with a note in place of each; what was published stays as it was kept."""
    for words in ended:
        pattern = r"\s+".join(re.escape(word) for word in words.split())
        text = re.sub(pattern, _("[words that their author took back]"), text)
    return text


def _plain(words: str) -> str:
    return " ".join(words.split())
