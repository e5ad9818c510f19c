"""Levels cut the weights into steps; fairness counts who stands on which step."""

import numpy as np

from matchmaking.engine.arrays import Counts, Reals
from matchmaking.engine.problem import Problem


def levels_of(weight: Reals, levels: int) -> Counts:
    """Step 1 to `levels` of each weight: 1 + floor(levels x weight), held inside.

    Where a weight exceeds 1, all are first divided by the largest.
    """
    largest = max(1.0, float(weight.max(initial=0.0)))
    step = np.floor(levels * (weight / largest)).clip(0, levels - 1)
    return step.astype(np.int32) + np.int32(1)


def pinned_levels(problem: Problem, level: Counts) -> Counts:
    """Per receiver the best level among its pins, 0 without one."""
    best = np.zeros(problem.size[1], np.int32)
    pinned = np.flatnonzero(problem.pin)
    np.maximum.at(best, problem.receiver[pinned], level[pinned])
    return best


def levels_reached(problem: Problem, level: Counts, chosen: np.ndarray) -> Counts:
    """Per receiver the best level among the chosen pairs, 0 without one."""
    best = np.zeros(problem.size[1], np.int32)
    np.maximum.at(best, problem.receiver[chosen], level[chosen])
    return best
