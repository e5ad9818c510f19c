"""The fairest first matches: a steep guess, then level by level what proves it."""

from dataclasses import replace

import numpy as np

from matchmaking.engine.arrays import Counts
from matchmaking.engine.bottom import highest_bottom
from matchmaking.engine.first import (
    UNCOUNTED,
    FirstMatches,
    LevelStage,
    first_network,
    first_ranks,
    level_cost,
)
from matchmaking.engine.network import Network, cheapest_flow, largest_cost, no_dearer
from matchmaking.engine.problem import Problem
from matchmaking.engine.settle import Residual, settle, settle_soon

LEAST_STEEP, MOST_STEEP = 3.0, 8.0  # a guess: binary places from level to level
PATIENCE = 8  # turns before a new guess is quicker


def fairest(problem: Problem, level: Counts, levels: int) -> FirstMatches:
    """The best sorted list of first levels, and all the flows that reach it."""
    rank = first_ranks(problem, level)
    work = _Work(first_network(problem, level), rank, levels)
    work.begin()
    while ahead := work.levels_ahead():
        work.avoid(ahead)
        work.count(work.levels_ahead()[: work.together])
    return FirstMatches(work.network, work.flow, tuple(work.stages))


class _Work:
    """The flows still in question, one of them, and what is proven so far."""

    def __init__(self, network: Network, rank: Counts, levels: int) -> None:
        self.network = network
        self.rank = rank
        self.levels = levels
        self.graph = Residual(network)
        self.flow = network.lower
        self.counted = UNCOUNTED
        self.base = int(network.supply.clip(0).sum()) + 1
        self.room = largest_cost(network).bit_length() - 1
        self.together = max(1, self.room // self.base.bit_length())
        self.stages: list[LevelStage] = []

    def levels_ahead(self) -> tuple[int, ...]:
        """Levels not yet counted on which a flow can still differ."""
        loose = self.rank[self.network.upper > self.network.lower]
        open_ = (loose > self.counted) & (loose < self.levels)
        return tuple(np.unique(loose[open_]).tolist())

    def begin(self) -> None:
        """Cover as many as can be, then guess with all above the lowest level."""
        coverage, bottom = highest_bottom(self.network, self.rank, self.levels)
        if coverage + 1 < self.base:
            self.flow = cheapest_flow(self.network, level_cost(self.rank, (0,), 1))
            self.count((0,))
        below = (self.rank > self.counted) & (self.rank < bottom)
        upper = np.where(below, self.network.lower, self.network.upper)
        self.guess(replace(self.network, upper=upper))

    def guess(self, network: Network) -> None:
        """A flow that is nearly the fairest: each level costs some times the next."""
        loose = self.rank[network.upper > network.lower]
        ahead = np.unique(loose[(loose > self.counted) & (loose < self.levels)])
        bits = min(MOST_STEEP, max(LEAST_STEEP, self.room / max(1, len(ahead))))
        cost = np.zeros(len(self.rank), np.int64)
        for place, each in enumerate(ahead[: int(self.room / bits)].tolist()):
            cost[self.rank == each] = int(2.0 ** (self.room - bits * place))
        self.flow = cheapest_flow(network, cost)

    def avoid(self, ahead: tuple[int, ...]) -> None:
        """Leave out the next levels as long as the flow has nobody on them by choice."""
        chosen = self.rank[self.flow > self.network.lower]
        first = chosen[chosen > self.counted].min(initial=self.levels)
        low = tuple(each for each in ahead if each < first)
        if low:
            shut = np.isin(self.rank, low)
            upper = np.where(shut, self.network.lower, self.network.upper)
            self.network = replace(self.network, upper=upper)
            still = np.zeros(len(self.network.supply), np.int64)
            self.stages.append(LevelStage(low, still, avoided=True))
            self.counted = low[-1]

    def count(self, levels: tuple[int, ...]) -> None:
        """Have as few as can be on each of these levels in turn, and prove it."""
        if not levels:
            return
        cost = level_cost(self.rank, levels, self.base)
        found = settle_soon(self.graph, self.network, cost, self.flow, PATIENCE)
        if found is None:
            self.guess(self.network)
            found = settle(self.graph, self.network, cost, self.flow)
        self.flow = found.flow
        self.network = no_dearer(self.network, cost, found.price)
        self.graph.narrowed(self.network)
        self.stages.append(LevelStage(levels, found.price))
        self.counted = levels[-1]
