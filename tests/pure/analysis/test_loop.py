"""From wave to wave and from answer to public page: themes, quotes, differences."""

import numpy as np
import pytest

from surveys.analysis.clusters import Cluster
from surveys.analysis.differences import (
    Sides,
    behind_the_network,
    of_a_pair,
    of_the_network,
)
from surveys.analysis.labels import Said
from surveys.analysis.quotes import Quote, quotes, size, spread
from surveys.analysis.tables import Spoken, supply_demand
from surveys.analysis.themes import Theme, continued

AXES = np.eye(4)


def cluster_of(centre, units):
    return Cluster(("a",), (), (), tuple(units), 1.0, centre)


def test_a_named_theme_is_kept_where_centres_agree_and_its_change_is_told():
    themes = [
        Theme(7, AXES[0], frozenset({1, 2, 3})),
        Theme(8, AXES[1], frozenset({4, 5})),
    ]
    clusters = [cluster_of(AXES[2], [9]), cluster_of(AXES[0], [1, 2, 3, 4, 5])]

    result = continued(themes, clusters)

    assert (result.kept, result.change) == ({7: 1}, {7: 2})
    assert (result.new, result.gone) == ((0,), (8,))


def test_shared_localities_decide_between_two_that_are_alike():
    between = (AXES[0] + AXES[1]) / np.sqrt(2)
    themes = [
        Theme(1, AXES[0], frozenset({1, 2})),
        Theme(2, AXES[1], frozenset({8, 9})),
    ]

    result = continued(themes, [cluster_of(between, [8, 9])])

    assert result.kept == {2: 0}
    assert result.gone == (1,)


def test_without_themes_all_is_new_and_without_clusters_all_is_gone():
    assert continued([], [cluster_of(AXES[0], [1])]).new == (0,)
    assert continued([Theme(1, AXES[0], frozenset())], []).gone == (1,)


def test_a_quote_needs_both_consents_and_carries_no_locality():
    said = {
        "a": Said("a", "Pay in time.", "en", unit=1, may_quote=True),
        "b": Said("b", "Withdrawn.", "en", unit=2, may_quote=False),
        "c": Said("c", "Not approved.", "en", unit=3, may_quote=True),
    }

    found = quotes(["a", "b", "c", "gone"], said, approved={"a", "b", "gone"})

    assert found == (Quote("a", "Pay in time.", "en"),)


def test_a_theme_whose_quotes_all_lost_consent_has_none():
    said = {"a": Said("a", "Withdrawn.", "en", unit=2, may_quote=False)}

    assert quotes(["a"], said, approved={"a"}) == ()


@pytest.mark.parametrize(
    ("localities", "people", "shown"),
    [
        (0, 0, {"count": 0}),
        (2, 9, {"hidden": True}),
        (3, 4, {"hidden": True}),
        (3, 5, {"count": 3}),
    ],
)
def test_a_size_is_told_from_three_localities_and_five_people(
    localities, people, shown
):
    assert size(localities, people) == shown


def test_the_spread_of_a_theme_hides_what_tables_hide():
    many = [
        Said(f"{n}", "", "en", n, ("asia", "africa")[n % 2], "joint") for n in range(12)
    ]

    shown = spread({"pay": many, "few": many[:2]}, ["asia", "africa"])

    assert shown.rows["pay", "theme"].by_region == {"africa": 6, "asia": 6}
    assert shown.rows["few", "theme"].total is None


def rows():
    government = [Spoken(n, "it.ocds", "asia", "government", "need") for n in range(6)]
    civil = [Spoken(n, "it.ocds", "asia", "civil_society", "need") for n in range(3)]
    joint = [Spoken(n, "policy.bo", "asia", "joint", "need") for n in range(5)]
    return [*government, *civil, *joint]


def test_the_two_sides_of_a_pair():
    assert of_a_pair(rows(), 0, "need") == Sides(("it.ocds", "policy.bo"), (), ())
    assert of_a_pair(rows(), 5, "need") == Sides((), (), ("it.ocds",))
    assert of_a_pair(rows(), 5, "offer") == Sides((), (), ())


def test_the_two_sides_of_the_network_with_and_without_small_numbers():
    topics = ("it.ocds", "policy.bo", "it.portal")
    few = [Spoken(5, "it.portal", "asia", "government", "need")]
    published = supply_demand([*rows(), *few], topics=topics, regions=["asia"])

    assert of_the_network(published, "need") == [
        {"topic": "it.ocds", "gap": 3, "government": 6, "civil_society": 3},
        {"topic": "policy.bo", "gap": 0, "government": 5, "civil_society": 5},
    ]
    assert behind_the_network([*rows(), *few], topics, "need")["it.portal"] == Sides(
        (), (), (5,)
    )
