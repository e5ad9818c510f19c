"""Supply and demand: what is counted, what coordinators see, what is refused."""

import json

import pytest

from surveys.analysis.tables import (
    Spoken,
    largest_unmet,
    supply_demand,
    supply_demand_for_coordinators,
)

REGIONS = ("africa", "asia", "europe", "latin_america")
TOPICS = ("it.ocds", "it.portal", "policy.bo")


def spoken(units, topic="it.ocds", kind="need", side="government"):
    return [Spoken(unit, topic, REGIONS[unit % 4], side, kind) for unit in units]


def row(result, topic):
    return next(each for each in result["topics"] if each["topic"] == topic)


def test_a_locality_counts_once_and_a_joint_statement_counts_for_both_sides():
    rows = spoken(range(12), side="joint") + spoken(range(12)) + spoken(range(12))

    found = row(supply_demand(rows, topics=TOPICS, regions=REGIONS), "it.ocds")

    nobody = {"needs": {"count": 3}, "offers": {"count": 0}}
    assert found == {
        "topic": "it.ocds",
        "needs": {"count": 12},
        "offers": {"count": 0},
        "unmet": {"count": 12},
        "by_region": dict.fromkeys(REGIONS, nobody),
        "by_side": {
            "civil_society": {"needs": {"count": 12}, "offers": {"count": 0}},
            "government": {"needs": {"count": 12}, "offers": {"count": 0}},
        },
    }


def test_two_localities_are_hidden_with_all_that_is_said_of_them_and_nobody_is_not():
    rows = spoken(range(12), topic="policy.bo") + spoken(range(2), kind="offer")

    found = row(supply_demand(rows, topics=TOPICS, regions=REGIONS), "it.ocds")

    assert (found["needs"], found["offers"]) == ({"count": 0}, {"hidden": True})
    assert found["unmet"] == {"hidden": True}
    assert {cell["offers"]["hidden"] for cell in found["by_region"].values()} == {True}
    assert {cell["offers"]["hidden"] for cell in found["by_side"].values()} == {True}


def test_a_small_region_is_hidden_with_its_neighbour_and_the_other_pair_is_shown():
    everybody = spoken(range(12), topic="policy.bo")
    rows = everybody + spoken([0, 1, 5, 9, 2, 6, 10, 3, 7, 11])

    found = row(supply_demand(rows, topics=TOPICS, regions=REGIONS), "it.ocds")

    assert {name: cell["needs"] for name, cell in found["by_region"].items()} == {
        "africa": {"hidden": True},
        "asia": {"hidden": True},
        "europe": {"count": 3},
        "latin_america": {"count": 3},
    }


def test_one_small_side_hides_the_other_which_is_its_complement():
    rows = spoken(range(12), topic="policy.bo", side="joint")
    rows += spoken(range(12)) + spoken([3], side="civil_society")

    found = row(supply_demand(rows, topics=TOPICS, regions=REGIONS), "it.ocds")

    assert found["needs"] == {"count": 12}
    assert {side: cell["needs"] for side, cell in found["by_side"].items()} == {
        "civil_society": {"hidden": True},
        "government": {"hidden": True},
    }


def test_a_region_with_two_localities_is_never_split_off():
    rows = spoken([0, 4, 8, 12, 1, 5, 9, 2, 6, 10, 3, 7], topic="policy.bo")
    rows += spoken([0, 4, 8, 12, 1, 5, 9, 2, 6, 10])

    found = row(supply_demand(rows, topics=TOPICS, regions=REGIONS), "policy.bo")

    assert found["by_region"]["latin_america"]["needs"] == {"hidden": True}
    assert found["by_region"]["asia"]["needs"] == {"count": 3}


def test_with_two_localities_in_all_nothing_is_shown_and_with_none_all_is_zero():
    few = supply_demand(spoken([1, 2]), topics=TOPICS, regions=REGIONS)
    none = supply_demand([], topics=TOPICS, regions=REGIONS)

    assert few["units"] is None
    assert '"count"' not in json.dumps(few)
    assert none["units"] == 0
    assert '"hidden"' not in json.dumps(none)


def test_gaps_come_first_and_what_is_hidden_has_no_say_in_the_order():
    one, two = (
        spoken(range(12), topic="policy.bo") + spoken(range(hidden), topic="it.portal")
        for hidden in (1, 2)
    )

    orders = {
        tuple(supply_demand(rows, topics=TOPICS, regions=REGIONS)["order"])
        for rows in (one, two)
    }

    assert orders == {("policy.bo", "it.portal", "it.ocds")}


def test_coordinators_see_every_count_and_who_is_behind_it():
    rows = spoken([5, 1], kind="offer") + spoken([2])

    found = row(
        supply_demand_for_coordinators(rows, topics=TOPICS, regions=REGIONS), "it.ocds"
    )

    assert found["offers"] == {"count": 2, "units": [1, 5]}
    assert found["by_region"]["asia"]["offers"] == {"count": 2, "units": [1, 5]}
    assert found["by_side"]["government"]["needs"] == {"count": 1, "units": [2]}


def test_largest_unmet_is_by_gap_then_needs_then_code_and_knows_every_count():
    rows = spoken(range(5)) + spoken(range(3), kind="offer")
    rows += spoken(range(2), topic="policy.bo") + spoken([1], topic="it.portal")
    rows += spoken(range(2), topic="it.portal", kind="offer")
    known = supply_demand_for_coordinators(rows, topics=TOPICS, regions=REGIONS)
    published = supply_demand(rows, topics=TOPICS, regions=REGIONS)

    assert largest_unmet(known, 5) == ["it.ocds", "policy.bo"]
    assert largest_unmet(known, 1) == ["it.ocds"]
    with pytest.raises(ValueError, match="hidden"):
        largest_unmet(published, 5)


def test_the_same_whatever_the_order_of_rows_and_lists():
    rows = [*spoken(range(9)), *spoken(range(4), kind="offer", side="joint")]
    first = supply_demand(rows, topics=TOPICS, regions=REGIONS)

    second = supply_demand(rows[::-1], topics=TOPICS[::-1], regions=REGIONS[::-1])

    assert json.dumps(first) == json.dumps(second)
    assert json.dumps(first) == json.dumps(first, sort_keys=True)


@pytest.mark.parametrize(
    "row",
    [
        Spoken(1, "unheard.of", "asia", "government", "need"),
        Spoken(1, "it.ocds", "atlantis", "government", "need"),
        Spoken(1, "it.ocds", "asia", "king", "need"),
        Spoken(1, "it.ocds", "asia", "government", "wish"),
        Spoken(2, "it.ocds", "asia", "government", "need"),
    ],
)
def test_what_is_not_listed_is_refused(row):
    rows = [Spoken(2, "it.ocds", "europe", "government", "need"), row]

    with pytest.raises(ValueError, match=r"locality in two|not listed|no such side"):
        supply_demand(rows, topics=TOPICS, regions=REGIONS)
