"""Who answered: no split gives away one or two localities, answering or silent."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import linprog

from surveys.analysis.response import Asked, middle, response

REGIONS = ("africa", "asia", "europe", "latin_america", "pacific")
SIDES = ("civil_society", "government")


def rows_of(homes, answers):
    """`answers` of each locality: which of its two sides have sent."""
    return [
        Asked(unit, region, side, side in sent)
        for unit, (region, sent) in enumerate(zip(homes, answers, strict=True))
        for side in SIDES
    ]


@st.composite
def waves(draw):
    regions = REGIONS[: draw(st.integers(2, 5))]
    homes = draw(st.lists(st.sampled_from(regions), min_size=1, max_size=20))
    sent = st.sampled_from([(), SIDES, SIDES, ("government",), ("civil_society",)])
    answers = draw(st.lists(sent, min_size=len(homes), max_size=len(homes)))
    return regions, rows_of(homes, answers)


def bounds(found, name):
    """The least and the most that may hide behind one cell, by linear programming."""
    asked, answered = found["asked"], found["answered"]
    regions, sides = list(asked["by_region"]), list(asked["by_side"])
    names = regions + sides
    equal, sums, most, ends = [], [], [], []
    known = {**answered["by_region"], **answered["by_side"]}
    limits = [
        (known[each]["count"],) * 2
        if "count" in known[each]
        else (0, {**asked["by_region"], **asked["by_side"]}[each])
        for each in names
    ]
    equal.append([float(each in regions) for each in names])
    sums.append(answered["total"])
    most.append([-float(each in sides) for each in names])
    ends.append(-answered["total"])
    for side in sides:
        most.append([float(each == side) for each in names])
        ends.append(answered["total"])
    goal = np.array([float(each == name) for each in names])
    found_ends = []
    for sign in (1, -1):
        solved = linprog(sign * goal, most, ends, equal, sums, bounds=limits)
        assert solved.status == 0
        found_ends.append(float(solved.x @ goal))
    return found_ends


@given(waves())
@settings(deadline=None, derandomize=True, max_examples=150)
def test_no_sum_determines_a_hidden_split(wave):
    regions, rows = wave

    found = response(rows, regions=regions)

    if 0 < found["answered"]["total"] < found["asked"]["total"]:
        cells = {**found["answered"]["by_region"], **found["answered"]["by_side"]}
        for name, cell in cells.items():
            if "hidden" in cell:
                least, most = bounds(found, name)
                assert most - least > 1 - 1e-6


@given(waves())
@settings(deadline=None, derandomize=True, max_examples=150)
def test_no_small_split_is_shown_neither_of_the_answering_nor_of_the_silent(wave):
    regions, rows = wave

    found = response(rows, regions=regions)

    asked, answered = found["asked"], found["answered"]
    several = sum(most > 0 for most in asked["by_region"].values()) > 1
    if several and 0 < answered["total"] < asked["total"]:
        for split in ("by_region", "by_side"):
            for name, cell in answered[split].items():
                if "count" in cell:
                    silent = asked[split][name] - cell["count"]
                    assert not {1, 2} & {cell["count"], silent}


def test_a_locality_has_answered_when_one_of_its_sides_has():
    homes = ["africa"] * 6 + ["asia"] * 6
    answers = list(itertools.chain([SIDES] * 3, [("government",)] * 3)) * 2

    found = response(rows_of(homes, answers), regions=("africa", "asia"))

    assert found["answered"] == {
        "total": 12,
        "by_region": {"africa": {"count": 6}, "asia": {"count": 6}},
        "by_side": {"civil_society": {"count": 6}, "government": {"count": 12}},
    }


@pytest.mark.parametrize("answering", [2, 15])
def test_two_that_answer_are_hidden_and_so_are_two_that_do_not(answering):
    homes = ["africa"] * 9 + ["asia"] * 8
    answers = [SIDES if n < answering else () for n in range(17)]

    found = response(rows_of(homes, answers), regions=("africa", "asia"))

    assert found["answered"]["total"] == answering
    assert found["answered"]["by_region"] == {
        key: {"hidden": True} for key in ("africa", "asia")
    }


def test_without_anybody_asked_there_is_nothing_to_hide():
    assert response([], regions=("asia",))["answered"]["total"] == 0


def test_the_middle_is_told_from_five_localities_and_to_the_nearest_half():
    four = [(unit, 7.0) for unit in range(4)]

    assert middle(four) == {"hidden": True}
    assert middle([*four, (0, 2.0), (9, 9.0)]) == {"median": 7.0}
    assert middle([]) == {"asked": False}
