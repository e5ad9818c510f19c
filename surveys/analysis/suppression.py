"""Small numbers are people: which counts may be shown.

A count of 1 or 2 localities is hidden, and with it enough others that neither a total,
nor the zeros beside it, nor an earlier publication gives it back. Rules that a careful
reader could run backwards are coarse on purpose: see docs/analysis.md.
"""

from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, field

RowKey = tuple[str, str]


@dataclass(frozen=True)
class Counts:
    """One row as it is: localities in all, by region (they add up), by side (they overlap)."""

    total: int
    by_region: Mapping[str, int]
    by_side: Mapping[str, int]


@dataclass(frozen=True)
class ShownRow:
    """One row as anybody may see it; None is hidden."""

    total: int | None
    by_region: Mapping[str, int | None]
    by_side: Mapping[str, int | None]


@dataclass(frozen=True)
class Shown:
    """What may be published: localities heard in all, and the rows."""

    units: int | None
    rows: Mapping[RowKey, ShownRow] = field(default_factory=dict)


def small(count: int, threshold: int) -> bool:
    """Whether so few localities are behind it that it is hidden; nobody is not few."""
    return 0 < abs(count) < threshold


def suppress(
    rows: Mapping[RowKey, Counts],
    *,
    everybody: Counts,
    threshold: int = 3,
    earlier: Shown | None = None,
    wave_before: Shown | None = None,
) -> Shown:
    """The same rows with every count hidden that is small or would give a small one back.

    `earlier` (same wave): what was hidden stays hidden, and a row stays as it was shown
    unless each of its shown counts moved by nothing or by at least `threshold`.
    `wave_before`: what was hidden stays hidden until the row's total has moved that far.
    """
    if small(everybody.total, threshold):
        return Shown(None, {key: _blank(counts) for key, counts in rows.items()})
    unmoved = _unmoved(rows, earlier, threshold)
    few = _few(everybody, threshold)
    withheld = _totals_to_hide(
        {key: counts for key, counts in rows.items() if key not in unmoved},
        units=everybody.total - sum(row.total or 0 for row in unmoved.values()),
        threshold=threshold,
        earlier=earlier,
        wave_before=wave_before,
    )
    shown = dict(unmoved)
    for key, counts in rows.items():
        if key in withheld:
            shown[key] = _blank(counts)
        elif key not in unmoved:
            kept = _kept(counts, key, earlier, wave_before, threshold)
            shown[key] = _row(counts, few, kept, threshold)
    return Shown(_units(everybody.total, earlier, threshold), shown)


def suppress_with_rest(row: Counts, *, asked: Counts, threshold: int = 3) -> ShownRow:
    """A row of which everybody knows the total, and how many there could have been.

    So what is missing can be read too: a split is hidden where either is small. The sum
    of a block that is whole or empty would give it away: then no region is shown.
    """
    rest = _less(asked, row)
    few = _few(asked, threshold)
    sides: dict[str, int | None] = dict(row.by_side)
    if None in {
        *_sides(row.by_side, few, threshold).values(),
        *_sides(rest.by_side, few, threshold).values(),
    }:
        sides = dict.fromkeys(row.by_side)
    regions: dict[str, int | None] = dict(row.by_region)
    names = [name for name, most in asked.by_region.items() if most]
    if rest.total and row.total and len(names) > 1:
        for block in _hidden_blocks(row, rest, _blocks(names, few), few, threshold):
            regions.update(dict.fromkeys(block))
    return ShownRow(row.total, regions, sides)


def _less(asked: Counts, row: Counts) -> Counts:
    return Counts(
        asked.total - row.total,
        {name: most - row.by_region[name] for name, most in asked.by_region.items()},
        {name: most - row.by_side[name] for name, most in asked.by_side.items()},
    )


def _hidden_blocks(
    row: Counts,
    rest: Counts,
    blocks: Sequence[frozenset[str]],
    few: AbstractSet[str],
    threshold: int,
) -> Sequence[frozenset[str]]:
    """Blocks with a small count; all of them where one such is whole or empty."""
    cells = (row.by_region, rest.by_region)
    hidden = [
        block
        for block in blocks
        if block & few
        or any(small(each[name], threshold) for each in cells for name in block)
    ]
    plain = [
        block for block in hidden for each in cells if not sum(each[n] for n in block)
    ]
    return blocks if plain else hidden


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
        by_region=_split(counts.by_region, few, kept, threshold),
        by_side=_sides(counts.by_side, few | kept, threshold),
    )


def _split(
    cells: Mapping[str, int],
    few: AbstractSet[str],
    kept: AbstractSet[str],
    threshold: int,
) -> dict[str, int | None]:
    """Parts of a shown total: a block with a small count is hidden as a whole.

    What is left of the total is then the sum of a block, which any of its cells could
    hold the small part of. A block of zeros says no more than the sum does: shown.
    """
    shown: dict[str, int | None] = dict(cells)
    for block in _blocks(cells, few):
        named = any(small(cells[name], threshold) for name in block)
        if any(cells[name] for name in block) and (named or block & (few | kept)):
            shown.update(dict.fromkeys(block))
    return shown


def _blocks(names: Iterable[str], few: AbstractSet[str]) -> list[frozenset[str]]:
    """Regions two by two (the last three), the same in every row whatever it counts.

    All regions with few localities are in the first, with at least one that has more.
    """
    first = sorted(name for name in names if name in few)
    rest = sorted(name for name in names if name not in few)
    if first:
        first, rest = first + rest[:1], rest[1:]
    pairs = [rest[start : start + 2] for start in range(0, len(rest), 2)]
    if first:
        pairs.insert(0, first)
    if len(pairs) > 1 and len(pairs[-1]) == 1:
        pairs[-2:] = [pairs[-2] + pairs[-1]]
    return [frozenset(pair) for pair in pairs]


def _sides(
    cells: Mapping[str, int], kept: AbstractSet[str], threshold: int
) -> dict[str, int | None]:
    """Two sides overlap, so each is the other's complement: both are shown, or neither."""
    if any(small(count, threshold) or name in kept for name, count in cells.items()):
        return dict.fromkeys(cells)
    return dict(cells)


def _blank(counts: Counts) -> ShownRow:
    return ShownRow(
        None, dict.fromkeys(counts.by_region), dict.fromkeys(counts.by_side)
    )


def _few(everybody: Counts, threshold: int) -> frozenset[str]:
    """Regions and sides of so few localities that "hidden, not zero" would name them."""
    cells = {**everybody.by_region, **everybody.by_side}
    return frozenset(name for name, count in cells.items() if small(count, threshold))


def _totals_to_hide(
    rows: Mapping[RowKey, Counts],
    units: int,
    threshold: int,
    earlier: Shown | None,
    wave_before: Shown | None,
) -> frozenset[RowKey]:
    """Rows that show nothing at all.

    Each locality that was heard is in some row: where the shown totals cannot hold them
    all, the hidden ones must, and might be determined; so one more total is hidden.
    """
    hidden = {
        key
        for key, counts in rows.items()
        if small(counts.total, threshold)
        or (earlier and key in earlier.rows and earlier.rows[key].total is None)
        or _was_hidden_lately(counts, key, wave_before, threshold)
    }
    left = sorted(
        (counts.total, key)
        for key, counts in rows.items()
        if key not in hidden and counts.total
    )
    accounted = sum(total for total, _ in left) + len(hidden)
    while hidden and left and units > accounted:
        hidden.add(left.pop(0)[1])
        accounted = units
    return frozenset(hidden)


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
