"""Not the same helper to neighbours: spread what one helper gives over neighbourhoods.

A preference, not a rule: it gives way to coverage, to everybody's first match and to
the total.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matchmaking.engine.problem import Problem
from matchmaking.engine.result import Result
from matchmaking.engine.solve import solve

LOSS_AT_MOST = 0.02
TRIES_AT_MOST = 40


@dataclass(frozen=True)
class Spread:
    """The problem with what was set aside as vetoes, its answer, and those pairs' rows.

    `doubled` is how many chosen pairs still give a neighbourhood its second, third …
    match with one helper.
    """

    problem: Problem
    result: Result
    set_aside: tuple[int, ...]
    doubled: int


def spread(problem: Problem, result: Result, neighbourhood: Sequence[str]) -> Spread:
    """Try to give each helper to one receiver per neighbourhood.

    `neighbourhood` by receiver; "" stands alone. One pair of those after
    another, the weakest first, is set aside for good if then coverage and every first
    level stay, fewer pairs are doubled, and the total loses 2 % at most of the first
    one. At most 40 tries. Pins are left alone.
    """
    least = result.figures.total * (1 - LOSS_AT_MOST)
    aside: list[int] = []
    refused: set[int] = set()
    for _try in range(TRIES_AT_MOST):
        crowded, doubled = _crowded(problem, result, neighbourhood)
        open_ = [row for row in crowded if row not in refused]
        if not open_:
            break
        row = min(open_, key=lambda at: (float(problem.weight[at]), at))
        other = _without(problem, row)
        answer = solve(other, result.goal, result.levels)
        if (
            np.array_equal(answer.level, result.level)
            and answer.figures.total >= least
            and _crowded(other, answer, neighbourhood)[1] < doubled
        ):
            problem, result = other, answer
            aside.append(row)
        else:
            refused.add(row)
    left = _crowded(problem, result, neighbourhood)[1]
    return Spread(problem, result, tuple(aside), left)


def _without(problem: Problem, row: int) -> Problem:
    veto = problem.veto.copy()
    veto[row] = True
    return replace(problem, veto=veto)


def _crowded(
    problem: Problem, result: Result, neighbourhood: Sequence[str]
) -> tuple[list[int], int]:
    """Chosen rows where a helper serves a neighbourhood more than once, less pins.

    And how many of all such rows are beyond the first of their helper and place.
    """
    groups: dict[tuple[int, str], list[int]] = {}
    for row in np.flatnonzero(result.chosen).tolist():
        where = neighbourhood[int(problem.receiver[row])]
        if where:
            groups.setdefault((int(problem.helper[row]), where), []).append(row)
    several = [rows for rows in groups.values() if len(rows) > 1]
    movable = [row for rows in several for row in rows if not problem.pin[row]]
    return movable, sum(len(rows) - 1 for rows in several)
