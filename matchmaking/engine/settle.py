"""From a good flow to a cheapest one: find the cycles that save, and turn them.

Bellman and Ford on the residual network, following only nodes whose price has just
changed. The arcs by which nodes were last reached form a graph with one arc into each
node; a cycle in it saves. All such cycles lie apart, so all turn at once. When nothing
changes any more, the prices prove that the flow costs least.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matchmaking.engine.arrays import Integers, Whole
from matchmaking.engine.network import Network

SWEEPS = 8  # between two looks for cycles
ROOT = -1


@dataclass(frozen=True, eq=False)
class Settled:
    """A cheapest flow, and the node prices that prove it."""

    flow: Integers
    price: Integers


class Residual:
    """Both directions of a network's arcs, in the order of the nodes that they leave.

    It serves all networks that differ from this one in narrower bounds alone, and is
    sorted when it is first needed. Direction 2a follows arc a, 2a + 1 returns on it.
    """

    def __init__(self, network: Network) -> None:
        self._tail, self._head = network.tail, network.head
        self._free = np.flatnonzero(network.upper > network.lower)
        self._nodes = len(network.supply)

    @cached_property
    def _sorted(self) -> tuple[Integers, Integers]:
        tail, head = self._tail[self._free], self._head[self._free]
        source = np.concatenate([tail, head])
        order = np.argsort(source, kind="stable")
        both = np.concatenate([2 * self._free, 2 * self._free + 1])[order]
        return both, np.searchsorted(source[order], np.arange(self._nodes + 1))

    def leaving(self, nodes: Whole) -> Integers:
        """The directions that leave some nodes."""
        both, start = self._sorted
        counts = start[nodes + 1] - start[nodes]
        ends = np.cumsum(counts)
        within = np.arange(counts.sum()) - np.repeat(ends - counts, counts)
        found: Integers = both[np.repeat(start[nodes], counts) + within]
        return found


def settle(
    graph: Residual, network: Network, cost: Integers, flow: Integers
) -> Settled:
    """A cheapest flow near `flow`, with the prices that prove it."""
    search = _Search(graph, network, cost, flow)
    while len(cycles := search.sweep()):
        search.turn(cycles)
    return Settled(search.flow, search.price)


def settle_soon(
    graph: Residual, network: Network, cost: Integers, flow: Integers, patience: int
) -> Settled | None:
    """The same, or None if it takes more than `patience` turns."""
    search = _Search(graph, network, cost, flow)
    for _ in range(patience + 1):
        cycles = search.sweep()
        if len(cycles) == 0:
            return Settled(search.flow, search.price)
        search.turn(cycles)
    return None


class _Search:
    """Prices on the way: an arc that could lower one leaves an `active` node."""

    def __init__(
        self, graph: Residual, network: Network, cost: Integers, flow: Integers
    ) -> None:
        self.graph = graph
        self.network = network
        self.cost = cost
        self.flow = flow.copy()
        self.price = np.zeros(len(network.supply), np.int64)
        self.reached = np.full(len(network.supply), ROOT)
        ahead = (cost < 0) & (flow < network.upper)
        back = (cost > 0) & (flow > network.lower)
        self.active = np.union1d(network.tail[ahead], network.head[back])

    def sweep(self) -> Integers:
        """Lower prices until nothing moves, or return a direction in each cycle's arc."""
        sweeps = 0
        while len(self.active):
            self._lower()
            sweeps += 1
            if sweeps % SWEEPS == 0:
                cycles = self._cycles()
                if len(cycles):
                    return cycles
        return np.empty(0, np.int64)

    def _lower(self) -> None:
        network = self.network
        both = self.graph.leaving(self.active)
        arc, returns = both >> 1, (both & 1).astype(np.bool_)
        tail, head = network.tail[arc], network.head[arc]
        target = np.where(returns, tail, head)
        length = np.where(returns, -self.cost[arc], self.cost[arc])
        offer = self.price[np.where(returns, head, tail)] + length
        better = np.flatnonzero(offer < self.price[target])
        arc, returns = arc[better], returns[better]
        room = np.where(
            returns,
            self.flow[arc] > network.lower[arc],
            self.flow[arc] < network.upper[arc],
        )
        better = better[room]
        better = better[np.lexsort((offer[better], target[better]))]
        target = target[better]
        best = np.ones(len(target), np.bool_)
        best[1:] = target[1:] != target[:-1]
        self.active, better = target[best], better[best]
        self.price[self.active] = offer[better]
        self.reached[self.active] = both[better]

    def turn(self, cycles: Integers) -> None:
        """Move one unit around each cycle; their arcs may now lower prices anew."""
        arc, returns = cycles >> 1, cycles & 1
        self.flow[arc] += 1 - 2 * returns
        ends = np.where(returns, self.network.tail[arc], self.network.head[arc])
        self.reached[ends] = ROOT
        self.active = np.union1d(self.active, ends)

    def _cycles(self) -> Integers:
        """The directions on cycles of the graph where each node points to its source."""
        nodes = len(self.reached)
        arc, returns = self.reached >> 1, self.reached & 1
        source = np.where(returns, self.network.head[arc], self.network.tail[arc])
        before = np.append(np.where(self.reached == ROOT, nodes, source), nodes)
        for _ in range(nodes.bit_length()):
            before = before[before]
        turning = np.unique(before)
        cycles: Integers = self.reached[turning[turning < nodes]]
        return cycles
