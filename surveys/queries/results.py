"""What a wave adds up to, in words and rows."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from localities.models import Topic
from surveys.models import Analysis, Wave
from surveys.queries.pages import pairs_finished


@dataclass(frozen=True)
class Cell:
    """A count of localities; hidden when it stands for fewer than three."""

    count: int | None

    @property
    def is_hidden(self) -> bool:
        return self.count is None

    @property
    def bar(self) -> int:
        """Length of the bar, 0 to 10 steps."""
        return min(self.count or 0, 10)


@dataclass(frozen=True)
class TopicRow:
    topic: str
    area: str
    needs: Cell
    offers: Cell
    by_side: tuple[tuple[str, Cell, Cell], ...]


@dataclass(frozen=True)
class Results:
    """A wave's needs and offers by topic, the largest gaps first."""

    wave: Wave
    rows: tuple[TopicRow, ...]
    answered: int
    pairs: int
    computed_at: Any


def results_of(wave: Wave) -> Results | None:
    """The results of a closed wave that everybody may read; None until there are any."""
    analysis = Analysis.objects.filter(wave=wave).first()
    if analysis is None or analysis.result["shown"] is None:
        return None
    topics = {row.code: row for row in Topic.objects.select_related("area")}
    sides = {"government": _("Government"), "civil_society": _("Civil society")}
    rows = tuple(
        TopicRow(
            topics[row["topic"]].label,
            topics[row["topic"]].area.label,
            _cell(row["needs"]),
            _cell(row["offers"]),
            tuple(
                (
                    words,
                    _cell(row["by_side"][side]["needs"]),
                    _cell(row["by_side"][side]["offers"]),
                )
                for side, words in sides.items()
            ),
        )
        for row in analysis.result["shown"]["topics"]
        if row["topic"] in topics and _says_something(row)
    )
    finished, pairs = pairs_finished(wave)
    return Results(wave, rows, finished, pairs, analysis.computed_at)


def _cell(cell: dict[str, Any]) -> Cell:
    return Cell(None if cell.get("hidden") else int(cell["count"]))


def _says_something(row: dict[str, Any]) -> bool:
    return any(
        row[kind].get("hidden") or row[kind]["count"] for kind in ("needs", "offers")
    )
