"""Complementary slackness, stage by stage: the proof that no answer is better.

Nothing here is shared with the solver but the arrays. A flow costs least if and only
if node prices exist under which every arc with a positive reduced cost carries its
lower bound and every arc with a negative one its upper bound (Ahuja, Magnanti and
Orlin, *Network Flows*, 1993, chapter 9). What passes becomes the bounds of the next
stage.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.arrays import Bools, Counts, Integers
from matchmaking.engine.problem import Problem
from matchmaking.engine.result import Result, Stage

LARGEST_PRICE = 1 << 61
FINEST_PLACES = 34
ROOM = 58
FIRST = ("levels", "avoided")  # names of the stages over first matches


class Broken(ValueError):
    """The answer breaks a rule, misstates a figure, or is not proven the best."""


def require(holds: object, words: str) -> None:
    """Raise `Broken` with these words unless it holds."""
    if not holds:
        raise Broken(words)


def per_node(side: Counts, where: Bools, size: int) -> Integers:
    """How many of these pairs each node of a side has."""
    return np.bincount(side[where], minlength=size)


def check_slackness(problem: Problem, result: Result, level: Counts) -> None:
    """Raise `Broken` unless the prices prove every stage of the answer."""
    bounds = _nothing_first(problem)
    if result.goal == "fair":
        bounds = _check_first(problem, result, level)
    else:
        require((result.first < 0).all(), "only the fair goal has first matches")
    _check_total(problem, result, bounds)


@dataclass(frozen=True, eq=False)
class _Arcs:
    """One kind of arc: the prices at both ends come by `tail` and `head` later."""

    low: Integers
    high: Integers
    flow: Integers

    def tightened(self, reduced: Integers) -> "_Arcs":
        """Check slackness, then leave only the flows that cost no more."""
        least, most = self.flow == self.low, self.flow == self.high
        require((self.low <= self.flow).all(), "a flow is below its bound")
        require((self.flow <= self.high).all(), "a flow is above its bound")
        require(least[reduced > 0].all(), "a dearer choice was taken")
        require(most[reduced < 0].all(), "a cheaper choice was left")
        return replace(
            self,
            high=np.where(reduced > 0, self.low, self.high),
            low=np.where(reduced < 0, self.high, self.low),
        )

    @property
    def loose(self) -> Bools:
        """Arcs on which the flow could still differ."""
        return self.low < self.high


@dataclass(frozen=True, eq=False)
class _First:
    """Arcs of first matches: one per pair, per receiver (stays), per helper."""

    pair: _Arcs
    stay: _Arcs
    place: _Arcs


def _open(problem: Problem) -> tuple[Bools, Integers, Integers]:
    want = problem.want - per_node(problem.receiver, problem.pin, problem.size[1])
    place = problem.capacity - per_node(problem.helper, problem.pin, problem.size[2])
    free = ~problem.pin & ~problem.veto
    may = (want[problem.receiver] > 0) & (place[problem.helper] > 0)
    return free & may, want, place


def _nothing_first(problem: Problem) -> _First:
    pairs, receivers, helpers = problem.size
    _, _, place = _open(problem)
    none = np.zeros(helpers, np.int64)
    return _First(
        _Arcs(*np.zeros((3, pairs), np.int64)),
        _Arcs(*np.zeros((3, receivers), np.int64)),
        _Arcs(none, place, none),
    )


def _check_first(problem: Problem, result: Result, level: Counts) -> _First:
    """Check the count of each level in turn; what is left is the fairest."""
    free, want, place = _open(problem)
    pinned = np.zeros(problem.size[1], np.int32)
    np.maximum.at(pinned, problem.receiver[problem.pin], level[problem.pin])
    wanting = (want > 0).astype(np.int64)
    led = result.first >= 0
    taken = np.zeros(problem.size[0], np.int64)
    taken[result.first[led]] = 1
    load = per_node(problem.helper, taken > 0, problem.size[2])
    lifting = free & (level > pinned[problem.receiver])
    arcs = _First(
        _Arcs(np.zeros_like(taken), lifting.astype(np.int64), taken),
        _Arcs(np.zeros_like(wanting), wanting, wanting - led),
        _Arcs(np.zeros_like(place), place, load),
    )
    return _check_levels(problem, result, arcs, level, pinned)


def _check_levels(
    problem: Problem, result: Result, arcs: _First, level: Counts, pinned: Counts
) -> _First:
    base, counted = int(arcs.stay.high.sum()) + 1, -1
    for stage in result.stages:
        if stage.name not in FIRST:
            continue
        ahead = _next_levels(arcs, level, pinned, counted, result.levels)
        due = ahead[: len(stage.levels)]
        require(list(stage.levels) == due != [], "a level is passed over")
        cost = np.zeros(result.levels + 1, np.int64)
        cost[due] = _level_costs(stage, base)
        arcs = _tighter(problem, arcs, stage, cost[level], cost[pinned])
        counted = due[-1]
    left = _next_levels(arcs, level, pinned, counted, result.levels)
    require(not left, "a level is not counted")
    return arcs


def _level_costs(stage: Stage, base: int) -> list[int]:
    """One unit on a level outweighs everybody on the levels above it.

    Avoided levels cost the same, at prices of 0: then each carries only what it must.
    """
    count = len(stage.levels)
    if stage.name == "avoided":
        free = not stage.first.any() and not stage.helper.any()
        require(free, "avoided levels have prices")
        return [1] * count
    require(base**count < 1 << ROOM, "too many levels are counted at once")
    return [base**power for power in reversed(range(count))]


def _next_levels(
    arcs: _First, level: Counts, pinned: Counts, counted: int, levels: int
) -> list[int]:
    loose = np.concatenate([level[arcs.pair.loose], pinned[arcs.stay.loose]])
    ahead = loose[(loose > counted) & (loose < levels)]
    return [int(each) for each in np.unique(ahead)]


def _tighter(
    problem: Problem, arcs: _First, stage: Stage, pair: Integers, stay: Integers
) -> _First:
    _check_prices(problem, stage)
    first, helper = stage.first, stage.helper
    reduced = pair + first[problem.receiver] - helper[problem.helper]
    return _First(
        arcs.pair.tightened(reduced),
        arcs.stay.tightened(stay + first),
        arcs.place.tightened(helper),
    )


def _check_prices(problem: Problem, stage: Stage) -> None:
    pairs, receivers, helpers = problem.size
    sizes = {"first": receivers, "helper": helpers}
    if stage.name not in FIRST:
        sizes |= {"rest": receivers, "pair": pairs}
    for name, size in sizes.items():
        price = getattr(stage, name)
        require(price.shape == (size,), "prices are missing")
        require((np.abs(price) < LARGEST_PRICE).all(), "a price is out of range")


def _check_total(problem: Problem, result: Result, bounds: _First) -> None:
    """Check what is demanded, the total, the changes and the draw, in this order."""
    every = _Every.of(problem, result, bounds)
    costs = _costs(problem)
    stages = [stage for stage in result.stages if stage.name not in FIRST]
    require([s.name for s in stages] == list(costs), "the stages are not the due ones")
    for stage in stages:
        _check_prices(problem, stage)
        every = every.tightened(problem, stage, costs[stage.name])


def _costs(problem: Problem) -> dict[str, Integers | None]:
    """Cost per pair; None: what is demanded and missed costs 1."""
    pairs, receivers, helpers = problem.size
    nodes = pairs + 2 * receivers + helpers + 1
    largest = float(np.abs(problem.weight).max(initial=1.0))
    places = ROOM - nodes.bit_length() - int(np.ceil(np.log2(largest)))
    weight = problem.weight * 2.0 ** min(FINEST_PLACES, places)
    costs: dict[str, Integers | None] = {"demand": None} if problem.demand.any() else {}
    costs["total"] = -np.rint(weight).astype(np.int64)
    if problem.kept.any():
        costs["changes"] = np.where(problem.kept, -1, 1).astype(np.int64)
    receiver = problem.receiver_key[problem.receiver].astype(np.uint64)
    helper = problem.helper_key[problem.helper].astype(np.uint64)
    costs["tie"] = (_mixed(_mixed(receiver) ^ helper) >> np.uint64(34)).astype(
        np.int64
    ) + 1
    return costs


def _mixed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    keys = keys + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        keys = (keys ^ (keys >> np.uint64(shift))) * np.uint64(factor)
    return keys ^ (keys >> np.uint64(31))


@dataclass(frozen=True, eq=False)
class _Every:
    """All arcs: first and rest of each pair, both through the pair, and the ends."""

    either: Bools
    first: _Arcs
    rest: _Arcs
    through: _Arcs
    stay: _Arcs
    spare: _Arcs
    missed: _Arcs
    place: _Arcs

    @classmethod
    def of(cls, problem: Problem, result: Result, bounds: _First) -> "_Every":
        """The arcs as the first matches leave them, with the flow of the answer."""
        free, want, place = _open(problem)
        shut = bounds.place.high[problem.helper] == 0
        high = np.where(shut, 0, bounds.pair.high)
        reserved = (bounds.place.low > 0)[problem.helper]
        may = free & ~reserved & (bounds.pair.low == 0)
        rest = result.chosen & ~problem.pin & (bounds.pair.flow == 0)
        load = per_node(problem.helper, result.chosen & ~problem.pin, problem.size[2])
        got = per_node(problem.receiver, result.chosen & ~problem.pin, problem.size[1])
        pinned = problem.want - want
        must = np.minimum(want, np.maximum(problem.demand - pinned, 0))
        spare = np.minimum(want - got, want - must)
        either = bounds.pair.low < high
        through = np.where(either, result.chosen, 0).astype(np.int64)
        return cls(
            either,
            _Arcs(bounds.pair.low, high, bounds.pair.flow),
            _Arcs(np.zeros_like(high), may.astype(np.int64), rest.astype(np.int64)),
            _Arcs(np.zeros_like(high), either.astype(np.int64), through),
            bounds.stay,
            _Arcs(np.zeros_like(want), want - must, spare),
            _Arcs(np.zeros_like(want), must, want - got - spare),
            _Arcs(bounds.place.low, place, load),
        )

    def tightened(
        self, problem: Problem, stage: Stage, cost: Integers | None
    ) -> "_Every":
        """Check one criterion by its prices."""
        per_pair = np.zeros(problem.size[0], np.int64) if cost is None else cost
        helper = stage.helper[problem.helper]
        middle = np.where(self.either, stage.pair, helper)
        missed = 1 if cost is None else 0
        return _Every(
            self.either,
            self.first.tightened(per_pair + stage.first[problem.receiver] - middle),
            self.rest.tightened(per_pair + stage.rest[problem.receiver] - middle),
            self.through.tightened(middle - helper),
            self.stay.tightened(stage.first - stage.rest),
            self.spare.tightened(stage.rest),
            self.missed.tightened(stage.rest + missed),
            self.place.tightened(stage.helper),
        )
