"""Not the same helper to neighbours, and nobody pays for it with a first match."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from matchmaking.engine.certificate import check
from matchmaking.engine.solve import solve
from matchmaking.engine.spread import spread
from tests.pure.engine.problems import problem, problems


def pairs(found):
    chosen = np.flatnonzero(found.result.chosen)
    return {
        (int(found.problem.receiver[row]), int(found.problem.helper[row]))
        for row in chosen
    }


def test_of_two_neighbours_one_takes_the_helper_that_is_nearly_as_good():
    given_ = problem(
        (0, 0, 0.9), (1, 0, 0.905), (1, 1, 0.904), want=[1, 1], capacity=[2, 2]
    )

    together = spread(given_, solve(given_), ["", ""])
    apart = spread(given_, solve(given_), ["KE", "KE"])

    assert pairs(together) == {(0, 0), (1, 0)}
    assert (pairs(apart), apart.doubled) == ({(0, 0), (1, 1)}, 0)
    assert len(apart.set_aside) == 1


@pytest.mark.parametrize("other", [0.5, 0.0])
def test_a_worse_first_match_is_too_much_to_pay(other):
    given_ = problem(
        (0, 0, 0.9), (1, 0, 0.9), (1, 1, other), want=[1, 1], capacity=[2, 2]
    )

    found = spread(given_, solve(given_), ["KE", "KE"])

    assert (pairs(found), found.doubled) == ({(0, 0), (1, 0)}, 1)
    assert found.set_aside == ()


def test_a_second_match_may_be_given_up_only_within_two_of_a_hundred():
    many = [(row, row, 1.0) for row in range(2, 60)]
    given_ = problem(
        (0, 0, 0.9),
        (1, 1, 0.95),
        (1, 0, 0.4),
        *many,
        want=[1, 2] + [1] * 58,
        capacity=[2, 1] + [1] * 58,
    )

    found = spread(given_, solve(given_), ["KE", "KE"] + [""] * 58)

    assert (1, 0) not in pairs(found)
    assert found.doubled == 0


@settings(max_examples=300, deadline=None)
@given(
    problems(most=4, pairs=10), st.lists(st.sampled_from("ab "), min_size=4, max_size=4)
)
def test_nobody_loses_a_level_and_the_answer_is_still_proved(given_, where):
    first = solve(given_)
    neighbourhood = [name.strip() for name in where][: given_.size[1]]

    found = spread(given_, first, neighbourhood)

    assert np.array_equal(found.result.level, first.level)
    assert found.result.figures.total >= 0.98 * first.figures.total - 1e-9
    assert check(found.problem, found.result) == "optimal"
    assert found.result.chosen[given_.pin].all()
    assert not (found.result.chosen & given_.veto).any()
    assert not found.result.chosen[list(found.set_aside)].any()
