from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from matchmaking.engine.certificate import check
from matchmaking.engine.levels import levels_of, levels_reached
from matchmaking.engine.result import figures_of
from matchmaking.engine.slackness import Broken
from matchmaking.engine.solve import solve
from tests.bench.engine import made_up
from tests.pure.engine.problems import problem, problems

GOALS = st.sampled_from(["fair", "total"])
MANY = settings(max_examples=150, deadline=None, derandomize=True)


def forged(asked, result, chosen, first=None):
    """The result with other pairs, and with all figures made to fit them."""
    level = levels_reached(asked, levels_of(asked.weight, result.levels), chosen)
    return replace(
        result,
        chosen=chosen,
        level=level,
        first=result.first if first is None else first,
        figures=figures_of(asked, chosen, level, result.levels),
    )


def flipped(result, pair):
    chosen = result.chosen.copy()
    chosen[pair] = not chosen[pair]
    return chosen


@MANY
@given(problems(most=6, pairs=24), GOALS)
def test_every_single_pair_that_is_changed_is_caught(asked, goal):
    result = solve(asked, goal)

    for pair in range(asked.size[0]):
        with pytest.raises(Broken):
            check(asked, replace(result, chosen=flipped(result, pair)))


@MANY
@given(problems(most=6, pairs=24), GOALS)
def test_it_is_caught_even_when_all_figures_are_made_to_fit(asked, goal):
    result = solve(asked, goal)

    for pair in range(asked.size[0]):
        first = result.first.copy()
        first[first == pair] = -1
        with pytest.raises(Broken):
            check(asked, forged(asked, result, flipped(result, pair), first))


@MANY
@given(problems(most=6, pairs=24), GOALS, st.data())
def test_a_pair_swapped_for_another_is_caught(asked, goal, data):
    result = solve(asked, goal)
    taken = np.flatnonzero(result.chosen)
    left = np.flatnonzero(~result.chosen)
    if len(taken) == 0 or len(left) == 0:
        return
    out = data.draw(st.sampled_from(taken.tolist()))
    into = data.draw(st.sampled_from(left.tolist()))
    chosen = result.chosen.copy()
    chosen[out], chosen[into] = False, True
    first = np.where(
        (result.first == out) & (asked.receiver[into] == asked.receiver[out]),
        into,
        np.where(result.first == out, -1, result.first),
    ).astype(np.int32)

    with pytest.raises(Broken):
        check(asked, forged(asked, result, chosen, first))


def test_every_chosen_pair_of_a_larger_network_counts():
    asked = made_up(60)
    result = solve(asked)

    for pair in np.flatnonzero(result.chosen).tolist():
        first = result.first.copy()
        first[first == pair] = -1
        with pytest.raises(Broken):
            check(asked, forged(asked, result, flipped(result, pair), first))


def test_answer_to_another_problem_is_refused():
    asked, other = made_up(20), made_up(20, seed=2)

    with pytest.raises(Broken, match="another problem"):
        check(other, solve(asked))


def test_largest_total_does_not_pass_as_fair():
    asked = made_up(60)
    fair, total = solve(asked), solve(asked, "total")
    assert fair.level.tolist() != total.level.tolist()

    with pytest.raises(Broken):
        check(asked, forged(asked, fair, total.chosen))
    with pytest.raises(Broken, match="not the due ones"):
        check(asked, replace(total, stages=total.stages[1:]))


def test_a_level_that_was_not_counted_is_noticed():
    asked = made_up(20)
    result = solve(asked)
    counted = [s for s in result.stages if s.name == "levels"]

    for stage in counted:
        fewer = tuple(each for each in result.stages if each is not stage)
        with pytest.raises(Broken):
            check(asked, replace(result, stages=fewer))


def test_prices_that_avoid_a_level_must_be_zero():
    asked = problem((0, 0, 0.9), (0, 1, 0.2), want=[1], capacity=[1, 1])
    result = solve(asked)
    stages = tuple(
        replace(each, first=each.first + 1) if each.name == "avoided" else each
        for each in result.stages
    )
    assert any(each.name == "avoided" for each in stages)

    with pytest.raises(Broken, match="avoided levels have prices"):
        check(asked, replace(result, stages=stages))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("pairs", 3, "number of pairs"),
        ("total", 1.0, "total is misstated"),
        ("coverage", 1, "coverage"),
        ("wanting", 1, "miscounted"),
        ("changes", 1, "changes"),
        ("histogram", (0,) * 101, "histogram"),
    ],
)
def test_misstated_figure_is_named(name, value, words):
    asked = problem((0, 0, 0.9), (1, 1, 0.2), want=[1, 1], capacity=[1, 1])
    result = solve(asked)
    figures = replace(result.figures, **{name: value})

    with pytest.raises(Broken, match=words):
        check(asked, replace(result, figures=figures))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pin": np.array([False, True])}, "a pin is not kept"),
        ({"veto": np.array([True, False])}, "a vetoed pair"),
        ({"want": np.array([0])}, "more than it wants"),
        ({"capacity": np.array([0, 1])}, "more than its places"),
    ],
)
def test_broken_rule_is_named(change, words):
    asked = problem((0, 0, 0.9), (0, 1, 0.2), want=[1], capacity=[1, 1])
    other = replace(asked, **change)
    result = replace(solve(asked), digest=other.digest())

    with pytest.raises(Broken, match=words):
        check(other, result)


def test_exact_answer_states_how_near_it_is():
    asked = made_up(20)
    result = solve(asked, "exact")

    assert check(asked, result).startswith(("optimal", "keeps all rules"))
    figures = replace(result.figures, floor=0.5)
    with pytest.raises(Broken, match="floor is misstated"):
        check(asked, replace(result, figures=figures))
