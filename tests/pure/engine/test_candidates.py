import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from matchmaking.engine.affinity import Calibrated, Known
from matchmaking.engine.assemble import UnknownUnit, problem_of
from matchmaking.engine.candidates import build_candidates
from matchmaking.engine.problem import ClashingPins
from matchmaking.engine.solve import solve
from matchmaking.engine.statements import (
    DEFAULT_WEIGHTS,
    EXPERIENCE,
    FACTORS,
    BadWeights,
    Context,
    NoWeights,
    RepeatedStatement,
    TooManyCodes,
    UnknownCode,
    normalised,
)
from tests.pure.engine.statements import need, offer


def factor(name, one, two, **context):
    """One factor of one need and one offer."""
    found = build_candidates([one], [two], Context(least_match=0, **context))
    return float(found.factors[0, FACTORS.index(name)])


RELATED = frozenset({("basics.goals", "it.tools")})
TEXTS = Known(np.array([[0.7]]))


@pytest.mark.parametrize(
    ("name", "asked", "given_", "around", "expected"),
    [
        ("topic", {}, {}, {}, 1.0),
        ("topic", {}, {"topic": "it.tools", "area": "it"}, {"related": RELATED}, 0.6),
        ("topic", {"topic": "it.tools"}, {}, {"related": RELATED}, 0.6),
        ("topic", {}, {"topic": "basics.change"}, {}, 0.2),
        ("topic", {}, {"topic": "it.data", "area": "it"}, {}, 0.0),
        ("topic", {"topic": "", "area": ""}, {"topic": "", "area": ""}, {}, 0.0),
        ("text", {"vector": 0}, {"vector": 0}, {"affinity": TEXTS}, 0.7),
        ("text", {"vector": None}, {"vector": 0}, {"affinity": TEXTS}, 0.0),
        ("text", {"vector": 0}, {"vector": 0}, {}, 0.0),
        ("experience", {}, {"experience": "taught"}, {}, 1.0),
        ("experience", {}, {"experience": "done"}, {}, 0.8),
        ("experience", {}, {"experience": "doing"}, {}, 0.5),
        ("evidence", {}, {"has_evidence": False}, {}, 0.0),
        ("evidence", {}, {}, {}, 1.0),
        ("phase", {"phase": 1}, {"phase": 3}, {}, 1.0),
        ("phase", {"phase": 1}, {"phase": 1}, {}, 0.6),
        ("phase", {"phase": 0}, {"phase": 5}, {}, 0.5),
        ("phase", {"phase": 3}, {"phase": 2}, {}, 0.3),
        ("phase", {"phase": 5}, {"phase": 0}, {}, 0.1),
        ("phase", {"phase": None}, {}, {}, 0.5),
        ("context", {}, {}, {}, 1.0),
        ("context", {}, {"government": "region"}, {}, 2 / 3),
        ("context", {"system": "", "size": None}, {"government": "region"}, {}, 0.0),
        ("context", {"size": 0}, {"size": 3}, {}, 2 / 3),
        ("context", {"government": "", "system": "", "size": None}, {}, {}, 0.5),
        ("sector", {}, {"sector": "transport"}, {}, 0.0),
        ("sector", {}, {"sector": "cross"}, {}, 0.5),
        ("stage", {"stage": ""}, {}, {}, 0.5),
        ("formats", {}, {"formats": ("visit",)}, {}, 0.0),
        ("formats", {"formats": ()}, {}, {}, 0.5),
        ("language", {}, {}, {}, 1.0),
        ("language", {"languages": ()}, {}, {}, 0.5),
        (
            "language",
            {"languages": ("es",)},
            {},
            {"interpreted": frozenset({"es", "en"})},
            0.4,
        ),
        ("zone", {}, {"utc_offset": 3.0}, {}, 1.0),
        ("zone", {"utc_offset": -5.0}, {"utc_offset": 1.0}, {}, 0.5),
        ("zone", {"utc_offset": -11.0}, {"utc_offset": 12.0}, {}, 1.0),
        ("zone", {"utc_offset": None}, {}, {}, 0.5),
        ("new", {}, {}, {"introduced": {("asker", "helper"): 8.0}}, 0.0),
        ("new", {}, {}, {"introduced": {("helper", "asker"): 8.0}}, 1.0),
        ("side", {}, {"side": "civil_society"}, {}, 0.0),
        ("side", {"side": "both"}, {"side": "civil_society"}, {}, 1.0),
    ],
)
def test_factor(name, asked, given_, around, expected):
    assert factor(name, need(**asked), offer(**given_), **around) == pytest.approx(
        expected
    )


def many(units=9, seed=0):
    dice = np.random.default_rng(seed)

    def some(*values):
        return values[int(dice.integers(len(values)))]

    def statement(make, unit, place):
        area = some("basics", "it")
        more = {} if make is need else {"experience": some(*EXPERIENCE)}
        return make(
            f"u{unit}",
            id=f"u{unit}-{make.__name__}-{place}",
            topic=f"{area}.{some('a', 'b', 'c')}",
            area=area,
            sector=some("health", "transport", "cross"),
            phase=some(None, 0, 1, 2, 3, 4, 5),
            size=some(None, 0, 2, 4),
            languages=some(("en",), ("es",), ("en", "es"), ()),
            utc_offset=some(None, -5.0, 0.0, 7.0),
            **more,
        )

    needs = [statement(need, u, p) for u in range(units) for p in range(2)]
    offers = [statement(offer, u, p) for u in range(units) for p in range(2)]
    return needs, offers


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_order_of_statements_changes_nothing(seed, dice):
    needs, offers = many(seed=seed)
    context = Context(vetoes=frozenset({("u1", "u2")}))
    one = build_candidates(needs, offers, context)
    dice.shuffle(needs)
    dice.shuffle(offers)

    two = build_candidates(needs, offers, context)

    for name in ("need", "offer", "factors", "receiver", "helper", "best", "weight"):
        assert np.array_equal(getattr(one, name), getattr(two, name))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10_000))
def test_factors_lie_between_0_and_1_and_contributions_sum_to_the_score(seed):
    found = build_candidates(*many(seed=seed), Context())

    assert ((found.factors >= 0) & (found.factors <= 1)).all()
    assert found.contributions.sum(axis=1) == pytest.approx(found.score, abs=1e-12)
    assert ((found.score >= 0) & (found.score <= 1 + 1e-12)).all()
    assert found.affinity.tolist() == found.score[found.best].tolist()


def test_pair_takes_its_best_candidate():
    needs = [need(id="near"), need(id="far", topic="basics.change")]

    found = build_candidates(needs, [offer()], Context())

    row = found.best[found.pair("asker", "helper")]
    assert found.needs[found.need[row]].id == "near"
    assert len(found.receiver) == 1
    assert found.pair("helper", "asker") is None
    assert found.pair("asker", "nobody") is None


@pytest.mark.parametrize(
    ("asked", "given_", "around"),
    [
        ({}, {"unit": "asker"}, {}),
        ({}, {}, {"vetoes": frozenset({("asker", "helper")})}),
        ({}, {}, {"paused": frozenset({"helper"})}),
        ({}, {}, {"paused": frozenset({"asker"})}),
        ({}, {"experience": "planning"}, {}),
        ({}, {"hours": 1.0}, {"least_hours": 2.0}),
        ({}, {"languages": ("es",)}, {}),
        ({}, {"utc_offset": 7.0}, {"least_overlap": 2.0}),
        ({}, {}, {"introduced": {("asker", "helper"): 1.0}}),
        ({}, {"topic": "it.data", "area": "it"}, {}),
    ],
)
def test_what_is_barred_is_no_candidate(asked, given_, around):
    found = build_candidates([need(**asked)], [offer(**given_)], Context(**around))

    assert len(found.need) == len(found.receiver) == 0
    assert problem_of(found, {}, {}).size[0] == 0


def test_unknown_clock_does_not_bar():
    context = Context(least_overlap=2.0)

    found = build_candidates([need(utc_offset=None)], [offer()], context)

    assert len(found.need) == 1


def test_only_the_nearest_offers_stay_but_no_helper_is_left_out():
    offers = [offer(f"h{n}", phase=2 if n else 5) for n in range(4)]

    short = build_candidates([need()], offers, Context(), per_need=2, per_helper=0)
    long = build_candidates([need()], offers, Context(), per_need=2, per_helper=1)

    assert [short.offers[o].unit for o in short.offer] == ["h1", "h2"]
    assert [long.offers[o].unit for o in long.offer] == ["h0", "h1", "h2", "h3"]


def test_blocks_give_what_one_block_gives(monkeypatch):
    needs, offers = many(units=12)
    whole = build_candidates(needs, offers, Context(), per_need=3, per_helper=2)
    monkeypatch.setattr("matchmaking.engine.candidates.BLOCK", 60)

    parts = build_candidates(needs, offers, Context(), per_need=3, per_helper=2)

    assert parts.need.tolist() == whole.need.tolist()
    assert parts.offer.tolist() == whole.offer.tolist()
    assert parts.factors.tolist() == whole.factors.tolist()


def test_weight_counts_what_could_be_given_back():
    there = [need("a"), need("b")]
    one_way = build_candidates(there, [offer("b")], Context())
    both_ways = build_candidates(there, [offer("a"), offer("b")], Context())

    alone = one_way.weight[one_way.pair("a", "b")]
    mutual = both_ways.weight[both_ways.pair("a", "b")]

    score = both_ways.affinity[both_ways.pair("a", "b")]
    assert alone == pytest.approx(0.8 * score)
    assert mutual == pytest.approx(score)


def test_weight_without_reciprocity_is_the_affinity():
    found = build_candidates(*many(), Context(reciprocity=0.0))

    assert found.weight.tolist() == found.affinity.tolist()


def test_who_met_before_weighs_less_and_who_is_proposed_more():
    pair = ("asker", "helper")
    options = {"reciprocity": 0.0, "weights": {"topic": 1.0}}

    def weight(**more):
        found = build_candidates([need()], [offer()], Context(**options, **more))
        return float(found.weight[0])

    assert weight() == 1.0
    assert weight(introduced={pair: 12.0}) == pytest.approx(1 - 0.15 / 2)
    assert weight(introduced={("x", "y"): 12.0}) == 1.0
    assert weight(proposed=frozenset({pair}), proposed_bonus=0.1) == pytest.approx(1.1)


def test_weights_are_brought_to_a_sum_of_one():
    assert sum(DEFAULT_WEIGHTS.values()) == pytest.approx(1)
    assert normalised({"topic": 3, "text": 1})["topic"] == 0.75
    assert list(normalised({"text": 1})) == list(FACTORS)


@pytest.mark.parametrize(
    ("weights", "error"),
    [
        ({}, NoWeights),
        ({"topic": 0.0}, NoWeights),
        ({"topic": -1.0}, BadWeights),
        ({"topic": float("nan")}, BadWeights),
        ({"topic": float("inf")}, BadWeights),
        ({"charm": 1.0}, UnknownCode),
    ],
)
def test_weights_that_mean_nothing_are_refused(weights, error):
    with pytest.raises(error):
        normalised(weights)


@pytest.mark.parametrize(
    ("needs", "offers", "error"),
    [
        ([need(), need()], [], RepeatedStatement),
        ([need(phase=6)], [], UnknownCode),
        ([], [offer(experience="heard of it")], UnknownCode),
        ([need(languages=tuple(f"l{n}" for n in range(65)))], [], TooManyCodes),
    ],
)
def test_statements_that_cannot_be_compared_are_refused(needs, offers, error):
    with pytest.raises(error):
        build_candidates(needs, offers, Context())


@pytest.mark.parametrize(
    ("needs", "offers"), [([], []), ([need()], []), ([], [offer()])]
)
def test_nothing_to_compare_gives_no_candidates(needs, offers):
    found = build_candidates(needs, offers, Context())

    assert found.factors.shape == (0, len(FACTORS))
    assert solve(problem_of(found, {}, {})).figures.coverage == 0


def test_calibrated_texts_are_placed_among_strangers():
    vectors = np.array([[1, 0], [0, 1]], np.float32)
    texts = Calibrated(vectors, vectors, np.array([0.0, 0.5, 0.9, 1.0]))

    both = texts.between(np.array([[0], [1]]), np.array([[0, 1]]))
    each = texts.between(np.array([0, 1]), np.array([0, 0]))

    assert both.tolist() == [[1.0, 0.25], [0.25, 1.0]]
    assert each.tolist() == [1.0, 0.25]


def test_problem_has_who_wants_and_who_has_places():
    found = build_candidates([need()], [offer(), offer("other")], Context())

    asked = problem_of(found, {"asker": 1}, {"other": 5})

    assert found.units == ("asker", "helper", "other")
    assert asked.want.tolist() == [1, 0, 0]
    assert asked.capacity.tolist() == [0, 3, 5]
    assert asked.receiver.tolist() == [0, 0]
    assert asked.weight.tolist() == found.weight.tolist()


def test_pins_are_kept_even_outside_the_candidates():
    found = build_candidates([need()], [offer(), offer("other")], Context())

    asked = problem_of(
        found, {"asker": 2}, {}, pins=[("other", "helper")], kept=[("asker", "other")]
    )

    assert asked.pin.tolist() == [False, False, True]
    assert asked.kept.tolist() == [False, True, False]
    assert solve(asked).chosen.tolist() == [True, True, True]


def test_pins_that_cannot_be_kept_are_refused():
    found = build_candidates([need()], [offer()], Context())

    with pytest.raises(UnknownUnit):
        problem_of(found, {}, {}, pins=[("asker", "stranger")])
    with pytest.raises(ClashingPins):
        problem_of(found, {"asker": 0}, {}, pins=[("asker", "helper")])


def test_draw_between_equals_does_not_depend_on_who_else_takes_part():
    def first_choice(*more):
        offers = [offer("h1"), offer("h2"), *more]
        found = build_candidates([need()], offers, Context())
        asked = problem_of(found, {"asker": 1}, {})
        chosen = np.flatnonzero(solve(asked).chosen)
        return [found.units[found.helper[pair]] for pair in chosen]

    assert first_choice() == first_choice(offer("a", experience="doing"))


def as_rows(built):
    """(receiver, helper) to what the pair weighs, and to what speaks for it."""
    return {
        (built.units[u], built.units[h]): (
            built.needs[built.need[best]].id,
            built.offers[built.offer[best]].id,
            round(affinity, 9),
            round(weight, 9),
        )
        for u, h, best, affinity, weight in zip(
            built.receiver,
            built.helper,
            built.best,
            built.affinity,
            built.weight,
            strict=True,
        )
    }


SOME = st.sets(st.sampled_from([f"u{unit}" for unit in range(9)]), max_size=4)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), SOME)
def test_some_receivers_get_what_they_get_among_all(seed, some):
    """Where nothing is cut off: the same pairs with the same weights."""
    needs, offers = many(seed=seed)

    whole = as_rows(build_candidates(needs, offers, Context()))
    part = as_rows(build_candidates(needs, offers, Context(), receivers=some))

    assert part == {pair: row for pair, row in whole.items() if pair[0] in some}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), SOME)
def test_some_receivers_miss_nothing_that_they_had_among_all(seed, some):
    """Where only the nearest are kept, no pair of theirs is lost and none weighs less."""
    needs, offers = many(seed=seed)
    short = {"per_need": 2, "per_helper": 1}

    whole = as_rows(build_candidates(needs, offers, Context(), **short))
    part = as_rows(build_candidates(needs, offers, Context(), receivers=some, **short))

    for pair, row in whole.items():
        if pair[0] in some:
            assert part[pair][2] >= row[2]
            assert part[pair][3] >= row[3]
    assert {receiver for receiver, _helper in part} <= some
