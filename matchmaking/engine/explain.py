"""Why a pair was not chosen, and what a whole run amounts to."""

from dataclasses import dataclass, replace

import numpy as np

from matchmaking.engine.arrays import Bools
from matchmaking.engine.problem import Problem
from matchmaking.engine.result import Result
from matchmaking.engine.solve import solve
from matchmaking.engine.total import binary_places


@dataclass(frozen=True)
class WhyNot:
    """Why a pair is not chosen, as a code, with what stands against it.

    Codes: `chosen`; `vetoed`; `wants_nothing` (or pins fill all it wants);
    `has_no_places` (or pins fill them); `reserved` (in every fairest answer all the
    helper's places are first matches of others); `full` (its places go to `holders`);
    `enough` (the receiver has all it wants from other helpers); `adds_nothing` (the
    pair would not raise the total). One more place of this helper is worth at most
    `place_value`, in units of weight; taking the pair costs at least `loss`; None
    where no prices tell. `what_if` says exactly, for one more run.
    """

    code: str
    loss: float | None = None
    place_value: float | None = None
    holders: tuple[int, ...] = ()


def why_not(problem: Problem, result: Result, pair: int) -> WhyNot:
    """Why this pair (by its row) is not chosen."""
    barred = _barred(problem, result, pair)
    if barred is not None:
        return WhyNot(barred)
    receiver, helper = int(problem.receiver[pair]), int(problem.helper[pair])
    held = np.flatnonzero(result.chosen & (problem.helper == helper))
    holders = tuple(sorted(problem.receiver[held].tolist()))
    loss, place_value = _values(problem, result, pair)
    if _is_reserved(result, helper):
        return WhyNot("reserved", None, place_value, holders)
    if len(holders) >= problem.capacity[helper]:
        return WhyNot("full", loss, place_value, holders)
    got = int((result.chosen & (problem.receiver == receiver)).sum())
    code = "enough" if got >= problem.want[receiver] else "adds_nothing"
    return WhyNot(code, loss, place_value, holders)


def _barred(problem: Problem, result: Result, pair: int) -> str | None:
    receiver, helper = problem.receiver[pair], problem.helper[pair]
    pins = problem.pin
    if result.chosen[pair]:
        return "chosen"
    if problem.veto[pair]:
        return "vetoed"
    if (pins & (problem.receiver == receiver)).sum() >= problem.want[receiver]:
        return "wants_nothing"
    if (pins & (problem.helper == helper)).sum() >= problem.capacity[helper]:
        return "has_no_places"
    return None


def _is_reserved(result: Result, helper: int) -> bool:
    """Whether the first stage that prices the helper's places fills them all."""
    for stage in result.stages:
        if stage.name == "levels" and stage.helper[helper]:
            return bool(stage.helper[helper] < 0)
    return False


def _values(
    problem: Problem, result: Result, pair: int
) -> tuple[float | None, float | None]:
    total = next((stage for stage in result.stages if stage.name == "total"), None)
    if total is None:
        return None, None
    unit = 2.0 ** -binary_places(problem)
    place = -float(total.helper[problem.helper[pair]]) * unit
    want = float(total.rest[problem.receiver[pair]]) * unit
    return max(0.0, place + want - float(problem.weight[pair])), place


@dataclass(frozen=True)
class WhatIf:
    """What would change with a pair: `moved` receivers with their levels, old and new.

    `lost` and `won` are the rows of the pairs that go and come with it.
    """

    total: float
    moved: tuple[tuple[int, int, int], ...]
    lost: tuple[int, ...]
    won: tuple[int, ...]


def what_if(problem: Problem, result: Result, pair: int) -> WhatIf:
    """Run again with this pair pinned; raises `ClashingPins` where it cannot be."""
    pin = problem.pin.copy()
    pin[pair] = True
    other = solve(replace(problem, pin=pin), result.goal, result.levels)
    moved = np.flatnonzero(other.level != result.level).tolist()
    return WhatIf(
        total=other.figures.total - result.figures.total,
        moved=tuple((u, int(result.level[u]), int(other.level[u])) for u in moved),
        lost=tuple(np.flatnonzero(result.chosen & ~other.chosen).tolist()),
        won=tuple(np.flatnonzero(other.chosen & ~result.chosen).tolist()),
    )


@dataclass(frozen=True)
class RunFigures:
    """What a run amounts to; shares run from 0 to 1.

    `price_of_fairness`: the share of the largest possible total that was given up.
    `load_gini`: 0 when all helpers who have places carry the same, near 1 when one
    carries all. `churn`: the share of pairs, old and new together, that changed.
    """

    coverage: int
    wanting: int
    total: float
    histogram: tuple[int, ...]
    price_of_fairness: float
    load_gini: float
    churn: float


def run_figures(problem: Problem, result: Result) -> RunFigures:
    """The figures of a run; one more flow finds the largest possible total."""
    largest = solve(problem, "total", result.levels).figures.total
    figures = result.figures
    return RunFigures(
        coverage=figures.coverage,
        wanting=figures.wanting,
        total=figures.total,
        histogram=figures.histogram,
        price_of_fairness=1 - figures.total / largest if largest > 0 else 0.0,
        load_gini=load_gini(problem, result.chosen),
        churn=_churn(problem, result.chosen),
    )


def load_gini(problem: Problem, chosen: Bools) -> float:
    """The Gini coefficient of pairs per helper, among helpers who have places."""
    load = np.bincount(problem.helper[chosen], minlength=problem.size[2])
    carried = np.sort(load[problem.capacity > 0])
    count, whole = len(carried), int(carried.sum())
    if whole == 0:
        return 0.0
    place = np.arange(1, count + 1)
    return float(2 * (place * carried).sum() / (count * whole) - (count + 1) / count)


def _churn(problem: Problem, chosen: Bools) -> float:
    either = int((chosen | problem.kept).sum())
    changed = int((chosen != problem.kept).sum())
    return changed / either if either and problem.kept.any() else 0.0
