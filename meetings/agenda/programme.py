"""Choose some of many columns: rows limit what goes together, tiers say what is best.

Solved exactly by CP-SAT, tier after tier, with one worker and a deterministic limit of
effort, so that the same programme gives the same answer on every machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

EFFORT = (
    20.0  # CP-SAT's deterministic seconds for each tier; then the best found so far
)


@dataclass(frozen=True)
class Row:
    """The weighted sum of these columns is at most `limit`."""

    columns: tuple[int, ...]
    limit: int
    weights: tuple[int, ...] = ()
    """All ones where empty."""

    def terms(self) -> list[tuple[int, int]]:
        """Each column with its weight."""
        weights = self.weights or (1,) * len(self.columns)
        return list(zip(self.columns, weights, strict=True))


Goal = tuple[tuple[int, int], ...]
"""Columns with what each is worth; the others are worth nothing."""


@dataclass(frozen=True)
class Programme:
    """`size` columns of 0 or 1; the first tier comes before all of the second."""

    size: int
    rows: tuple[Row, ...]
    tiers: tuple[Goal, ...]


@dataclass(frozen=True)
class Solved:
    """The chosen columns; for each tier what they are worth and what nobody can exceed."""

    chosen: frozenset[int]
    values: tuple[int, ...]
    bounds: tuple[int, ...] = field(default=())


def worth(goal: Goal, chosen: frozenset[int]) -> int:
    return sum(value for column, value in goal if column in chosen)


def is_allowed(programme: Programme, chosen: frozenset[int]) -> bool:
    """No row is broken."""
    return all(
        sum(weight for column, weight in row.terms() if column in chosen) <= row.limit
        for row in programme.rows
    )


def solve(
    programme: Programme, start: frozenset[int] | None = None, effort: float = EFFORT
) -> Solved:
    """The best choice; `start`, if it is allowed, is where the search begins.

    Where the effort does not suffice for a proof, the best found stands beside the
    bound that was reached. Raises ValueError if nothing is allowed.
    """
    rows = list(programme.rows)
    values, bounds = [], []
    chosen = start if start and is_allowed(programme, start) else None
    for goal in programme.tiers:
        chosen, bound = _best(programme.size, rows, goal, chosen, effort)
        value = worth(goal, chosen)
        values.append(value)
        bounds.append(max(bound, value))
        rows.append(at_least(goal, value))
    if chosen is None:
        raise ValueError("a programme needs a goal")
    return Solved(chosen, tuple(values), tuple(bounds))


def at_least(goal: Goal, value: int) -> Row:
    """The row that keeps what a goal has reached."""
    return Row(
        tuple(column for column, _worth in goal),
        -value,
        tuple(-one for _column, one in goal),
    )


def _best(
    size: int,
    rows: Sequence[Row],
    goal: Goal,
    start: frozenset[int] | None,
    effort: float,
) -> tuple[frozenset[int], int]:
    """The best choice for one goal, and the bound that CP-SAT has proven."""
    model = cp_model.CpModel()
    columns = [model.new_bool_var(str(number)) for number in range(size)]
    for row in rows:
        _add(model, columns, row)
    model.maximize(sum(value * columns[column] for column, value in goal))
    if start is not None:
        for number, column in enumerate(columns):
            model.add_hint(column, number in start)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(model)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        if start is None:
            raise ValueError("nothing is allowed")
        return start, sum(value for _column, value in goal if value > 0)
    chosen = frozenset(
        number for number, column in enumerate(columns) if solver.boolean_value(column)
    )
    return chosen, round(solver.best_objective_bound)


def _add(model: cp_model.CpModel, columns: Sequence[cp_model.IntVar], row: Row) -> None:
    if not row.columns:
        return
    if row.limit == 1 and not row.weights:
        model.add_at_most_one(columns[column] for column in row.columns)
        return
    model.add(
        sum(weight * columns[column] for column, weight in row.terms()) <= row.limit
    )
