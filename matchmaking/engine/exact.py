"""The exact goal: the largest least sum per receiver, then the total, by HiGHS."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import block_array, coo_array, csr_array, diags_array

from matchmaking.engine.arrays import Bools, Counts, Integers, Reals
from matchmaking.engine.first import open_pairs, open_places, open_wants
from matchmaking.engine.joint import joint_network
from matchmaking.engine.network import cheapest_flow
from matchmaking.engine.problem import Problem
from matchmaking.engine.reasons import most_covered
from matchmaking.engine.total import most_in_all

ROUNDING = 1e-9  # how far below the reached floor a sum may fall
TAKEN = 0.5
PATIENCE = 60.0  # seconds for each of three programmes; then the best found so far


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
    seconds: float

    def highest_floor(self) -> float:
        """What the floor could be with fractions of pairs."""
        return -float(self._solved(self._lift(), 0 * self.whole).fun)

    def lifted(self) -> Reals | None:
        """Values of a high floor, the highest if there is time to prove it."""
        values: Reals | None = self._solved(self._lift(), self.whole).x
        return values

    def fullest(self, weight: Reals, floor: float) -> tuple[Reals | None, float]:
        """Values of a large total under a floor, and what no total exceeds."""
        self.low[-1] = self.high[-1] = floor - ROUNDING
        cost = np.zeros(len(self.low))
        cost[: len(self.pairs)] = -weight[self.pairs]
        answer = self._solved(cost, self.whole)
        return answer.x, -float(answer.mip_dual_bound or 0.0)

    def _lift(self) -> Reals:
        cost = np.zeros(len(self.low))
        cost[-1] = -1
        return cost

    def _solved(self, cost: Reals, whole: Counts) -> OptimizeResult:
        return milp(
            cost,
            integrality=whole,
            bounds=Bounds(self.low, self.high),
            constraints=self.rows,
            options={
                "time_limit": self.seconds if whole.any() else np.inf,
                "mip_rel_gap": 0.0,
            },
        )


def floor_then_total(problem: Problem, seconds: float = PATIENCE) -> Floored:
    """Serve as many as can be, lift the least sum among them, then the total.

    What is demanded comes before all of it. Where the seconds do not suffice for a
    proof, the best answer found stands; where they do not even find one, the one
    with the largest total.
    """
    if not open_pairs(problem).any():
        total = float(problem.weight[problem.pin].sum())
        return Floored(problem.pin.copy(), least_sum(problem, problem.pin), total)
    programme = _programme(problem, seconds)
    values, bound = programme.fullest(problem.weight, programme.highest_floor())
    if values is None:
        programme = _programme(problem, seconds)
        values = programme.lifted()
        floor = least_sum(problem, _chosen(problem, programme, values))
        better, bound = programme.fullest(problem.weight, floor)
        values = values if better is None else better
    chosen = _chosen(problem, programme, values)
    pinned = float(problem.weight[problem.pin].sum())
    return Floored(chosen, least_sum(problem, chosen), bound + pinned)


def least_sum(problem: Problem, chosen: Bools) -> float:
    """The least sum of weights among the receivers who have a match, 0 without any."""
    receiver = problem.receiver[chosen]
    sums = np.bincount(receiver, problem.weight[chosen])
    return float(sums[np.unique(receiver)].min()) if len(receiver) else 0.0


def _programme(problem: Problem, seconds: float) -> _Programme:
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
        seconds=seconds,
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


def _chosen(problem: Problem, programme: _Programme, values: Reals | None) -> Bools:
    if values is None:
        return most_in_all(problem, joint_network(problem, None)).chosen
    chosen = problem.pin.copy()
    chosen[programme.pairs[values[: len(programme.pairs)] > TAKEN]] = True
    return chosen
