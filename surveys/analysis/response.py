"""Who answered and who did not, by region and side, counted in localities."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from surveys.analysis.blocks import Counts, ShownRow, few_of, sides, small, split
from surveys.analysis.tables import SIDES

FEWEST_FOR_A_MIDDLE = 5


@dataclass(frozen=True, order=True)
class Asked:
    """One side of one locality (`unit`) that a wave has asked."""

    unit: int
    region: str
    side: str
    has_answered: bool


def response(
    rows: Iterable[Asked], *, regions: Sequence[str], threshold: int = 3
) -> dict[str, Any]:
    """Localities asked and answered, JSON-ready, as anybody may see them.

    A locality has answered when one of its sides has. How many were asked is known to
    all, and so is how many answered in all; a split that stands for fewer than
    `threshold` localities, answering or silent, is hidden. Where a region has so few
    localities, no region is told: the sum of the others would tell it.
    """
    everyone = sorted(set(rows))
    asked = _counts(everyone, regions)
    answered = _counts([row for row in everyone if row.has_answered], regions)
    shown = _shown(answered, asked, threshold)
    return {
        "asked": {
            "total": asked.total,
            "by_region": dict(asked.by_region),
            "by_side": dict(asked.by_side),
        },
        "answered": {
            "total": answered.total,
            "by_region": _cells(shown.by_region),
            "by_side": _cells(shown.by_side),
        },
    }


def who_answered(rows: Iterable[Asked], *, regions: Sequence[str]) -> Counts:
    """Localities that answered, as they are: for the other tables of the wave."""
    return _counts(sorted({row for row in rows if row.has_answered}), regions)


def _shown(answered: Counts, asked: Counts, threshold: int) -> ShownRow:
    """The answering and the silent are hidden together: each tells the other."""
    silent = Counts(
        asked.total - answered.total,
        {n: most - answered.by_region[n] for n, most in asked.by_region.items()},
        {n: most - answered.by_side[n] for n, most in asked.by_side.items()},
    )
    hidden: set[str] = set()
    nobody: frozenset[str] = frozenset()
    here = [name for name, most in asked.by_region.items() if most]
    for each in (answered, silent):
        both = sides(each.by_side, few_of(asked, threshold), threshold)
        regions = {name: each.by_region[name] for name in here}
        told = split(regions, nobody, nobody, threshold) | both
        hidden.update(name for name, count in told.items() if count is None)
    if any(small(asked.by_region[name], threshold) for name in here):
        hidden.update(here)
    if len(here) == 1 or not (answered.total and silent.total):
        hidden.difference_update(here)
    known = {**answered.by_region, **answered.by_side}
    cells = {name: None if name in hidden else count for name, count in known.items()}
    return ShownRow(
        answered.total,
        {name: cells[name] for name in asked.by_region},
        {name: cells[name] for name in asked.by_side},
    )


def middle(values: Iterable[tuple[int, float]]) -> dict[str, Any]:
    """The median over localities of (locality, value); a locality counts by its mean.

    Hidden under five localities, and to the nearest half, so that nobody's own value
    can be read from it. How many gave one is not said.
    """
    given: dict[int, list[float]] = defaultdict(list)
    for unit, value in sorted(values):
        given[unit].append(value)
    if not given:
        return {"asked": False}
    if len(given) < FEWEST_FOR_A_MIDDLE:
        return {"hidden": True}
    return {"median": round(2 * median(map(fmean, given.values()))) / 2}


def _counts(rows: Sequence[Asked], regions: Sequence[str]) -> Counts:
    return Counts(
        total=len({row.unit for row in rows}),
        by_region={
            region: len({row.unit for row in rows if row.region == region})
            for region in sorted(regions)
        },
        by_side={
            side: len({row.unit for row in rows if row.side == side}) for side in SIDES
        },
    )


def _cells(shown: Any) -> dict[str, Any]:
    return {
        name: {"hidden": True} if count is None else {"count": count}
        for name, count in shown.items()
    }
