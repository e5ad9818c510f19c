"""The exact goal: the largest least sum per receiver, then the total, by HiGHS."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, coo_array, csr_array, diags_array

from matchmaking.engine.arrays import Bools, Counts, Integers, Reals
from matchmaking.engine.first import open_pairs, open_places, open_wants
from matchmaking.engine.joint import joint_network
from matchmaking.engine.network import cheapest_flow
from matchmaking.engine.problem import Problem
from matchmaking.engine.reasons import most_covered

ROUNDING = 1e-9  # how far below the reached floor a sum may fall
TAKEN = 0.5
PATIENCE = 120.0


class NoAnswer(RuntimeError):
    """No optimum was proven within the time."""


@dataclass(frozen=True, eq=False)
class Floored:
    """The pairs, the least sum among those served, and an upper bound of the total."""

    chosen: Bools
    floor: float
    bound: float


@dataclass(frozen=True, eq=False)
class _Programme:
    """Columns: open pairs, served and missed per receiver, the floor."""

    pairs: Integers
    rows: LinearConstraint
    low: Reals
    high: Reals
    whole: Counts

    def least(self, cost: Reals, *, whole: bool, seconds: float) -> tuple[Reals, float]:
        """Values and cost of a cheapest answer; fractions allowed unless `whole`."""
        answer = milp(
            cost,
            integrality=self.whole if whole else None,
            bounds=Bounds(self.low, self.high),
            constraints=self.rows,
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )
        if answer.status != 0:
            raise NoAnswer(answer.message)
        return answer.x, float(answer.fun)


def floor_then_total(problem: Problem, seconds: float = PATIENCE) -> Floored:
    """Serve as many as can be, lift the least sum among them, then the total.

    What is demanded comes before all of it. Raises `NoAnswer` if one of the two
    programmes takes longer than the seconds.
    """
    if not open_pairs(problem).any():
        total = float(problem.weight[problem.pin].sum())
        return Floored(problem.pin.copy(), least_sum(problem, problem.pin), total)
    programme = _programme(problem)
    lift = np.zeros(len(programme.low))
    lift[-1] = -1
    values, _ = programme.least(lift, whole=True, seconds=seconds)
    reached = least_sum(problem, _chosen(problem, programme, values))
    programme.low[-1] = programme.high[-1] = reached - ROUNDING
    most = np.zeros(len(programme.low))
    most[: len(programme.pairs)] = -problem.weight[programme.pairs]
    values, _ = programme.least(most, whole=True, seconds=seconds)
    chosen = _chosen(problem, programme, values)
    _, relaxed = programme.least(most, whole=False, seconds=seconds)
    bound = float(problem.weight[problem.pin].sum()) - relaxed
    return Floored(chosen, least_sum(problem, chosen), bound)


def least_sum(problem: Problem, chosen: Bools) -> float:
    """The least sum of weights among the receivers who have a match, 0 without any."""
    receiver = problem.receiver[chosen]
    sums = np.bincount(receiver, problem.weight[chosen])
    return float(sums[np.unique(receiver)].min()) if len(receiver) else 0.0


def _programme(problem: Problem) -> _Programme:
    pairs = np.flatnonzero(open_pairs(problem))
    receivers = problem.size[1]
    pinned = np.bincount(problem.receiver[problem.pin], minlength=receivers)
    able = (pinned > 0) | np.isin(np.arange(receivers), problem.receiver[pairs])
    covered = int(((most_covered(problem) >= 0) | (pinned > 0)).sum())
    largest = float(np.abs(problem.weight).max() * problem.want.max())
    one = np.ones(receivers)
    return _Programme(
        pairs=pairs,
        rows=_rows(problem, pairs, covered, 2 * largest),
        low=np.concatenate(
            [
                np.zeros(len(pairs)),
                able & ((covered == able.sum()) | (pinned > 0)),
                np.zeros(receivers),
                [-largest],
            ]
        ),
        high=np.concatenate([np.ones(len(pairs)), able, np.inf * one, [largest]]),
        whole=np.repeat([1, 0], [len(pairs) + receivers, receivers + 1]),
    )


def _rows(
    problem: Problem, pairs: Integers, covered: int, beyond: float
) -> LinearConstraint:
    """Wants, places, served, floors (`beyond` frees who is not served), demands."""
    _, receivers, helpers = problem.size
    pinned = np.bincount(problem.receiver[problem.pin], minlength=receivers)
    given = np.bincount(
        problem.receiver[problem.pin], problem.weight[problem.pin], minlength=receivers
    )
    one = np.ones(len(pairs))
    taken = _sums(problem.receiver[pairs], one, receivers)
    summed = _sums(problem.receiver[pairs], problem.weight[pairs], receivers)
    held = _sums(problem.helper[pairs], one, helpers)
    want = open_wants(problem)
    each = diags_array(np.ones(receivers))
    column, row = np.ones((receivers, 1)), np.ones((1, receivers))
    blocks = [
        [taken, -diags_array(want.astype(float)), None, None],
        [held, None, None, None],
        [taken, -each, None, None],
        [summed, -beyond * each, None, -column],
        [taken, None, each, None],
        [None, row, None, None],
        [None, None, row, csr_array((1, 1))],
    ]
    due = np.minimum(problem.demand, problem.want) - pinned
    any_ = np.full(receivers, -np.inf)
    low = [any_, np.zeros(helpers), -pinned, -given - beyond, due]
    high = [0 * want, open_places(problem), *np.full((3, receivers), np.inf)]
    return LinearConstraint(
        block_array(blocks, format="csc"),
        np.concatenate([*low, [covered, 0]]),
        np.concatenate([*high, [np.inf, _missed(problem)]]),
    )


def _sums(side: Counts, values: Reals, size: int) -> csr_array:
    """A row per node that adds up its pairs."""
    place = side, np.arange(len(side))
    return coo_array((values, place), shape=(size, len(side))).tocsr()


def _missed(problem: Problem) -> int:
    """How much of what is demanded no answer can meet."""
    joint = joint_network(problem, None)
    cost = np.zeros(len(joint.network.tail), np.int64)
    cost[joint.missed] = 1
    return int(cheapest_flow(joint.network, cost)[joint.missed].sum())


def _chosen(problem: Problem, programme: _Programme, values: Reals) -> Bools:
    chosen = problem.pin.copy()
    chosen[programme.pairs[values[: len(programme.pairs)] > TAKEN]] = True
    return chosen
