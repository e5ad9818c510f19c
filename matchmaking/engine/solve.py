"""Solve one problem for one goal: the only door most callers need."""

from dataclasses import dataclass, field
from time import process_time
from typing import get_args

import numpy as np

from matchmaking.engine.arrays import Counts
from matchmaking.engine.exact import floor_then_total
from matchmaking.engine.fairest import fairest
from matchmaking.engine.first import FirstMatches
from matchmaking.engine.joint import Joint, joint_network
from matchmaking.engine.levels import levels_of, levels_reached
from matchmaking.engine.problem import BadProblem, Problem, Sorted, in_key_order
from matchmaking.engine.reasons import reasons
from matchmaking.engine.result import Goal, Result, Stage, figures_of
from matchmaking.engine.total import AllMatches, most_in_all

MOST_LEVELS = 10_000


@dataclass
class _Clock:
    """CPU seconds by stage."""

    seconds: dict[str, float] = field(default_factory=dict[str, float])
    last: float = field(default_factory=process_time)

    def stop(self, name: str) -> None:
        now = process_time()
        self.seconds[name] = now - self.last
        self.last = now


def solve(
    problem: Problem,
    goal: Goal = "fair",
    levels: int = 100,
) -> Result:
    """The best answer there is, with its proof; partial answers come with reasons.

    `fair`: as many receivers as can be get one match; the sorted list of their best
    levels is the best there is; then the total of the weights is the largest; then
    `kept` changes least; then a fixed draw by keys decides. `total`: the largest
    total, then the same. `exact`: the largest least sum per receiver, then the largest
    total under it, by integer programming: for up to a few hundred receivers.
    """
    if goal not in get_args(Goal):
        raise BadProblem(f"no such goal: {goal}")
    if not 1 <= levels <= MOST_LEVELS:
        raise BadProblem(f"levels must lie between 1 and {MOST_LEVELS}")
    if goal == "exact":
        return _exact(problem, levels)
    clock = _Clock()
    ordered = in_key_order(problem)
    inner = ordered.problem
    level = levels_of(inner.weight, levels)
    clock.stop("sorting")
    found = fairest(inner, level, levels) if goal == "fair" else None
    clock.stop("first matches")
    joint = joint_network(inner, found)
    every = most_in_all(inner, joint)
    clock.stop("all matches")
    chosen = np.zeros(problem.size[0], np.bool_)
    chosen[ordered.pairs] = every.chosen
    first = _first(ordered, joint, every)
    reached = levels_reached(problem, levels_of(problem.weight, levels), chosen)
    unmet = reasons(problem, chosen, first if found else None)
    clock.stop("reasons")
    return Result(
        goal=goal,
        levels=levels,
        chosen=chosen,
        level=reached,
        first=first,
        figures=figures_of(problem, chosen, reached, levels),
        unmet=unmet,
        stages=_level_stages(ordered, found) + _total_stages(ordered, joint, every),
        digest=problem.digest(),
        seconds=clock.seconds,
    )


def _exact(problem: Problem, levels: int) -> Result:
    clock = _Clock()
    answer = floor_then_total(problem)
    clock.stop("all matches")
    reached = levels_reached(problem, levels_of(problem.weight, levels), answer.chosen)
    return Result(
        goal="exact",
        levels=levels,
        chosen=answer.chosen,
        level=reached,
        first=np.full(problem.size[1], -1, np.int32),
        figures=figures_of(
            problem,
            answer.chosen,
            reached,
            levels,
            floor=answer.floor,
            bound=answer.bound,
        ),
        unmet=reasons(problem, answer.chosen, None),
        stages=(),
        digest=problem.digest(),
        seconds=clock.seconds,
    )


def _first(ordered: Sorted, joint: Joint, every: AllMatches) -> Counts:
    """Per receiver the pair that its first unit takes, in the problem's own order."""
    taken = joint.first[every.flow[: len(joint.first)] > 0]
    first = np.full(ordered.problem.size[1], -1, np.int32)
    first[ordered.receivers[ordered.problem.receiver[taken]]] = ordered.pairs[taken]
    return first


def _level_stages(ordered: Sorted, found: FirstMatches | None) -> tuple[Stage, ...]:
    if found is None:
        return ()
    receivers = ordered.problem.size[1]
    none = np.empty(0, np.int64)
    stages: list[Stage] = []
    for stage in found.stages:
        name = "avoided" if stage.avoided else "levels"
        price = stage.price - stage.price[-1]
        first = _back(price[:receivers], ordered.receivers)
        helper = _back(price[receivers:-1], ordered.helpers)
        stages.append(Stage(name, stage.levels, first, none, helper, none))
    return tuple(stages)


def _total_stages(
    ordered: Sorted, joint: Joint, every: AllMatches
) -> tuple[Stage, ...]:
    pairs, receivers, helpers = ordered.problem.size
    stages: list[Stage] = []
    for stage in every.stages:
        first, rest, helper, end, own = np.split(
            stage.price, np.cumsum([receivers, receivers, helpers, 1])
        )
        per_pair = np.zeros(pairs, np.int64)
        per_pair[ordered.pairs[joint.either]] = own - end
        stages.append(
            Stage(
                stage.name,
                (),
                _back(first - end, ordered.receivers),
                _back(rest - end, ordered.receivers),
                _back(helper - end, ordered.helpers),
                per_pair,
            )
        )
    return tuple(stages)


def _back(values: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Values of sorted nodes, in the order that the problem lists the nodes."""
    placed = np.empty_like(values)
    placed[order] = values
    return placed
