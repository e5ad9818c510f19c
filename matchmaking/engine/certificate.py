"""Check an answer without solving anything: rules, figures, and the proof by prices."""

import numpy as np

from matchmaking.engine.arrays import Counts
from matchmaking.engine.bounds import highest_floor, highest_total
from matchmaking.engine.problem import Problem
from matchmaking.engine.result import Result
from matchmaking.engine.slackness import (
    check_slackness,
    per_node,
    require,
)

NEAR = 1e-6


def check(problem: Problem, result: Result) -> str:
    """What is proven of the answer: `optimal`, or for the exact goal how near it is.

    Raises `Broken`, naming what breaks, if a rule is broken, a figure is misstated or
    the answer is not proven.
    """
    level = _levels(problem, result.levels)
    _check_rules(problem, result)
    _check_figures(problem, result, level)
    if result.goal == "exact":
        return _nearness(problem, result)
    check_slackness(problem, result, level)
    return "optimal"


def _nearness(problem: Problem, result: Result) -> str:
    """Hold the floor and the total against what no fraction of pairs could exceed."""
    sums = np.bincount(
        problem.receiver[result.chosen],
        problem.weight[result.chosen],
        minlength=problem.size[1],
    )
    served = per_node(problem.receiver, result.chosen, problem.size[1]) > 0
    floor = float(sums[served].min()) if served.any() else 0.0
    stated = result.figures.floor
    require(stated is not None and abs(stated - floor) < NEAR, "the floor is misstated")
    below = highest_floor(problem, served) - floor
    short = highest_total(problem, served, floor) - result.figures.total
    if below < NEAR and short < NEAR:
        return "optimal"
    return (
        f"keeps all rules; the floor is at most {max(below, 0):.6f} and the total at "
        f"most {max(short, 0):.6f} below what could be"
    )


def _levels(problem: Problem, levels: int) -> Counts:
    weight = problem.weight / max(1.0, float(problem.weight.max(initial=0.0)))
    return 1 + np.clip(np.floor(levels * weight), 0, levels - 1).astype(np.int32)


def _check_rules(problem: Problem, result: Result) -> None:
    pairs, receivers, helpers = problem.size
    chosen, first = result.chosen, result.first
    require(result.digest == problem.digest(), "the result is of another problem")
    require(chosen.shape == (pairs,), "chosen has another length than the pairs")
    require(first.shape == (receivers,), "first has another length than want")
    require(chosen[problem.pin].all(), "a pin is not kept")
    require(not chosen[problem.veto].any(), "a vetoed pair is chosen")
    got = per_node(problem.receiver, chosen, receivers)
    given = per_node(problem.helper, chosen, helpers)
    require((got <= problem.want).all(), "a receiver has more than it wants")
    require((given <= problem.capacity).all(), "a helper has more than its places")
    led = np.flatnonzero(first >= 0)
    require((first < pairs).all(), "a first match is no pair")
    mine = problem.receiver[first[led]] == led
    require(mine.all(), "a first match belongs to another receiver")
    require(chosen[first[led]].all(), "a first match is not chosen")


def _check_figures(problem: Problem, result: Result, level: Counts) -> None:
    chosen, figures = result.chosen, result.figures
    best = np.zeros(problem.size[1], np.int32)
    np.maximum.at(best, problem.receiver[chosen], level[chosen])
    require(np.array_equal(best, result.level), "a level is misstated")
    wanting = problem.want > 0
    counts = np.bincount(best[wanting], minlength=result.levels + 1).tolist()
    total = problem.weight[chosen].sum()
    changes = (chosen != problem.kept).sum() if problem.kept.any() else 0
    require(figures.pairs == chosen.sum(), "the number of pairs is misstated")
    require(
        abs(figures.total - total) <= 1e-9 * max(1, abs(total)),
        "the total is misstated",
    )
    require(figures.wanting == wanting.sum(), "the receivers are miscounted")
    require(figures.coverage == wanting.sum() - counts[0], "the coverage is misstated")
    require(list(figures.histogram) == counts, "the histogram is misstated")
    require(figures.changes == changes, "the changes are misstated")
