"""Small numbers are people: which counts may be shown.

A count of 1 or 2 localities is hidden, and with it enough others that neither a total,
nor the zeros beside it, nor an earlier publication gives it back. Rules that a careful
reader could run backwards are coarse on purpose: see docs/analysis.md.
"""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import dataclass, field

from surveys.analysis.blocks import (
    Counts,
    ShownRow,
    few_of,
    is_given_away,
    sides,
    small,
    split,
)

RowKey = tuple[str, str]


@dataclass(frozen=True)
class Shown:
    """What may be published: localities heard in all, and the rows."""

    units: int | None
    rows: Mapping[RowKey, ShownRow] = field(default_factory=dict)


def suppress(
    rows: Mapping[RowKey, Counts],
    *,
    everybody: Counts,
    threshold: int = 3,
    answered: Counts | None = None,
    earlier: Shown | None = None,
    wave_before: Shown | None = None,
) -> Shown:
    """The same rows with every count hidden that is small or would give a small one back.

    `answered`: everybody who answered at all; who of them spoke in no row is known by
    subtraction, so it counts as the most that a region can have.
    `earlier` (same wave): what was hidden stays hidden, and a row stays as it was shown
    unless each of its shown counts moved by nothing or by at least `threshold`.
    `wave_before`: what was hidden stays hidden until the row's total has moved that far.
    """
    if small(everybody.total, threshold):
        return Shown(None, {key: _blank(counts) for key, counts in rows.items()})
    unmoved = _unmoved(rows, earlier, threshold)
    few = few_of(everybody, threshold) | few_of(answered or everybody, threshold)
    given_away = {
        key
        for key, counts in rows.items()
        if answered
        and is_given_away(counts, _most(answered, everybody), few, threshold)
    }
    withheld = _totals_to_hide(
        {key: counts for key, counts in rows.items() if key not in unmoved},
        units=everybody.total - sum(row.total or 0 for row in unmoved.values()),
        hidden={
            key
            for key, counts in rows.items()
            if key in given_away
            or small(counts.total, threshold)
            or _was_hidden(counts, key, earlier, wave_before, threshold)
        },
    )
    shown = dict(unmoved)
    for key, counts in rows.items():
        if key in withheld:
            shown[key] = _blank(counts)
        elif key not in unmoved:
            kept = _kept(counts, key, earlier, wave_before, threshold)
            shown[key] = _row(counts, few, kept, threshold)
    return Shown(_units(everybody.total, earlier, threshold), shown)


def _most(answered: Counts, everybody: Counts) -> dict[str, int]:
    return {
        name: max(count, answered.by_region.get(name, 0))
        for name, count in everybody.by_region.items()
    }


def _units(units: int, earlier: Shown | None, threshold: int) -> int | None:
    if earlier is None:
        return units
    if earlier.units is None or small(units - earlier.units, threshold):
        return earlier.units
    return units


def _unmoved(
    rows: Mapping[RowKey, Counts], earlier: Shown | None, threshold: int
) -> dict[RowKey, ShownRow]:
    """Rows to leave as they were shown."""
    if earlier is None:
        return {}
    return {
        key: earlier.rows[key]
        for key, counts in rows.items()
        if key in earlier.rows and _barely_moved(counts, earlier.rows[key], threshold)
    }


def _row(
    counts: Counts, few: AbstractSet[str], kept: AbstractSet[str], threshold: int
) -> ShownRow:
    if counts.total == 0:
        return ShownRow(0, dict(counts.by_region), dict(counts.by_side))
    return ShownRow(
        total=counts.total,
        by_region=split(counts.by_region, few, kept, threshold),
        by_side=sides(counts.by_side, few | kept, threshold),
    )


def _blank(counts: Counts) -> ShownRow:
    return ShownRow(
        None, dict.fromkeys(counts.by_region), dict.fromkeys(counts.by_side)
    )


def _totals_to_hide(
    rows: Mapping[RowKey, Counts], *, units: int, hidden: AbstractSet[RowKey]
) -> frozenset[RowKey]:
    """Rows that show nothing at all: those `hidden`, and what would determine them.

    Each locality that was heard is in some row: where the shown totals cannot hold them
    all, the hidden ones must, and might be determined; so one more total is hidden.
    """
    found = set(hidden & rows.keys())
    left = sorted(
        (counts.total, key)
        for key, counts in rows.items()
        if key not in found and counts.total
    )
    accounted = sum(total for total, _ in left) + len(found)
    while found and left and units > accounted:
        found.add(left.pop(0)[1])
        accounted = units
    return frozenset(found)


def _was_hidden(
    counts: Counts,
    key: RowKey,
    earlier: Shown | None,
    wave_before: Shown | None,
    threshold: int,
) -> bool:
    old = earlier.rows.get(key) if earlier else None
    return (old is not None and old.total is None) or _was_hidden_lately(
        counts, key, wave_before, threshold
    )


def _was_hidden_lately(
    counts: Counts, key: RowKey, before: Shown | None, threshold: int
) -> bool:
    if before is None or key not in before.rows or before.rows[key].total is not None:
        return False
    return 0 < counts.total < 2 * threshold - 1


def _kept(
    counts: Counts,
    key: RowKey,
    earlier: Shown | None,
    before: Shown | None,
    threshold: int,
) -> frozenset[str]:
    """Regions and sides that were hidden in this row and have to stay so."""
    kept = _hidden(earlier.rows.get(key) if earlier else None)
    old = before.rows.get(key) if before else None
    if old is None or old.total is None:
        return kept
    return kept | _hidden(old) if abs(counts.total - old.total) < threshold else kept


def _hidden(row: ShownRow | None) -> frozenset[str]:
    if row is None:
        return frozenset()
    cells = {**row.by_region, **row.by_side}
    return frozenset(name for name, count in cells.items() if count is None)


def _barely_moved(counts: Counts, old: ShownRow, threshold: int) -> bool:
    """Whether showing the new counts beside the old would show what one or two changed."""
    if old.total is None:
        return False
    now = {**counts.by_region, **counts.by_side}
    then = {**old.by_region, **old.by_side}
    moved = {
        name: now[name] - count
        for name, count in then.items()
        if count is not None and name in now
    }
    total = counts.total - old.total
    rest = total - sum(
        change for name, change in moved.items() if name in old.by_region
    )
    return any(small(change, threshold) for change in [*moved.values(), total, rest])
