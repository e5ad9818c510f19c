"""Which parts of a row may be shown beside its total: regions in blocks, sides together."""

from collections.abc import Iterable, Mapping, Set as AbstractSet
from dataclasses import dataclass


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


def small(count: int, threshold: int) -> bool:
    """Whether so few localities are behind it that it is hidden; nobody is not few."""
    return 0 < abs(count) < threshold


def split(
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
    for block in blocks(cells, few):
        named = any(small(cells[name], threshold) for name in block)
        if any(cells[name] for name in block) and (named or block & (few | kept)):
            shown.update(dict.fromkeys(block))
    return shown


def blocks(names: Iterable[str], few: AbstractSet[str]) -> list[frozenset[str]]:
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


def sides(
    cells: Mapping[str, int], kept: AbstractSet[str], threshold: int
) -> dict[str, int | None]:
    """Two sides overlap, so each is the other's complement: both are shown, or neither."""
    if any(small(count, threshold) or name in kept for name, count in cells.items()):
        return dict.fromkeys(cells)
    return dict(cells)


def few_of(everybody: Counts, threshold: int) -> frozenset[str]:
    """Regions and sides of so few localities that "hidden, not zero" would name them."""
    cells = {**everybody.by_region, **everybody.by_side}
    return frozenset(name for name, count in cells.items() if small(count, threshold))


def is_given_away(
    row: Counts, most: Mapping[str, int], few: AbstractSet[str], threshold: int
) -> bool:
    """Whether a block that would be hidden holds all that there are in its regions.

    Where people can know how many those are, the sum would tell each cell.
    """
    return any(
        sum(row.by_region[name] for name in block)
        >= sum(most.get(name, 0) for name in block)
        for block in blocks(row.by_region, few)
        if any(row.by_region[name] for name in block)
        and (block & few or any(small(row.by_region[n], threshold) for n in block))
    )
