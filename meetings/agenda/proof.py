"""A bound that anybody can check: prices of the rows, and whole-number arithmetic.

For prices y of at least 0, no choice is worth more than what all limits cost plus
what each column is worth beyond the price of its rows (duality of linear programmes).
HiGHS proposes the prices; the check does not trust it.
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from meetings.agenda.programme import Goal, Programme, Row, at_least

SCALE = 1_000_000
Prices = tuple[tuple[int, ...], ...]
"""For each tier a price per row, in millionths."""


def prices_for(programme: Programme, values: Sequence[int]) -> Prices:
    """Prices that prove bounds close to `values`, what was reached tier by tier."""
    found = []
    for number, goal in enumerate(programme.tiers):
        rows = _rows_of(programme, values, number)
        found.append(_prices(programme.size, rows, goal))
    return tuple(found)


def proven_bounds(
    programme: Programme, values: Sequence[int], prices: Prices
) -> tuple[int, ...]:
    """What no choice exceeds in each tier, given the values of the tiers before.

    Raises ValueError if a price is negative or missing.
    """
    bounds = []
    for number, (goal, price) in enumerate(zip(programme.tiers, prices, strict=True)):
        rows = _rows_of(programme, values, number)
        if len(price) != len(rows) or any(one < 0 for one in price):
            raise ValueError("prices are at least 0, one for each row")
        bounds.append(_bound(programme.size, rows, goal, price))
    return tuple(bounds)


def _rows_of(programme: Programme, values: Sequence[int], tier: int) -> list[Row]:
    """The rows, and what the tiers before have reached."""
    kept = zip(programme.tiers[:tier], values[:tier], strict=True)
    return [*programme.rows, *(at_least(goal, value) for goal, value in kept)]


def _bound(size: int, rows: Sequence[Row], goal: Goal, price: Sequence[int]) -> int:
    beyond = [0] * size
    for column, value in goal:
        beyond[column] += value * SCALE
    total = 0
    for row, one in zip(rows, price, strict=True):
        total += one * row.limit
        if one:
            for column, weight in row.terms():
                beyond[column] -= one * weight
    return (total + sum(left for left in beyond if left > 0)) // SCALE


def _prices(size: int, rows: Sequence[Row], goal: Goal) -> tuple[int, ...]:
    cost = np.zeros(size)
    for column, value in goal:
        cost[column] -= value
    terms = [
        (number, column, weight)
        for number, row in enumerate(rows)
        for column, weight in row.terms()
    ]
    if not terms:
        return (0,) * len(rows)
    at, columns, weights = (np.array(part) for part in zip(*terms, strict=True))
    matrix = coo_array((weights.astype(float), (at, columns)), shape=(len(rows), size))
    answer = linprog(
        cost,
        A_ub=matrix.tocsr(),
        b_ub=[row.limit for row in rows],
        bounds=(0, 1),
        method="highs",
    )
    if answer.status != 0:
        return (0,) * len(rows)
    return tuple(max(round(-one * SCALE), 0) for one in answer.ineqlin.marginals)
