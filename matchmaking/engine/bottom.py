"""How many can be covered, and the lowest level that nobody need fall below."""

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow

from matchmaking.engine.arrays import Bools, Counts
from matchmaking.engine.network import Network, NoFlow


def highest_bottom(network: Network, rank: Counts, levels: int) -> tuple[int, int]:
    """Coverage, and the highest level that all who can be covered reach together.

    `network` and `rank` of first matches: a stay on level 0 covers nobody. Found by
    halving, with a largest flow at each step; where nobody can be covered the level
    is `levels`.
    """
    pays = (network.upper > 0) & (rank != 0)
    coverage = _largest_flow(network, pays)
    low, high = 1, _ceiling(network, rank, pays, coverage, levels)
    probe = high  # quite often everybody reaches the ceiling
    while low < high:
        if _largest_flow(network, pays & ((rank < 0) | (rank >= probe))) == coverage:
            low = probe
        else:
            high = probe - 1
        probe = (low + high + 1) // 2
    return coverage, low


def _ceiling(
    network: Network, rank: Counts, pays: Bools, coverage: int, levels: int
) -> int:
    """The best level of the worst placed of the `coverage` best placed."""
    best = np.zeros(len(network.supply), np.int32)
    led = pays & (rank > 0)
    np.maximum.at(best, network.tail[led], rank[led])
    ladder = np.sort(best[network.supply > 0])[::-1]
    return int(min(levels, ladder[coverage - 1])) if coverage else levels


def _largest_flow(network: Network, arcs: Bools) -> int:
    used = np.flatnonzero(arcs)
    starts = np.flatnonzero(network.supply > 0).astype(np.int32)
    source, end = len(network.supply), len(network.supply) - 1
    solver = SimpleMaxFlow()
    solver.add_arcs_with_capacity(
        np.concatenate([np.full(len(starts), source, np.int32), network.tail[used]]),
        np.concatenate([starts, network.head[used]]),
        np.concatenate([network.supply[starts], network.upper[used]]),
    )
    if len(starts) == 0:
        return 0
    status = solver.solve(source, end)
    if status != solver.OPTIMAL:
        raise NoFlow(f"the flow solver answered {status.name}")
    return int(solver.optimal_flow())
