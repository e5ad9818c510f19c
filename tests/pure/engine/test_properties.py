"""What holds for every problem, however it is made."""

from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings, strategies as st

from matchmaking.engine.problem import Problem
from matchmaking.engine.result import Result
from matchmaking.engine.solve import solve
from tests.bench.engine import made_up
from tests.pure.engine.problems import problems

MANY = settings(max_examples=120, deadline=None, derandomize=True)
GOALS = st.sampled_from(["fair", "total"])


def ladder(given_: Problem, result: Result) -> list[int]:
    return sorted(result.level[given_.want > 0].tolist())


@MANY
@given(problems(most=7, pairs=30), GOALS)
def test_rules_hold(asked, goal):
    chosen = solve(asked, goal).chosen

    got = np.bincount(asked.receiver[chosen], minlength=asked.size[1])
    given_ = np.bincount(asked.helper[chosen], minlength=asked.size[2])
    assert (got <= asked.want).all()
    assert (given_ <= asked.capacity).all()
    assert chosen[asked.pin].all()
    assert not chosen[asked.veto].any()


@MANY
@given(problems(most=7, pairs=30), GOALS, st.randoms(use_true_random=False))
def test_order_of_receivers_helpers_and_pairs_changes_nothing(asked, goal, dice):
    def shuffled(size):
        return np.array(dice.sample(range(size), size), np.int64)

    receivers, helpers = shuffled(asked.size[1]), shuffled(asked.size[2])
    pairs = shuffled(asked.size[0])
    moved = Problem(
        receiver=np.argsort(receivers)[asked.receiver][pairs],
        helper=np.argsort(helpers)[asked.helper][pairs],
        weight=asked.weight[pairs],
        want=asked.want[receivers],
        capacity=asked.capacity[helpers],
        pin=asked.pin[pairs],
        veto=asked.veto[pairs],
        kept=asked.kept[pairs],
        demand=asked.demand[receivers],
        receiver_key=receivers,
        helper_key=helpers,
    )

    assert solve(moved, goal).chosen.tolist() == (
        solve(asked, goal).chosen[pairs].tolist()
    )


@MANY
@given(problems(most=6, pairs=24), GOALS)
def test_same_input_has_the_same_answer(asked, goal):
    one, two = solve(asked, goal), solve(asked, goal)

    assert one.chosen.tolist() == two.chosen.tolist()
    assert one.figures == two.figures
    assert one.unmet == two.unmet
    assert one.digest == two.digest
    for before, after in zip(one.stages, two.stages, strict=True):
        assert before.first.tolist() == after.first.tolist()
        assert before.pair.tolist() == after.pair.tolist()


@MANY
@given(problems(most=6, pairs=24), st.data())
def test_one_more_place_never_makes_the_worst_off_worse(asked, data):
    helper = data.draw(st.integers(0, asked.size[2] - 1))
    more = asked.capacity.copy()
    more[helper] += 1

    assert ladder(asked, solve(replace(asked, capacity=more))) >= ladder(
        asked, solve(asked)
    )


@MANY
@given(problems(most=6, pairs=24), st.data())
def test_one_more_veto_never_makes_the_worst_off_better(asked, data):
    loose = np.flatnonzero(~asked.pin)
    assume(len(loose))
    veto = asked.veto.copy()
    veto[data.draw(st.sampled_from(loose.tolist()))] = True

    assert ladder(asked, solve(replace(asked, veto=veto))) <= ladder(
        asked, solve(asked)
    )


@MANY
@given(problems(most=6, pairs=24))
def test_fair_covers_at_least_as_many_as_total_for_no_greater_total(asked):
    asked = replace(asked, demand=0 * asked.demand)

    fair, total = solve(asked), solve(asked, "total")

    assert fair.figures.coverage >= total.figures.coverage
    assert ladder(asked, fair) >= ladder(asked, total)
    assert fair.figures.total <= total.figures.total + 1e-9


@MANY
@given(problems(most=6, pairs=24), GOALS)
def test_answer_that_stands_is_kept(asked, goal):
    chosen = solve(asked, goal).chosen

    again = solve(replace(asked, kept=chosen), goal)

    assert again.chosen.tolist() == chosen.tolist()
    assert again.figures.changes == 0


@MANY
@given(problems(most=6, pairs=24), GOALS)
def test_everybody_who_goes_short_has_a_reason(asked, goal):
    result = solve(asked, goal)

    got = np.bincount(asked.receiver[result.chosen], minlength=asked.size[1])
    due = np.minimum(np.maximum(asked.demand, 1), asked.want)
    assert {(u.receiver, u.missing) for u in result.unmet} == {
        (u, int(due[u] - got[u])) for u in np.flatnonzero(got < due).tolist()
    }


@MANY
@given(problems(most=6, pairs=24))
def test_a_crowd_has_fewer_places_than_members(asked):
    """Hall: the uncovered receivers of a crowd are those whom its places leave over."""
    result = solve(asked)

    for unmet in result.unmet:
        if unmet.code != "helpers_full" or result.level[unmet.receiver]:
            continue
        crowd, helpers = np.array(unmet.crowd), np.array(unmet.helpers)
        may = ~asked.veto & ~asked.pin & np.isin(asked.receiver, crowd)
        pinned = np.bincount(asked.helper[asked.pin], minlength=asked.size[2])
        places = int((asked.capacity - pinned)[helpers].sum())
        short = int((result.level[crowd] == 0).sum())
        assert set(asked.helper[may].tolist()) <= set(unmet.helpers)
        assert unmet.receiver in unmet.crowd
        assert len(crowd) - places == short


def test_made_up_network_of_two_hundred_is_covered_without_the_same_pair_twice():
    asked = made_up(200)

    result = solve(asked)

    assert result.figures.coverage == 200
    assert result.figures.histogram[0] == 0
    assert result.figures.pairs <= 400
