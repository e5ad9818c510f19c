"""What no answer of the exact goal can exceed: two linear programmes."""

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_array, coo_array

from matchmaking.engine.arrays import Bools, Counts, Reals
from matchmaking.engine.problem import Problem

ROUNDING = 1e-9


def highest_floor(problem: Problem, served: Bools) -> float:
    """The largest least sum of weights over `served`, with fractions of pairs."""
    if not served.any():
        return 0.0
    cost = np.append(np.zeros(problem.size[0]), -1.0)
    return -_least(problem, served, cost, (None, None))


def highest_total(problem: Problem, served: Bools, floor: float) -> float:
    """The largest total under the floor, with fractions of pairs."""
    cost = np.append(-problem.weight, 0.0)
    return -_least(problem, served, cost, (floor - ROUNDING, floor))


def _least(
    problem: Problem,
    served: Bools,
    cost: Reals,
    floor: tuple[float | None, float | None],
) -> float:
    """Columns: pairs, the floor; rows: wants, places, sums above the floor."""
    pairs, receivers, helpers = problem.size
    one = np.ones(pairs)

    def sums(side: Counts, values: Reals, size: int) -> coo_array:
        return coo_array((values, (side, np.arange(pairs))), shape=(size, pairs))

    below = sums(problem.receiver, -problem.weight, receivers).tocsr()[served]
    lifted = np.ones((below.shape[0], 1))
    answer = linprog(
        cost,
        A_ub=block_array(
            [
                [sums(problem.receiver, one, receivers), None],
                [sums(problem.helper, one, helpers), None],
                [below, lifted],
            ]
        ),
        b_ub=np.concatenate([problem.want, problem.capacity, 0 * lifted[:, 0]]),
        bounds=[*zip(1.0 * problem.pin, 1.0 * ~problem.veto, strict=True), floor],
        method="highs",
    )
    return float(answer.fun)
