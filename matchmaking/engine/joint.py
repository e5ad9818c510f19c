"""All matches together: first matches on their proven face, and the rest.

A receiver is two nodes: *first* sends one unit along the fairest first matches, *rest*
what else it wants. Where a pair could be either, both lead through a node of the pair
with one place, so that nobody gets the same helper twice. All of it is one network:
its cheapest flow is whole and is the best over every fairest choice of first matches.
"""

from dataclasses import dataclass

import numpy as np

from matchmaking.engine.arrays import Bools, Integers
from matchmaking.engine.first import (
    FirstMatches,
    open_pairs,
    open_places,
    open_wants,
)
from matchmaking.engine.network import Network
from matchmaking.engine.problem import Problem


@dataclass(frozen=True, eq=False)
class Joint:
    """The network, and which pair each of its leading arcs stands for."""

    network: Network
    first: Integers  # pairs of the arcs that lead from first
    rest: Integers  # pairs of the arcs that lead from rest, after those
    either: Integers  # pairs that have a node of their own, in this order
    missed: slice  # the arcs that carry what was demanded and is not met

    def chosen(self, flow: Integers, pairs: int) -> Bools:
        """bool[pairs]: which pairs this flow takes."""
        taken = np.zeros(pairs, np.bool_)
        leading = np.concatenate([self.first, self.rest])
        taken[leading[flow[: len(leading)] > 0]] = True
        return taken


@dataclass(frozen=True, eq=False)
class _Choice:
    """Bounds of first matches: per pair, per stay, per helper's places."""

    pair: tuple[Integers, Integers]
    stay: tuple[Integers, Integers]
    place: tuple[Integers, Integers]
    starts: Integers  # per receiver: units that leave from first


def _choice(problem: Problem, found: FirstMatches | None) -> _Choice:
    pairs, receivers, helpers = problem.size
    if found is None:
        none = np.zeros(pairs, np.int64), np.zeros(pairs, np.int64)
        stay = np.zeros(receivers, np.int64), np.zeros(receivers, np.int64)
        place = np.zeros(helpers, np.int64), open_places(problem)
        return _Choice(none, stay, place, stay[0])
    low, high = found.network.lower, found.network.upper
    cuts = [pairs, pairs + receivers]
    split = list(zip(np.split(low, cuts), np.split(high, cuts), strict=True))
    pair, stay, place = split
    shut = place[1][problem.helper] == 0
    pair = pair[0], np.where(shut, 0, pair[1])
    place = place[0], open_places(problem)  # the rest may come where no first may
    return _Choice(pair, stay, place, found.network.supply[:receivers])


@dataclass(frozen=True, eq=False)
class _Arcs:
    tail: Integers
    head: Integers
    lower: Integers | int
    upper: Integers | int


def joint_network(problem: Problem, found: FirstMatches | None) -> Joint:
    """The network of all matches that hold to the fairest first ones.

    Nodes: first, rest, helpers, the end, then pairs that could be either. Arcs: first
    to helper, first to pair, rest to pair, rest to helper, pair to helper, stays,
    spare, missed, places.
    """
    _, receivers, helpers = problem.size
    choice = _choice(problem, found)
    first, rest, helper = np.split(
        np.arange(2 * receivers + helpers), [receivers, 2 * receivers]
    )
    end = 2 * receivers + helpers
    given = np.flatnonzero(choice.pair[0])
    either = np.flatnonzero(choice.pair[0] < choice.pair[1])
    shared, direct = _rest_pairs(problem, choice)
    node = np.zeros(problem.size[0], np.int64)
    node[either] = end + 1 + np.arange(len(either))
    taker, giver = problem.receiver, problem.helper
    want = open_wants(problem)
    must = np.minimum(want, _demanded(problem))
    groups = [
        _Arcs(first[taker[given]], helper[giver[given]], 1, 1),
        _Arcs(first[taker[either]], node[either], 0, 1),
        _Arcs(rest[taker[shared]], node[shared], 0, 1),
        _Arcs(rest[taker[direct]], helper[giver[direct]], 0, 1),
        _Arcs(node[either], helper[giver[either]], 0, 1),
        _Arcs(first, rest, *choice.stay),
        _Arcs(rest, np.full(receivers, end), 0, want - must),
        _Arcs(rest, np.full(receivers, end), 0, must),
        _Arcs(helper, np.full(helpers, end), *choice.place),
    ]
    supply = np.zeros(end + 1 + len(either), np.int64)
    supply[first], supply[rest] = choice.starts, want - choice.starts
    supply[end] = -want.sum()
    network = _joined(groups, supply)
    ends = len(network.tail) - helpers
    return Joint(
        network,
        np.concatenate([given, either]),
        np.concatenate([shared, direct]),
        either,
        slice(ends - receivers, ends),
    )


def _rest_pairs(problem: Problem, choice: _Choice) -> tuple[Integers, Integers]:
    reserved = (choice.place[0] > 0)[problem.helper]
    may = open_pairs(problem) & ~reserved & (choice.pair[0] == 0)
    either = choice.pair[1] > 0
    return np.flatnonzero(may & either), np.flatnonzero(may & ~either)


def _demanded(problem: Problem) -> Integers:
    pinned = np.bincount(problem.receiver[problem.pin], minlength=problem.size[1])
    return (problem.demand - pinned).clip(0)


def _joined(groups: list[_Arcs], supply: Integers) -> Network:
    def column(name: str) -> Integers:
        return np.concatenate(
            [np.broadcast_to(getattr(g, name), len(g.tail)) for g in groups]
        )

    return Network(
        column("tail").astype(np.int32),
        column("head").astype(np.int32),
        column("lower").astype(np.int64),
        column("upper").astype(np.int64),
        supply,
    )
