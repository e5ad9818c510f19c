"""Flows of least cost, their prices, and the flows that cost no more."""

from dataclasses import dataclass, replace

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matchmaking.engine.arrays import Counts, Integers

MOST_BITS = 58  # the flow solver multiplies costs by some times the number of nodes


class NoFlow(RuntimeError):
    """The network cannot carry its supplies: a fault in how it was built."""


@dataclass(frozen=True, eq=False)
class Network:
    """Arcs with bounds and nodes with supplies (negative: what must arrive)."""

    tail: Counts
    head: Counts
    lower: Integers
    upper: Integers
    supply: Integers


def largest_cost(network: Network) -> int:
    """The largest cost per unit for which no sum leaves 64 bits."""
    return 1 << (MOST_BITS - len(network.supply).bit_length())


def cheapest_flow(network: Network, cost: Integers) -> Integers:
    """A flow of least cost within the bounds: int64 per arc."""
    free = np.flatnonzero(network.upper > network.lower)
    supply = network.supply.copy()
    np.subtract.at(supply, network.tail, network.lower)
    np.add.at(supply, network.head, network.lower)
    solver = SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        network.tail[free],
        network.head[free],
        (network.upper - network.lower)[free],
        cost[free],
    )
    used = np.flatnonzero(supply)
    solver.set_nodes_supplies(used.astype(np.int32), supply[used])
    flow = network.lower.copy()
    if len(free) == 0 and len(used) == 0:
        return flow
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise NoFlow(f"the flow solver answered {status.name}")
    flow[free] += solver.flows(np.arange(len(free), dtype=np.int32))
    return flow


def reduced_cost(network: Network, cost: Integers, price: Integers) -> Integers:
    """What one more unit on each arc costs, counting what it displaces."""
    return cost + price[network.tail] - price[network.head]


def no_dearer(network: Network, cost: Integers, price: Integers) -> Network:
    """The network of exactly those flows that cost as little as the cheapest."""
    reduced = reduced_cost(network, cost, price)
    return replace(
        network,
        upper=np.where(reduced > 0, network.lower, network.upper),
        lower=np.where(reduced < 0, network.upper, network.lower),
    )
