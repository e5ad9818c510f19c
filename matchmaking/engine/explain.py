"""Why a pair was not chosen, and what a whole run amounts to."""

from dataclasses import dataclass

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
    helper's places are first matches of others); `full` (the helper's places go to
    `holders`); `enough` (the receiver has as much as it wants, from better helpers);
    `adds_nothing` (the pair would not raise the total); `draw` (it would do as well).
    In units of weight: the total would fall by at least `loss`, one more place of this
    helper is worth `place_value`, one more wish of this receiver `want_value`; None
    where no prices tell.
    """

    code: str
    loss: float | None = None
    place_value: float | None = None
    want_value: float | None = None
    holders: tuple[int, ...] = ()


def why_not(problem: Problem, result: Result, pair: int) -> WhyNot:
    """Why this pair (by its row) is not chosen."""
    barred = _barred(problem, result, pair)
    if barred is not None:
        return WhyNot(barred)
    helper = problem.helper[pair]
    held = result.chosen & (problem.helper == helper)
    holders = tuple(sorted(problem.receiver[held].tolist()))
    if _is_reserved(result, int(helper)):
        return WhyNot("reserved", holders=holders)
    loss, place_value, want_value = _values(problem, result, pair)
    code = _code(problem, result, pair, loss)
    return WhyNot(code, loss, place_value, want_value, holders)


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
) -> tuple[float | None, float | None, float | None]:
    total = next((s for s in result.stages if s.name == "total"), None)
    if total is None:
        return None, None, None
    unit = 2.0 ** -binary_places(problem)
    place = -float(total.helper[problem.helper[pair]]) * unit
    want = float(total.rest[problem.receiver[pair]]) * unit
    return max(0.0, place + want - float(problem.weight[pair])), place, want


def _code(problem: Problem, result: Result, pair: int, loss: float | None) -> str:
    receiver, helper = problem.receiver[pair], problem.helper[pair]
    load = (result.chosen & (problem.helper == helper)).sum()
    got = (result.chosen & (problem.receiver == receiver)).sum()
    if loss == 0 and problem.weight[pair] > 0:
        return "draw"
    if load >= problem.capacity[helper]:
        return "full"
    return "enough" if got >= problem.want[receiver] else "adds_nothing"


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
