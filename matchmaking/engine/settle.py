"""From a good flow to a cheapest one: find the cycles that save, and turn them.

Bellman and Ford on the residual network, following only nodes whose price has just
changed. The arcs by which nodes were last reached form a graph with one arc into each
node; a cycle in it saves. All such cycles lie apart, so all turn at once. When nothing
changes any more, the prices prove that the flow costs least.
"""

from dataclasses import dataclass

import numpy as np

from matchmaking.engine.arrays import Bools, Integers
from matchmaking.engine.network import Network

SWEEPS = 8  # between two looks for cycles
ROOT = -1


@dataclass(frozen=True, eq=False)
class Residual:
    """Both directions of every arc, in the order of the nodes that they leave."""

    source: Integers
    target: Integers
    arc: Integers
    ahead: Bools
    start: Integers  # per node, and one more: where its arcs begin

    @classmethod
    def of(cls, network: Network) -> "Residual":
        """Only arcs on which the flow can differ."""
        free = np.flatnonzero(network.upper > network.lower)
        tail, head = network.tail[free], network.head[free]
        source = np.concatenate([tail, head])
        order = np.argsort(source, kind="stable")
        nodes = len(network.supply)
        return cls(
            source[order],
            np.concatenate([head, tail])[order],
            np.concatenate([free, free])[order],
            order < len(free),
            np.searchsorted(source[order], np.arange(nodes + 1)),
        )

    def leaving(self, nodes: Integers) -> Integers:
        """The arcs that leave some nodes."""
        counts = self.start[nodes + 1] - self.start[nodes]
        ends = np.cumsum(counts)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(
            ends - counts, counts
        )
        return np.repeat(self.start[nodes], counts) + within


@dataclass(frozen=True, eq=False)
class Settled:
    """A cheapest flow and the prices that prove it."""

    flow: Integers
    price: Integers


def settle(
    network: Network, cost: Integers, flow: Integers, patience: int | None = None
) -> Settled | None:
    """A cheapest flow near `flow`; None if more than `patience` turns are needed."""
    graph = Residual.of(network)
    length = np.where(graph.ahead, cost[graph.arc], -cost[graph.arc])
    flow = flow.copy()
    turns = 0
    while True:
        room = np.where(
            graph.ahead,
            flow[graph.arc] < network.upper[graph.arc],
            flow[graph.arc] > network.lower[graph.arc],
        )
        price, cycles = _sweep(graph, length, room, len(network.supply))
        if len(cycles) == 0:
            return Settled(flow, price)
        turns += 1
        if patience is not None and turns > patience:
            return None
        flow[graph.arc[cycles]] += np.where(graph.ahead[cycles], 1, -1)


def _sweep(
    graph: Residual, length: Integers, room: Bools, nodes: int
) -> tuple[Integers, Integers]:
    """Prices with no cycle left, or the arcs of cycles that save."""
    price = np.zeros(nodes, np.int64)
    reached = np.full(nodes, ROOT)
    active = np.arange(nodes)
    sweeps = 0
    while len(active):
        arcs = graph.leaving(active)
        arcs = arcs[room[arcs]]
        offer = price[graph.source[arcs]] + length[arcs]
        better = offer < price[graph.target[arcs]]
        arcs, offer = arcs[better], offer[better]
        order = np.lexsort((offer, graph.target[arcs]))
        arcs, offer = arcs[order], offer[order]
        target = graph.target[arcs]
        best = np.ones(len(target), np.bool_)
        best[1:] = target[1:] != target[:-1]
        active = target[best]
        price[active] = offer[best]
        reached[active] = arcs[best]
        sweeps += 1
        if sweeps % SWEEPS == 0:
            cycles = _cycles(graph, reached)
            if len(cycles):
                return price, cycles
    return price, np.empty(0, np.int64)


def _cycles(graph: Residual, reached: Integers) -> Integers:
    """The arcs on cycles of the graph in which each node points to where it came from."""
    nodes = len(reached)
    before = np.where(reached == ROOT, nodes, graph.source[reached])
    before = np.append(before, nodes)
    far = before
    for _ in range(nodes.bit_length()):
        far = far[far]
    turning = np.unique(far)
    return reached[turning[turning < nodes]]
