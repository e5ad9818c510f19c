"""Learning from answers: planted weights are found again, and few answers move nothing."""

import random

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from matchmaking.engine.fit import PLAIN_BARS
from matchmaking.engine.learning import (
    Bars,
    Example,
    bars_of,
    evaluate,
    learn,
    ndcg,
)
from matchmaking.engine.statements import DEFAULT_WEIGHTS, FACTORS

HELD = FACTORS.index("phase")


def answers(count: int, seed: int = 1, *, rounds: int = 1) -> list[Example]:
    """People who look at `phase` before all: welcome where it is high, with noise."""
    draw = random.Random(seed)  # noqa: S311
    made = []
    for number in range(count):
        values = tuple(round(draw.random(), 3) for _name in FACTORS)
        is_good = values[HELD] + draw.gauss(0, 0.15) > 0.5
        made.append(Example(number * rounds // count, values, is_good))
    return made


def test_too_few_answers_teach_nothing():
    assert learn(answers(29), DEFAULT_WEIGHTS) is None
    only_good = [Example(0, row.values, is_good=True) for row in answers(100)]
    assert learn(only_good, DEFAULT_WEIGHTS) is None
    assert evaluate(only_good, DEFAULT_WEIGHTS) == ()
    assert bars_of(answers(29), DEFAULT_WEIGHTS, PLAIN_BARS) is PLAIN_BARS


def test_what_people_look_at_comes_to_count_more():
    found = learn(answers(400), DEFAULT_WEIGHTS)

    assert found is not None
    assert found.factors[0].name == "phase"
    assert found.weights["phase"] > 3 * DEFAULT_WEIGHTS["phase"]
    assert found.factors[0].welcome > found.factors[0].declined + 0.3


def test_more_answers_move_further_and_few_move_little():
    moved = []
    for count in (40, 150, 600):
        found = learn(answers(count), DEFAULT_WEIGHTS)
        assert found is not None
        moved.append(found.weights["phase"])

    assert DEFAULT_WEIGHTS["phase"] < moved[0] < moved[1] < moved[2]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(30, 120))
def test_weights_are_weights_whatever_was_answered_in_whatever_order(seed, count):
    examples = answers(count, seed)
    found = learn(examples, DEFAULT_WEIGHTS)
    random.Random(seed).shuffle(examples)  # noqa: S311
    again = learn(examples, DEFAULT_WEIGHTS)

    assert found == again
    if found is not None:
        assert sum(found.weights.values()) == pytest.approx(1)
        assert min(found.weights.values()) >= 0
        bars = bars_of(examples, DEFAULT_WEIGHTS, PLAIN_BARS)
        assert 0.3 <= bars.good <= bars.strong <= 0.95


def test_later_rounds_are_judged_by_what_earlier_ones_taught():
    found = evaluate(answers(400, rounds=4), DEFAULT_WEIGHTS)

    assert [row.when for row in found] == [1, 2, 3]
    assert all(row.ndcg_after > row.ndcg_before for row in found)
    assert found[-1].upper_half_after > found[-1].upper_half_before


def test_bars_follow_what_was_welcome():
    """Half of all scores from 0.4 to 0.6 were welcome, none below, all above."""
    examples = [
        Example(0, (score / 200,) * len(FACTORS), is_good=score / 200 > 0.5)
        for score in range(60, 180)
    ]

    bars = bars_of(examples, DEFAULT_WEIGHTS, Bars(0.9, 0.8))

    assert 0.45 < bars.good <= bars.strong < 0.55


@pytest.mark.parametrize(
    ("score", "good", "expected"),
    [
        ([3, 2, 1], [1, 0, 0], 1.0),
        ([1, 2, 3], [1, 0, 0], 0.5),
        ([1, 1], [1, 0], (1 + 1 / np.log2(3)) / 2),
        ([1, 2], [0, 0], 0.0),
    ],
)
def test_ndcg_of_lists_done_by_hand(score, good, expected):
    assert ndcg(np.array(score, float), np.array(good, float)) == pytest.approx(
        expected
    )
