import numpy as np
import pytest

from matchmaking.engine.problem import (
    BadProblem,
    ClashingPins,
    NotFinite,
    OutOfRange,
    Problem,
    RepeatedPair,
    WrongKind,
    WrongShape,
)
from matchmaking.engine.solve import solve
from tests.pure.engine.problems import problem


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"weight": [0.5, float("nan")]}, NotFinite, "pair 1 is not a finite"),
        ({"weight": [0.5, float("inf")]}, NotFinite, "pair 1 is not a finite"),
        ({"weight": [0.5, 1e7]}, OutOfRange, "beyond 1,000,000"),
        ({"weight": [0.5]}, WrongShape, "weight has 1 values; 2 expected"),
        ({"weight": [[0.5, 0.5]]}, WrongShape, "2 dimensions"),
        ({"weight": ["a", "b"]}, WrongKind, "must hold numbers"),
        ({"receiver": [0, 5]}, OutOfRange, r"receiver\[1\] is 5"),
        ({"receiver": [0, -1]}, OutOfRange, r"receiver\[1\] is -1"),
        ({"receiver": [0, 0.5]}, WrongKind, "int32"),
        ({"helper": [0, 2]}, OutOfRange, r"helper\[1\] is 2"),
        ({"helper": [1, 1], "receiver": [0, 0]}, RepeatedPair, "twice"),
        ({"want": [-1, 1]}, OutOfRange, r"want\[0\] is -1"),
        ({"capacity": [1, 2**40]}, WrongKind, "int32"),
        ({"pin": [2, 0]}, WrongKind, "bool"),
        ({"demand": [1]}, WrongShape, "demand has 1"),
        ({"receiver_key": [7, 7]}, RepeatedPair, "same key"),
    ],
)
def test_bad_problem_is_refused_by_name(change, error, words):
    arrays = {
        "receiver": [0, 1],
        "helper": [0, 1],
        "weight": [0.5, 0.5],
        "want": [1, 1],
        "capacity": [1, 1],
    }

    with pytest.raises(error, match=words):
        Problem(**{**arrays, **change})


@pytest.mark.parametrize(
    ("change", "pairs"),
    [
        ({"veto": [True, False, False]}, [0]),
        ({"want": [1, 1]}, [0, 1]),
        ({"capacity": [0, 1]}, [0]),
    ],
)
def test_pins_that_clash_are_listed(change, pairs):
    limits = {"want": [2, 1], "capacity": [1, 1]}

    with pytest.raises(ClashingPins) as refusal:
        problem(
            (0, 0, 0.5),
            (0, 1, 0.5),
            (1, 1, 0.5),
            **{**limits, **change},
            pin=[True, True, False],
        )

    assert refusal.value.pairs == pairs


def test_goal_or_levels_out_of_range_are_refused():
    asked = problem((0, 0, 0.5), want=[1], capacity=[1])

    with pytest.raises(BadProblem, match="no such goal"):
        solve(asked, "best")
    with pytest.raises(BadProblem, match="levels must lie"):
        solve(asked, levels=0)


@pytest.mark.parametrize("goal", ["fair", "total", "exact"])
def test_nothing_to_match_is_an_answer(goal):
    for want, capacity in (([], []), ([1, 0], []), ([], [1])):
        result = solve(problem(want=want, capacity=capacity), goal)

        assert result.chosen.tolist() == []
        assert result.figures.wanting == sum(want)
        assert [u.code for u in result.unmet] == ["no_candidates"] * sum(want)


def test_weights_beyond_one_are_measured_by_the_largest():
    asked = problem((0, 0, 50.0), (1, 0, 100.0), want=[1, 1], capacity=[2])

    assert solve(asked, levels=10).level.tolist() == [6, 10]


def test_weight_below_zero_serves_who_has_nothing_else_and_nobody_else():
    asked = problem(
        (0, 0, -0.5), (1, 1, 0.5), (1, 2, -0.1), want=[2, 2], capacity=[1, 1, 1]
    )

    assert solve(asked).chosen.tolist() == [True, True, False]
    assert solve(asked, "total").chosen.tolist() == [False, True, False]


def test_demand_comes_before_the_total():
    asked = problem(
        (0, 0, 0.9),
        (0, 1, 0.9),
        (1, 0, 0.1),
        (1, 1, 0.1),
        want=[2, 2],
        capacity=[1, 1],
        demand=np.array([0, 2]),
    )

    result = solve(asked, "total")

    assert result.chosen.tolist() == [False, False, True, True]
    assert [(u.receiver, u.code) for u in result.unmet] == [(0, "outweighed")]
