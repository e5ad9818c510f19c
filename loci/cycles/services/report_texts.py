"""The first words of a report's sections, from what everybody may read."""

from django.utils.translation import gettext as _

from loci.cycles.choices import SectionKind
from loci.cycles.queries.ledger import promises_of
from surveys.models import Wave
from surveys.queries.results import Cell, Results, results_of
from surveys.queries.summary import summary_of
from surveys.queries.themes import ThemesShown, themes_shown


def section_texts(wave: Wave) -> dict[SectionKind, str] | None:
    """A draft of each section; None while the wave has no results."""
    results = results_of(wave)
    if results is None:
        return None
    return {
        SectionKind.SHORT: results.words or " ".join(summary_of(results)),
        SectionKind.ACTIVITIES: "",
        SectionKind.TOPICS: _topics(results),
        SectionKind.THEMES: _themes(themes_shown(wave)),
        SectionKind.DIFFERENCES: _differences(results),
        SectionKind.PLAN: _plan(wave),
        SectionKind.METHOD: _method(results),
    }


def _topics(results: Results) -> str:
    lines = [
        _("%(topic)s: needed by %(needs)s, offered by %(offers)s")
        % {
            "topic": row.topic,
            "needs": _told(row.needs),
            "offers": _told(row.offers),
        }
        for row in results.counted
    ]
    return "\n".join(lines)


def _themes(shown: ThemesShown) -> str:
    lines = []
    for row in shown.rows:
        words = f"{row.name}: {_told(row.total)}"
        lines.append(f"{words} ({row.move})" if row.move else words)
        lines += [f"“{voice.text}”" for voice in row.voices]
    return "\n".join(lines)


def _differences(results: Results) -> str:
    return "\n".join(
        _(
            "%(topic)s (%(kind)s): government side %(government)d, civil society side "
            "%(civil_society)d"
        )
        % {
            "topic": row.topic,
            "kind": row.kind.lower(),
            "government": row.government,
            "civil_society": row.civil_society,
        }
        for row in results.differences
    )


def _plan(wave: Wave) -> str:
    """What is promised so far; the rest is for people to write."""
    return "\n".join(
        f"{row.title}: {row.doing or row.reason or row.get_state_display()}"
        for row in promises_of(wave)
    )


def _method(results: Results) -> str:
    return _(
        "%(answered)d of %(asked)d localities answered. Numbers are localities. A number "
        "that stands for fewer than 3 localities is hidden, with others from which it "
        "could be worked out."
    ) % {"answered": results.answered, "asked": results.asked}


def _told(cell: Cell) -> str:
    return _("hidden") if cell.count is None else str(cell.count)
