"""Supply and demand: who needs what and who offers it, counted in localities.

What is published hides small numbers (`surveys.analysis.suppression` says how);
what coordinators see does not, and says who is behind each count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from surveys.analysis.blocks import Counts, ShownRow
from surveys.analysis.suppression import Shown, suppress

SIDES = ("civil_society", "government")
KINDS = {"need": "needs", "offer": "offers"}

Result = dict[str, Any]
Cell = dict[str, Any]


def both_sides(side: str) -> tuple[str, ...]:
    """What a pair says together counts for both sides."""
    return SIDES if side == "joint" else (side,)


@dataclass(frozen=True, order=True)
class Spoken:
    """One need or offer of one locality (`unit`)."""

    unit: int
    topic: str
    region: str
    side: str
    kind: str

    @property
    def sides(self) -> tuple[str, ...]:
        return both_sides(self.side)


@dataclass(frozen=True)
class _Row:
    """Who speaks of one topic as a need, or as an offer."""

    everyone: frozenset[int]
    by_region: Mapping[str, frozenset[int]]
    by_side: Mapping[str, frozenset[int]]

    @property
    def counts(self) -> Counts:
        return Counts(
            total=len(self.everyone),
            by_region={region: len(units) for region, units in self.by_region.items()},
            by_side={side: len(units) for side, units in self.by_side.items()},
        )


def supply_demand(
    rows: Iterable[Spoken],
    *,
    topics: Sequence[str],
    regions: Sequence[str],
    threshold: int = 3,
    answered: Counts | None = None,
    earlier: Mapping[str, Any] | None = None,
    wave_before: Mapping[str, Any] | None = None,
) -> Result:
    """Localities per topic, region and side, as anybody may see them; JSON-ready.

    `answered` are the localities that answered at all. `earlier` is what was last published of the same wave, `wave_before` what was last
    published of the wave before: pass both wherever they exist, so that comparing
    publications gives nothing back. The order of topics follows what is shown, never
    what is hidden. ValueError for a topic, region, side or kind that is not listed,
    and for a locality in two regions.
    """
    heard = _heard(rows, topics=topics, regions=regions)
    everybody = _row(chain.from_iterable(heard.values()), regions)
    shown = suppress(
        {key: _row(said, regions).counts for key, said in heard.items()},
        everybody=everybody.counts,
        threshold=threshold,
        answered=answered,
        earlier=_published(earlier),
        wave_before=_published(wave_before),
    )
    cells = {
        topic: {
            name: _published_cells(shown.rows[topic, kind])
            for kind, name in KINDS.items()
        }
        for topic in topics
    }
    return _result(cells, units=shown.units, threshold=threshold)


def supply_demand_for_coordinators(
    rows: Iterable[Spoken],
    *,
    topics: Sequence[str],
    regions: Sequence[str],
    threshold: int = 3,
) -> Result:
    """The same shape with every count, and in each cell the localities behind it."""
    heard = _heard(rows, topics=topics, regions=regions)
    everybody = _row(chain.from_iterable(heard.values()), regions)
    cells = {
        topic: {
            name: _known_cells(_row(heard[topic, kind], regions))
            for kind, name in KINDS.items()
        }
        for topic in topics
    }
    return _result(cells, units=len(everybody.everyone), threshold=threshold)


def largest_unmet(result: Mapping[str, Any], at_most: int) -> list[str]:
    """Topics that more localities need than offer, most of them first; then needs, code.

    For coordinators: takes the result with every count. ValueError where one is hidden,
    for an order made of hidden counts would give them away.
    """
    gaps = []
    for row in result["topics"]:
        if "hidden" in row["needs"] or "hidden" in row["offers"]:
            raise ValueError("an order made of hidden counts would give them away")
        needs, offers = row["needs"]["count"], row["offers"]["count"]
        if needs > offers:
            gaps.append((offers - needs, -needs, row["topic"]))
    return [topic for _, _, topic in sorted(gaps)[:at_most]]


def _heard(
    rows: Iterable[Spoken], *, topics: Sequence[str], regions: Sequence[str]
) -> dict[tuple[str, str], list[Spoken]]:
    heard: dict[tuple[str, str], list[Spoken]] = {
        (topic, kind): [] for topic in topics for kind in KINDS
    }
    home: dict[int, str] = {}
    for row in sorted(set(rows)):
        if (row.topic, row.kind) not in heard or row.region not in regions:
            raise ValueError(f"not listed: {row}")
        if row.side not in {*SIDES, "joint"}:
            raise ValueError(f"no such side: {row}")
        if home.setdefault(row.unit, row.region) != row.region:
            raise ValueError(f"a locality in two regions: {row}")
        heard[row.topic, row.kind].append(row)
    return heard


def _row(said: Iterable[Spoken], regions: Sequence[str]) -> _Row:
    rows = list(said)
    return _Row(
        everyone=frozenset(row.unit for row in rows),
        by_region={
            region: frozenset(row.unit for row in rows if row.region == region)
            for region in sorted(regions)
        },
        by_side={
            side: frozenset(row.unit for row in rows if side in row.sides)
            for side in SIDES
        },
    )


def _cell(count: int | None) -> Cell:
    return {"hidden": True} if count is None else {"count": count}


def _known(units: frozenset[int]) -> Cell:
    return {"count": len(units), "units": sorted(units)}


def _published_cells(row: ShownRow) -> Cell:
    return {
        "total": _cell(row.total),
        "by_region": {name: _cell(count) for name, count in row.by_region.items()},
        "by_side": {name: _cell(count) for name, count in row.by_side.items()},
    }


def _known_cells(row: _Row) -> Cell:
    return {
        "total": _known(row.everyone),
        "by_region": {name: _known(units) for name, units in row.by_region.items()},
        "by_side": {name: _known(units) for name, units in row.by_side.items()},
    }


def _result(
    cells: Mapping[str, Mapping[str, Cell]], *, units: int | None, threshold: int
) -> Result:
    topics = sorted(
        (_topic(code, both) for code, both in cells.items()), key=_gaps_first
    )
    return {
        "order": [row["topic"] for row in topics],
        "threshold": threshold,
        "topics": topics,
        "units": units,
    }


def _topic(code: str, both: Mapping[str, Cell]) -> Cell:
    needs, offers = both["needs"]["total"], both["offers"]["total"]
    hidden = "hidden" in needs or "hidden" in offers
    return {
        "by_region": _side_by_side(both, "by_region"),
        "by_side": _side_by_side(both, "by_side"),
        "needs": needs,
        "offers": offers,
        "topic": code,
        "unmet": _cell(None if hidden else max(needs["count"] - offers["count"], 0)),
    }


def _side_by_side(both: Mapping[str, Cell], split: str) -> Cell:
    return {
        name: {kind: both[kind][split][name] for kind in sorted(both)}
        for name in sorted(both["needs"][split])
    }


def _gaps_first(row: Cell) -> tuple[int, int, str]:
    """By what is shown alone: a hidden need counts as one, a hidden offer as two."""
    needs, offers = row["needs"].get("count", 1), row["offers"].get("count", 2)
    return offers - needs, -needs, row["topic"]


def _published(result: Mapping[str, Any] | None) -> Shown | None:
    if result is None:
        return None
    return Shown(
        units=result["units"],
        rows={
            (row["topic"], kind): ShownRow(
                total=row[name].get("count"),
                by_region=_read(row["by_region"], name),
                by_side=_read(row["by_side"], name),
            )
            for row in result["topics"]
            for kind, name in KINDS.items()
        },
    )


def _read(cells: Mapping[str, Cell], name: str) -> dict[str, int | None]:
    return {part: both[name].get("count") for part, both in cells.items()}
