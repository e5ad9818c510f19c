import numpy as np
import pytest

from matchmaking.engine.candidates import build_candidates
from matchmaking.engine.explain import (
    WhyNot,
    load_gini,
    run_figures,
    what_if,
    why_not,
)
from matchmaking.engine.fit import (
    GiveBack,
    Misfit,
    Reason,
    confidence,
    explain_candidate,
    obstacle_counts,
    obstacles,
)
from matchmaking.engine.solve import solve
from matchmaking.engine.statements import Context
from tests.bench.engine import made_up
from tests.pure.engine.problems import problem
from tests.pure.engine.statements import need, offer

TWO = {"topic": 3.0, "experience": 1.0}


def test_reasons_come_in_the_order_of_what_they_add():
    found = build_candidates([need()], [offer()], Context(weights=TWO))

    explained = explain_candidate(found, 0)

    goals = {"need": "basics.goals", "offer": "basics.goals"}
    assert explained.reasons == (
        Reason("same_topic", 0.75, 1.0, goals),
        Reason("experience", 0.25, 1.0, {"experience": "taught"}),
    )
    assert explained.misfits == ()
    assert explained.score == sum(reason.share for reason in explained.reasons)
    assert explained.confidence == "strong"


def test_what_does_not_fit_is_named():
    found = build_candidates(
        [need()],
        [offer(sector="transport", formats=("visit",))],
        Context(weights={**TWO, "sector": 0.5, "formats": 1.0}),
    )

    explained = explain_candidate(found, 0)

    formats = {"need": ("call",), "offer": ("visit",), "shared": ()}
    assert explained.misfits == (
        Misfit("formats", 0.0, formats),
        Misfit("sector", 0.0, {"need": "health", "offer": "transport"}),
    )


def test_related_topic_has_its_own_code():
    context = Context(related=frozenset({("basics.goals", "it.tools")}), weights=TWO)
    found = build_candidates([need()], [offer(topic="it.tools", area="it")], context)

    assert [r.code for r in explain_candidate(found, 0).reasons] == [
        "related_topic",
        "experience",
    ]


def test_what_could_be_given_back_is_quoted():
    needs = [need("a"), need("b", topic="basics.change")]
    offers = [offer("b"), offer("a")]
    found = build_candidates(needs, offers, Context(weights=TWO))

    row = int(found.best[found.pair("a", "b")])

    assert explain_candidate(found, row).give_back == (
        GiveBack("b-need", "a-offer", pytest.approx(0.75 * 0.2 + 0.25)),
    )


@pytest.mark.parametrize(
    ("score", "topic", "text", "experience", "word"),
    [
        (0.7, 1.0, 0.0, 0.8, "strong"),
        (0.7, 0.0, 0.8, 1.0, "strong"),
        (0.69, 1.0, 0.0, 0.8, "good"),
        (0.9, 0.6, 0.5, 1.0, "good"),
        (0.9, 1.0, 0.0, 0.5, "good"),
        (0.5, 0.0, 0.5, 0.5, "good"),
        (0.49, 1.0, 1.0, 1.0, "look"),
        (0.9, 0.2, 0.4, 1.0, "look"),
    ],
)
def test_confidence_is_one_of_three_words(score, topic, text, experience, word):
    value = {"topic": topic, "text": text, "experience": experience}

    assert confidence(score, value) == word


def test_obstacles_are_named_and_counted():
    far = offer("far", topic="it.data", area="it", experience="planning")

    assert obstacles(need(), far, Context()) == ("only_planning", "too_far")
    assert obstacles(need(), offer(), Context()) == ()
    counts = obstacle_counts([need()], [far, offer(), offer("asker")], Context())
    assert {code: count for code, count in counts.items() if count} == {
        "same_locality": 1,
        "only_planning": 1,
        "too_far": 1,
    }


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"veto": [True, False]}, "vetoed"),
        ({"want": [0, 1]}, "wants_nothing"),
        ({"want": [1, 1], "capacity": [0, 1]}, "has_no_places"),
    ],
)
def test_pair_that_may_not_be_says_why(more, code):
    limits = {"want": [1, 1], "capacity": [1, 1]}
    asked = problem((0, 0, 0.5), (1, 1, 0.5), **{**limits, **more})

    assert why_not(asked, solve(asked), 0) == WhyNot(code)
    assert why_not(asked, solve(asked), 1) == WhyNot("chosen")


def test_place_that_went_to_another_has_its_price():
    asked = problem(
        (0, 0, 0.8), (1, 0, 0.9), (0, 1, 0.85), want=[2, 1], capacity=[1, 1]
    )

    found = why_not(asked, solve(asked, "total"), 0)

    assert (found.code, found.holders) == ("full", (1,))
    assert 0 <= found.loss <= 0.1
    assert 0.8 <= found.place_value + 1e-6 <= 0.9


def test_what_if_says_who_would_move():
    asked = problem(
        (0, 0, 0.8), (1, 0, 0.9), (0, 1, 0.85), want=[1, 1], capacity=[1, 1]
    )

    changed = what_if(asked, solve(asked), 0)

    assert changed.total == pytest.approx(0.8 - 0.9 - 0.85)
    assert changed.moved == ((0, 86, 81), (1, 91, 0))
    assert (changed.lost, changed.won) == ((1, 2), (0,))


def test_place_that_the_worst_off_needs_is_reserved():
    asked = problem((0, 0, 0.9), (0, 1, 0.8), (1, 0, 0.1), want=[2, 1], capacity=[1, 1])

    found = why_not(asked, solve(asked), 0)

    assert (found.code, found.holders) == ("reserved", (1,))


def test_receiver_with_better_helpers_has_enough():
    asked = problem((0, 0, 0.9), (0, 1, 0.4), want=[1], capacity=[1, 1])

    found = why_not(asked, solve(asked), 1)

    assert (found.code, found.holders) == ("enough", ())


def test_pair_that_would_lower_the_total_adds_nothing():
    asked = problem((0, 0, 0.9), (0, 1, -0.4), want=[2], capacity=[1, 1])

    assert why_not(asked, solve(asked), 1).code == "adds_nothing"


def test_exact_goal_has_no_prices():
    asked = problem((0, 0, 0.9), (1, 0, 0.5), want=[1, 1], capacity=[1])
    result = solve(asked, "exact")

    found = why_not(asked, result, int(np.flatnonzero(~result.chosen)[0]))

    assert (found.code, found.loss) == ("full", None)


def test_unserved_receiver_learns_who_shares_the_places():
    asked = problem(
        (0, 0, 0.9), (1, 0, 0.8), (2, 1, 0.7), want=[1, 1, 1], capacity=[1, 1]
    )

    (unmet,) = solve(asked).unmet

    assert (unmet.code, unmet.missing) == ("helpers_full", 1)
    assert unmet.crowd == (0, 1)
    assert unmet.helpers == (0,)


def test_run_figures_compare_with_the_largest_total():
    asked = problem((0, 0, 0.9), (0, 1, 0.4), (1, 0, 0.3), want=[1, 1], capacity=[1, 1])
    fair, total = solve(asked), solve(asked, "total")

    figures = run_figures(asked, fair)

    assert (fair.figures.total, total.figures.total) == (0.7, 0.9)
    assert figures.price_of_fairness == pytest.approx(1 - 0.7 / 0.9)
    assert figures.coverage == figures.wanting == 2
    assert figures.load_gini == 0
    assert figures.churn == 0


def test_gini_grows_with_the_load_of_one():
    asked = problem((0, 0, 0.9), (1, 0, 0.4), want=[1, 1], capacity=[2, 2, 0])

    assert load_gini(asked, np.array([True, True])) == pytest.approx(0.5)
    assert load_gini(asked, np.array([False, False])) == 0


def test_churn_is_the_share_that_changed():
    asked = problem(
        (0, 0, 0.9), (0, 1, 0.4), want=[1], capacity=[1, 1], kept=[False, True]
    )

    assert run_figures(asked, solve(asked)).churn == 1


def test_price_of_fairness_is_small_where_help_is_plenty():
    asked = made_up(200)

    assert run_figures(asked, solve(asked)).price_of_fairness < 0.02
