"""From a good flow to a cheapest one: find the cycles that save, and turn them.

Bellman and Ford on the residual network, following only nodes whose price has just
changed. The arcs by which nodes were last reached form a graph with one arc into each
node; a cycle in it saves. All such cycles lie apart, so all turn at once. When nothing
changes any more, the prices prove that the flow costs least.
"""

from dataclasses import dataclass

import numpy as np

from matchmaking.engine.arrays import Integers
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

    It serves all networks that differ from this one in narrower bounds alone.
    Direction 2a follows arc a, 2a + 1 returns on it.
    """

    def __init__(self, network: Network) -> None:
        free = np.flatnonzero(network.upper > network.lower)
        source = np.concatenate([network.tail[free], network.head[free]])
        both = np.concatenate([2 * free, 2 * free + 1])
        self.both: Integers = both[np.argsort(source, kind="stable")]

    def narrowed(self, network: Network) -> None:
        """Forget the arcs on which the flow of a narrower network cannot differ."""
        loose = (network.upper > network.lower)[self.both >> 1]
        if 2 * np.count_nonzero(loose) < len(loose):
            self.both = self.both[loose]


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
        self._look()
        self.active = np.unique(self.source[self.length < 0])

    def _look(self) -> None:
        """A row for each direction in which a unit could go now."""
        network, both = self.network, self.graph.both
        arc, returns = both >> 1, (both & 1).astype(np.bool_)
        flow = self.flow[arc]
        room = np.where(returns, flow > network.lower[arc], flow < network.upper[arc])
        arc, returns, self.both = arc[room], returns[room], both[room]
        tail, head = network.tail[arc], network.head[arc]
        self.source = np.where(returns, head, tail)
        self.target = np.where(returns, tail, head)
        self.length = np.where(returns, -self.cost[arc], self.cost[arc])
        self.leaving = np.bincount(self.source, minlength=len(network.supply))
        self.end = np.cumsum(self.leaving)

    def sweep(self) -> Integers:
        """Lower prices until nothing moves, or return the rows of cycles that save."""
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
        active = self.active
        counts = self.leaving[active]
        shift = np.repeat(self.end[active] - np.cumsum(counts), counts)
        rows = np.arange(len(shift)) + shift
        target = self.target[rows]
        offer = np.repeat(self.price[active], counts) + self.length[rows]
        better = np.flatnonzero(offer < self.price[target])
        target, offer = target[better], offer[better]
        order = np.lexsort((offer, target))
        target = target[order]
        best = np.ones(len(target), np.bool_)
        np.not_equal(target[1:], target[:-1], out=best[1:])
        order = order[best]
        self.active = target[best]
        self.price[self.active] = offer[order]
        self.reached[self.active] = rows[better[order]]

    def turn(self, cycles: Integers) -> None:
        """Move one unit around each cycle; their arcs may now lower prices anew."""
        both, ends = self.both[cycles], self.target[cycles]
        self.flow[both >> 1] += 1 - 2 * (both & 1)
        self._look()
        self.reached[:] = ROOT
        self.active = np.union1d(self.active, ends)

    def _cycles(self) -> Integers:
        """The rows on cycles of the graph where each node points to where it came from."""
        nodes = len(self.reached)
        source = self.source[self.reached]
        before = np.append(np.where(self.reached == ROOT, nodes, source), nodes)
        for _ in range(nodes.bit_length()):
            before = before[before]
        turning = np.unique(before)
        cycles: Integers = self.reached[turning[turning < nodes]]
        return cycles
