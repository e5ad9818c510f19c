"""From candidates to a problem: who wants how many, who has how many places."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2b

import numpy as np

from matchmaking.engine.arrays import Counts, Integers
from matchmaking.engine.candidates import Candidates
from matchmaking.engine.problem import Problem
from matchmaking.engine.statements import Unit, UnitPair

USUAL_WANT, USUAL_PLACES = 2, 3


class UnknownUnit(ValueError):
    """A pin names a unit that has neither a need nor an offer."""


def problem_of(
    candidates: Candidates,
    want: Mapping[Unit, int],
    capacity: Mapping[Unit, int],
    pins: Collection[UnitPair] = (),
    kept: Collection[UnitPair] = (),
) -> Problem:
    """The problem over all units, receivers and helpers by position in `units`.

    Without an entry a unit wants 2 and has 3 places. Who has no need wants nothing
    and who has no offer has no place, beyond what is pinned. Pins outside the
    candidates are added with weight 0. Raises `ClashingPins`, `UnknownUnit`.
    """
    place = {unit: at for at, unit in enumerate(candidates.units)}
    strangers = sorted({u for pair in pins for u in pair if u not in place}, key=str)
    if strangers:
        raise UnknownUnit(f"not in this round: {strangers[0]}")
    pinned, before = _positions(pins, place), _positions(kept, place)
    rows = list(
        zip(candidates.receiver.tolist(), candidates.helper.tolist(), strict=True)
    )
    more = sorted(pinned - set(rows))
    every = rows + more
    needing = {each.unit for each in candidates.needs}
    offering = {each.unit for each in candidates.offers}
    units = candidates.units
    return Problem(
        receiver=np.array([u for u, _ in every], np.int32),
        helper=np.array([h for _, h in every], np.int32),
        weight=np.concatenate([candidates.weight, np.zeros(len(more))]),
        want=_counts(units, needing, want, USUAL_WANT, Counter(u for u, _ in pinned)),
        capacity=_counts(
            units, offering, capacity, USUAL_PLACES, Counter(h for _, h in pinned)
        ),
        pin=np.array([pair in pinned for pair in every], np.bool_),
        kept=np.array([pair in before for pair in every], np.bool_),
        receiver_key=_keys(units),
        helper_key=_keys(units),
    )


def _keys(units: Sequence[Unit]) -> Integers:
    """A number for each unit that stays the same whoever else takes part."""
    return np.array([_key(unit) for unit in units], np.int64)


def _key(unit: Unit) -> int:
    if isinstance(unit, int):
        return unit
    mark = blake2b(unit.encode(), digest_size=8).digest()
    return int.from_bytes(mark, "big", signed=True)


def _positions(
    pairs: Iterable[UnitPair], place: Mapping[Unit, int]
) -> set[tuple[int, int]]:
    return {(place[u], place[h]) for u, h in pairs if u in place and h in place}


def _counts(
    units: Sequence[Unit],
    able: set[Unit],
    told: Mapping[Unit, int],
    usual: int,
    pinned: Counter[int],
) -> Counts:
    return np.array(
        [
            told.get(unit, usual) if unit in able else pinned[at]
            for at, unit in enumerate(units)
        ],
        np.int32,
    )
