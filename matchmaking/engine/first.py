"""First matches: as many as can be, then as few as can be on each low level in turn.

Every receiver sends one unit: to a helper, or to itself (it *stays* with the level of
its best pin, 0 without one). Counting stays and pairs level by level from below, and
keeping after each count only the flows that reach the least, gives the best sorted
vector of levels: no other matching lifts somebody without lowering one no better off.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matchmaking.engine.arrays import Bools, Counts, Integers
from matchmaking.engine.levels import pinned_levels
from matchmaking.engine.network import Network
from matchmaking.engine.problem import Problem

UNCOUNTED = -1  # the rank of an arc that belongs to no level


@dataclass(frozen=True, eq=False)
class LevelStage:
    """Levels counted together, the lowest first, and the prices that prove it.

    Levels that are `avoided` need no prices: no arc on them carries more than it must.
    """

    levels: tuple[int, ...]
    price: Integers
    avoided: bool = False


@dataclass(frozen=True, eq=False)
class FirstMatches:
    """The network of all the fairest flows, one of them, and the proof."""

    network: Network
    flow: Integers
    stages: tuple[LevelStage, ...]


def open_wants(problem: Problem) -> Integers:
    """Per receiver what it still wants beside its pins."""
    return problem.want - np.bincount(
        problem.receiver[problem.pin], minlength=problem.size[1]
    )


def open_places(problem: Problem) -> Integers:
    """Per helper the places left beside its pins."""
    return problem.capacity - np.bincount(
        problem.helper[problem.pin], minlength=problem.size[2]
    )


def open_pairs(problem: Problem) -> Bools:
    """Pairs that may be chosen and need not be."""
    return (
        ~problem.veto
        & ~problem.pin
        & (open_wants(problem) > 0)[problem.receiver]
        & (open_places(problem) > 0)[problem.helper]
    )


def first_network(problem: Problem, level: Counts) -> Network:
    """Nodes: receivers, helpers, the end. Arcs: pairs, stays, places."""
    _, receivers, helpers = problem.size
    end = receivers + helpers
    stay = pinned_levels(problem, level)
    wanting = (open_wants(problem) > 0).astype(np.int64)
    lifting = open_pairs(problem) & (level > stay[problem.receiver])
    nodes = np.arange(end + 1, dtype=np.int32)
    return Network(
        tail=np.concatenate([problem.receiver, nodes[:end]]),
        head=np.concatenate(
            [problem.helper + receivers, np.full(end, end)], dtype=np.int32
        ),
        lower=np.zeros(len(level) + end, np.int64),
        upper=np.concatenate([lifting, wanting, open_places(problem)], dtype=np.int64),
        supply=np.concatenate([wanting, np.zeros(helpers, np.int64), [-wanting.sum()]]),
    )


def first_ranks(problem: Problem, level: Counts) -> Counts:
    """The level that a unit on each arc of the first network stands for."""
    return np.concatenate(
        [
            level,
            pinned_levels(problem, level),
            np.full(problem.size[2], UNCOUNTED, np.int32),
        ]
    )


def level_cost(rank: Counts, levels: Sequence[int], base: int) -> Integers:
    """A unit on a lower level costs more than everybody on the levels above it."""
    cost = np.zeros(len(rank), np.int64)
    for place, each in enumerate(reversed(levels)):
        cost[rank == each] = base**place
    return cost
