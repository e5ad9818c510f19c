"""What a wave adds up to, in words and rows: nothing but what everybody may read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from localities.choices import Side
from localities.models import Region, Topic
from surveys.models import Analysis, Wave

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """A count of localities; hidden when it stands for fewer than three."""

    count: int | None

    @property
    def is_hidden(self) -> bool:
        return self.count is None


@dataclass(frozen=True)
class Split:
    """One side or one region of a row."""

    code: str
    label: str
    needs: Cell
    offers: Cell

    @property
    def has_a_number(self) -> bool:
        return bool(self.needs.count or self.offers.count)


@dataclass(frozen=True)
class TopicRow:
    """One topic: localities that need it and that offer it."""

    code: str
    topic: str
    area: str
    needs: Cell
    offers: Cell
    by_side: tuple[Split, ...]
    by_region: tuple[Split, ...]

    @property
    def has_a_number(self) -> bool:
        return bool(self.needs.count or self.offers.count)

    @property
    def tells_sides(self) -> bool:
        return any(part.has_a_number for part in self.by_side)

    @property
    def tells_regions(self) -> bool:
        return any(part.has_a_number for part in self.by_region)


@dataclass(frozen=True)
class Difference:
    """A topic of which one side speaks in more localities than the other."""

    topic: str
    kind: str
    government: int
    civil_society: int

    @property
    def gap(self) -> int:
        return abs(self.government - self.civil_society)


@dataclass(frozen=True)
class Answered:
    """How many localities of a region, or by one side, have answered."""

    label: str
    answered: Cell
    asked: int


@dataclass(frozen=True)
class Results:
    """A wave's needs and offers by topic, the largest gaps first."""

    wave: Wave
    rows: tuple[TopicRow, ...]
    differences: tuple[Difference, ...]
    answered: int
    asked: int
    response: tuple[Answered, ...]
    acted: tuple[tuple[str, float], ...]
    words: str
    computed_at: datetime

    @property
    def counted(self) -> tuple[TopicRow, ...]:
        return tuple(row for row in self.rows if row.has_a_number)

    @property
    def has_any_number(self) -> bool:
        """So many have answered that some topic can be counted."""
        return any(
            not (row.needs.is_hidden and row.offers.is_hidden) for row in self.rows
        )

    @property
    def needs_too_few(self) -> tuple[TopicRow, ...]:
        return tuple(row for row in self.rows if row.needs.is_hidden)

    @property
    def offers_too_few(self) -> tuple[TopicRow, ...]:
        return tuple(row for row in self.rows if row.offers.is_hidden)


def results_of(wave: Wave) -> Results | None:
    """The results of a closed wave that everybody may read; None until there are any."""
    analysis = Analysis.objects.filter(wave=wave).first()
    result: Told = analysis.result if analysis else {}
    if analysis is None or not result.get("shown") or "response" not in result:
        return None
    topics = {row.code: row for row in Topic.objects.select_related("area")}
    regions = dict(Region.objects.order_by("name", "pk").values_list("code", "name"))
    response = result["response"]
    return Results(
        wave=wave,
        rows=tuple(
            _row(row, topics[row["topic"]], regions)
            for row in result["shown"]["topics"]
            if row["topic"] in topics and _says_something(row)
        ),
        differences=_differences(result["differences"], topics),
        answered=response["answered"]["total"],
        asked=response["asked"]["total"],
        response=_response(response, regions),
        acted=_acted(wave),
        words=analysis.words,
        computed_at=analysis.computed_at,
    )


def _acted(wave: Wave) -> tuple[tuple[str, float], ...]:
    """Wave and middle answer to "did the network act?", up to this wave, oldest first."""
    told = Analysis.objects.filter(
        wave__opens_at__lte=wave.opens_at,
        wave__is_demo=wave.is_demo,
        result__acted__has_key="median",
    ).order_by("wave__opens_at", "pk")
    rows = told.values_list("wave__title", "result__acted__median")
    return tuple((title, float(middle)) for title, middle in rows)


def _row(row: Told, topic: Topic, regions: Mapping[str, str]) -> TopicRow:
    sides = {side.value: str(side.label) for side in Side}
    return TopicRow(
        topic.code,
        topic.label,
        topic.area.label,
        _cell(row["needs"]),
        _cell(row["offers"]),
        _splits(row["by_side"], sides),
        _splits(row["by_region"], regions),
    )


def _splits(cells: Told, labels: Mapping[str, str]) -> tuple[Split, ...]:
    """Those that are hidden or not zero, in the order of the labels."""
    return tuple(
        Split(code, label, _cell(cells[code]["needs"]), _cell(cells[code]["offers"]))
        for code, label in labels.items()
        if code in cells and _says_something(cells[code])
    )


def _differences(kinds: Told, topics: Mapping[str, Topic]) -> tuple[Difference, ...]:
    words = {"need": _("Need"), "offer": _("Offer")}
    found = [
        Difference(
            topics[row["topic"]].label,
            words[kind],
            row["government"],
            row["civil_society"],
        )
        for kind, rows in kinds.items()
        for row in rows
        if row["gap"] and row["topic"] in topics
    ]
    return tuple(sorted(found, key=lambda row: (-row.gap, row.kind, row.topic)))


def _response(response: Told, regions: Mapping[str, str]) -> tuple[Answered, ...]:
    labels = {side.value: str(side.label) for side in Side} | dict(regions)
    asked = {**response["asked"]["by_side"], **response["asked"]["by_region"]}
    answered = {**response["answered"]["by_side"], **response["answered"]["by_region"]}
    return tuple(
        Answered(label, _cell(answered[code]), asked[code])
        for code, label in labels.items()
        if asked.get(code)
    )


def _cell(cell: Told) -> Cell:
    return Cell(None if cell.get("hidden") else int(cell["count"]))


def _says_something(row: Told) -> bool:
    return any(
        row[kind].get("hidden") or row[kind]["count"] for kind in ("needs", "offers")
    )
