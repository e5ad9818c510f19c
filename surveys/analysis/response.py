"""Who answered and who did not, by region and side, counted in localities."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from surveys.analysis.suppression import Counts, suppress_with_rest
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
    `threshold` localities, answering or silent, is hidden.
    """
    everyone = sorted(set(rows))
    asked = _counts(everyone, regions)
    answered = _counts([row for row in everyone if row.has_answered], regions)
    shown = suppress_with_rest(answered, asked=asked, threshold=threshold)
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
