"""What a run answers: the pairs, the figures, the reasons and the proof."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from matchmaking.engine.arrays import Bools, Counts, Integers
from matchmaking.engine.problem import Problem

Goal: TypeAlias = Literal["fair", "total", "exact"]


@dataclass(frozen=True)
class Unmet:
    """A receiver who got less than it should, and the reason as a code.

    Codes: `no_candidates` (none, or all of them are taken already), `all_vetoed`,
    `helpers_full` (the receivers of `crowd` share all places of `helpers`: one more
    place there would serve one more), `outweighed` (it could be served, at the cost of
    what the goal puts first).
    """

    receiver: int
    missing: int
    code: str
    crowd: tuple[int, ...] = ()
    helpers: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Stage:
    """One criterion, with the node prices that prove its optimum.

    `first` and `rest`: int64 per receiver, `helper`: int64 per helper, `pair`: int64
    per pair (used where a pair could be first or rest); the end has price 0. A stage
    over first matches alone has `rest` and `pair` empty and names the `levels` that it
    counts, the lowest first.
    """

    name: str
    levels: tuple[int, ...]
    first: Integers
    rest: Integers
    helper: Integers
    pair: Integers


@dataclass(frozen=True)
class Figures:
    """What a run reached.

    `histogram[k]` of the receivers who want something have their best match on level
    k (0: none). `changes` counts pairs chosen and not kept before, or the reverse.
    `floor` and `bound` belong to the exact goal: the least sum of weights among the
    receivers served, and a total that no answer with this floor can exceed.
    """

    wanting: int
    coverage: int
    pairs: int
    total: float
    changes: int
    histogram: tuple[int, ...]
    floor: float | None = None
    bound: float | None = None


@dataclass(frozen=True, eq=False)
class Result:
    """The answer to one problem; all arrays in the order of the problem.

    `first` is the pair that counts as a receiver's first match, -1 where there is
    none or where a pin is as good. `digest` names the problem.
    """

    goal: Goal
    levels: int
    chosen: Bools
    level: Counts
    first: Counts
    figures: Figures
    unmet: tuple[Unmet, ...]
    stages: tuple[Stage, ...]
    digest: str
    seconds: dict[str, float] = field(default_factory=dict[str, float])


def figures_of(
    problem: Problem, chosen: Bools, level: Counts, levels: int, **more: float
) -> Figures:
    """The figures of an answer; `level` is what each receiver reached."""
    wanting = problem.want > 0
    counts = np.bincount(level[wanting], minlength=levels + 1)
    return Figures(
        wanting=int(wanting.sum()),
        coverage=int((level[wanting] > 0).sum()),
        pairs=int(chosen.sum()),
        total=float(problem.weight[chosen].sum()),
        changes=int((chosen != problem.kept).sum()) if problem.kept.any() else 0,
        histogram=tuple(counts.tolist()),
        **more,
    )
