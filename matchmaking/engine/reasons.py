"""Why a receiver got less than it should: codes and the smallest crowd at fault."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matchmaking.engine.arrays import Bools, Counts, Integers, Whole
from matchmaking.engine.first import first_network, first_ranks, open_wants
from matchmaking.engine.network import cheapest_flow
from matchmaking.engine.problem import Problem
from matchmaking.engine.result import Unmet


@dataclass(frozen=True, eq=False)
class Crowd:
    """Receivers who share helpers that cannot serve all of them."""

    receivers: tuple[int, ...]
    helpers: tuple[int, ...]


def most_covered(problem: Problem) -> Counts:
    """Per receiver a first pair, -1 without, such that as many as can be have one."""
    level = np.ones(problem.size[0], np.int32)
    network = first_network(problem, level)
    cost = (first_ranks(problem, level) == 0).astype(np.int64)
    taken = np.flatnonzero(cheapest_flow(network, cost)[: problem.size[0]])
    first = np.full(problem.size[1], -1, np.int32)
    first[problem.receiver[taken]] = taken
    return first


def crowds(problem: Problem, first: Counts) -> dict[int, Crowd]:
    """Per receiver who cannot be served without another going short: its crowd.

    The helpers that an uncovered receiver could turn to, the receivers whom they serve
    instead, the helpers these could turn to, and so on (the source side of the least
    cut, split into what hangs together).
    """
    pinned = np.bincount(problem.receiver[problem.pin], minlength=problem.size[1])
    open_pair = np.flatnonzero(
        ~problem.veto & ~problem.pin & (open_wants(problem) > 0)[problem.receiver]
    )
    reached = (problem.want > 0) & (pinned == 0) & (first < 0)
    reached &= np.isin(np.arange(problem.size[1]), problem.receiver[open_pair])
    served = np.flatnonzero(first >= 0)
    asked = np.zeros(problem.size[2], np.bool_)
    while True:
        asked[problem.helper[open_pair[reached[problem.receiver[open_pair]]]]] = True
        further = served[asked[problem.helper[first[served]]] & ~reached[served]]
        if len(further) == 0:
            break
        reached[further] = True
    return _apart(problem, open_pair, reached)


def _apart(problem: Problem, open_pair: Integers, reached: Bools) -> dict[int, Crowd]:
    _, receivers, helpers = problem.size
    inside = open_pair[reached[problem.receiver[open_pair]]]
    row, column = problem.receiver[inside], problem.helper[inside] + receivers
    nodes = receivers + helpers
    graph = coo_array((np.ones(len(inside)), (row, column)), shape=(nodes, nodes))
    part = connected_components(graph, directed=False)[1]
    return {
        receiver: crowd
        for rows, columns in zip(
            _grouped(part[row], row).values(),
            _grouped(part[row], column - receivers).values(),
            strict=True,
        )
        for crowd in [Crowd(_once(rows), _once(columns))]
        for receiver in crowd.receivers
    }


def _grouped(key: Whole, values: Whole) -> dict[int, Whole]:
    """The values of each key, keys in order."""
    order = np.argsort(key, kind="stable")
    keys, starts = np.unique(key[order], return_index=True)
    parts = np.split(values[order], starts[1:])
    return dict(zip(keys.tolist(), parts, strict=False))


def _once(values: Whole) -> tuple[int, ...]:
    return tuple(np.unique(values).tolist())


def reasons(problem: Problem, chosen: Bools, first: Counts | None) -> tuple[Unmet, ...]:
    """One `Unmet` for each receiver without a match or below its demand.

    `first` must cover as many as can be; None: it is worked out here when needed.
    """
    got = np.bincount(problem.receiver[chosen], minlength=problem.size[1])
    due = np.maximum(problem.demand, 1).clip(max=problem.want)
    short = np.flatnonzero(got < due)
    if len(short) == 0:
        return ()
    seen = _Seen.of(problem, chosen, first)
    return tuple(
        _reason(seen, receiver, int((due - got)[receiver]))
        for receiver in short.tolist()
    )


@dataclass(frozen=True, eq=False)
class _Seen:
    """Who could turn to whom, who holds which places, and the crowds."""

    problem: Problem
    chosen: Bools
    own: dict[int, Whole]  # pairs by receiver
    held: dict[int, Whole]  # receivers by helper
    crowds: dict[int, Crowd]

    @classmethod
    def of(cls, problem: Problem, chosen: Bools, first: Counts | None) -> "_Seen":
        return cls(
            problem,
            chosen,
            _grouped(problem.receiver, np.arange(problem.size[0])),
            _grouped(problem.helper[chosen], problem.receiver[chosen]),
            crowds(problem, most_covered(problem) if first is None else first),
        )

    def holders(self, helpers: tuple[int, ...]) -> Crowd | None:
        """Who holds all the places of these helpers; None if one has a place left."""
        held = [self.held.get(helper, np.empty(0, np.int32)) for helper in helpers]
        for helper, receivers in zip(helpers, held, strict=True):
            if len(receivers) < self.problem.capacity[helper]:
                return None
        return Crowd(_once(np.concatenate(held)), helpers)


def _reason(seen: _Seen, receiver: int, missing: int) -> Unmet:
    problem, chosen = seen.problem, seen.chosen
    own = seen.own.get(receiver, np.empty(0, np.int64))
    left = own[~problem.veto[own] & ~chosen[own]]
    if len(own) and problem.veto[own].all():
        return Unmet(receiver, missing, "all_vetoed")
    if len(left) == 0:
        return Unmet(receiver, missing, "no_candidates")
    if chosen[own].any():
        crowd = seen.holders(_once(problem.helper[left]))
    else:
        crowd = seen.crowds.get(receiver)
    if crowd is None:
        return Unmet(receiver, missing, "outweighed")
    return Unmet(receiver, missing, "helpers_full", crowd.receivers, crowd.helpers)
