from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from matchmaking.choices import PinKind, ReplyAnswer, RoundState, SuggestionState
from matchmaking.models import Pin, Reply, Round, Suggestion, WeightTable
from matchmaking.services.pinning import (
    AlreadySettled,
    OutsideYourRegions,
    Word,
    adopt_weights,
    lift,
    settle,
)
from matchmaking.services.reviewing import approve_suggestion
from matchmaking.services.rounds import (
    BadWeights,
    NothingToTry,
    NotUndone,
    run_round,
    start_round,
    start_trial,
    undo_round,
)
from matchmaking.services.weights import current_weights, weights_in_words
from surveys.choices import StatementKind
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    """One place needs what two others offer; the first of these fits better."""
    wave = make.wave()
    seeker, near, far = (make.locality(name) for name in ("Seeker", "Near", "Far"))
    make.statement(seeker, wave, text="We need a portal")
    make.statement(near, wave, StatementKind.OFFER, text="We built a portal")
    make.statement(
        far, wave, StatementKind.OFFER, text="We mend roads", experience="doing"
    )
    return {"wave": wave, "seeker": seeker, "near": near, "far": far}


def run(wave, **more):
    round_ = start_round(wave=wave, by=make.coordinator(), **more)
    return computed(round_)


def computed(round_):
    run_round(round_id=round_.pk, now=NOW)
    round_.refresh_from_db()
    return round_


def helpers():
    rows = Suggestion.objects.filter(state=SuggestionState.PROPOSED)
    return sorted(rows.values_list("helper__name", flat=True))


def word(three, kind, helper, by=None, **more):
    said = Word(kind, three["seeker"], three[helper], "known from a visit", **more)
    return settle(word=said, by=by or make.coordinator())


def test_never_is_kept_and_ends_when_it_is_lifted(three):
    pin = word(three, PinKind.VETO, "near")
    run(three["wave"])
    assert helpers() == ["Far"]

    lift(pin=pin, by=make.coordinator(), now=NOW)
    run(three["wave"])
    assert helpers() == ["Near"]


def test_always_is_kept_also_against_a_better_fit(three):
    word(three, PinKind.PIN, "far")

    round_ = run(three["wave"])

    assert helpers() == ["Far"]
    assert round_.result["proof"] == "optimal"


def test_always_holds_even_for_what_the_engine_would_not_compare(three):
    three["far"].languages = ["ka"]
    three["far"].save()
    word(three, PinKind.PIN, "far")

    run(three["wave"], has_interpretation=False)

    found = Suggestion.objects.get(state=SuggestionState.PROPOSED)
    assert (found.helper, found.score, found.confidence) == (three["far"], 0, "look")


def test_a_word_ends_on_its_day(three):
    word(three, PinKind.VETO, "near", until=NOW.date())

    run(three["wave"])

    assert helpers() == ["Near"]


def test_one_word_at_a_time_on_two_places(three):
    word(three, PinKind.PIN, "near")

    with pytest.raises(AlreadySettled):
        word(three, PinKind.VETO, "near")

    assert Pin.objects.count() == 1


def test_who_asked_never_to_meet_is_not_pinned(three):
    suggestion = make.suggestion(three["near"], three["seeker"], three["wave"])
    Reply.objects.create(
        suggestion=suggestion,
        locality=three["near"],
        answer=ReplyAnswer.NOT_FOR_US,
        reason="conflict",
        side="government",
        at=NOW,
    )

    with pytest.raises(AlreadySettled):
        word(three, PinKind.PIN, "near")


def test_a_hub_settles_for_its_own_regions_only(three):
    with pytest.raises(OutsideYourRegions):
        word(three, PinKind.PIN, "near", by=make.hub_coordinator("asia"))

    pin = word(three, PinKind.PIN, "near", by=make.hub_coordinator("africa"))
    with pytest.raises(OutsideYourRegions):
        lift(pin=pin, by=make.hub_coordinator("asia"), now=NOW)


def test_a_pin_against_a_later_no_fails_the_round_in_words_and_writes_nothing(three):
    word(three, PinKind.PIN, "near")
    declined = make.suggestion(
        three["seeker"], three["near"], three["wave"], state=SuggestionState.DECLINED
    )
    Reply.objects.create(
        suggestion=declined,
        locality=three["near"],
        answer=ReplyAnswer.NOT_FOR_US,
        reason="conflict",
        side="government",
        at=NOW,
    )

    round_ = run(three["wave"])

    assert round_.state == RoundState.FAILED
    assert "Always and never" in round_.problem
    assert not round_.suggestions.exists()


def test_more_pins_than_a_locality_wants_are_refused_in_words(three):
    word(three, PinKind.PIN, "near")
    word(three, PinKind.PIN, "far")

    round_ = run(three["wave"])  # one need: one is wanted

    assert round_.state == RoundState.FAILED
    assert "More is settled" in round_.problem
    assert not round_.suggestions.exists()


def test_a_pin_to_a_helper_without_hours_is_left_out_and_said(three):
    word(three, PinKind.PIN, "far")
    offer = three["far"].statements.get()
    offer.hours_a_month = 0
    offer.save()

    round_ = run(three["wave"])

    left_out = [[three["seeker"].pk, three["far"].pk, "has_no_places"]]
    assert round_.result["pins_left_out"] == left_out
    assert helpers() == ["Near"]


@pytest.mark.parametrize("broken", [{"why": ""}, {"kind": "perhaps"}])
def test_the_database_holds_the_shape_of_a_word(three, broken):
    facts = {"kind": PinKind.PIN, "why": "known"} | broken
    with pytest.raises(IntegrityError), transaction.atomic():
        Pin.objects.create(seeker=three["seeker"], helper=three["near"], **facts)


def test_a_trial_shows_other_weights_and_suggests_nothing(three):
    base = run(three["wave"])
    before = list(Suggestion.objects.values_list("pk", "state"))

    trial = computed(
        start_trial(
            base=base,
            by=make.coordinator(),
            weights={"experience": 1.0, "topic": 0.01},
            has_interpretation=True,
        )
    )

    assert (trial.state, trial.problem) == (RoundState.READY, "")
    assert list(Suggestion.objects.values_list("pk", "state")) == before
    assert trial.snapshot == {**base.snapshot, "weights": trial.weights}
    assert len(trial.result["proposals"]) == 1


def test_a_trial_of_a_trial_or_of_nothing_is_refused(three):
    base = run(three["wave"])
    by = make.coordinator()
    trial = start_trial(
        base=base, by=by, weights={"topic": 1.0}, has_interpretation=True
    )

    with pytest.raises(NothingToTry):
        start_trial(base=trial, by=by, weights={"topic": 1.0}, has_interpretation=True)
    with pytest.raises(BadWeights):
        start_trial(base=base, by=by, weights={"topic": 0.0}, has_interpretation=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(wave=three["wave"], is_trial=True)


def test_a_round_is_undone_while_nobody_has_worked_with_it(three):
    first = run(three["wave"])
    second = run(three["wave"])

    undo_round(round_=second, by=make.coordinator(), now=NOW)

    states = {row.round_id: row.state for row in Suggestion.objects.all()}
    assert states == {
        first.pk: SuggestionState.PROPOSED,
        second.pk: SuggestionState.REPLACED,
    }
    with pytest.raises(NotUndone):
        undo_round(round_=second, by=make.coordinator(), now=NOW)
    approve_suggestion(
        suggestion=first.suggestions.get(), by=make.coordinator(), now=NOW
    )
    with pytest.raises(NotUndone):
        undo_round(round_=first, by=make.coordinator(), now=NOW)


def test_a_round_that_a_newer_one_replaced_is_not_undone(three):
    first = run(three["wave"])
    run(three["wave"])

    with pytest.raises(NotUndone):
        undo_round(round_=first, by=make.coordinator(), now=NOW)


def test_adopted_weights_count_from_the_next_round_on(three):
    adopt_weights(
        weights={"topic": 3.0, "text": 1.0}, why="tried", by=make.coordinator()
    )

    assert current_weights() == {"topic": 3.0, "text": 1.0}
    assert [(row.code, row.share) for row in weights_in_words()] == [
        ("topic", 75),
        ("text", 25),
    ]
    assert run(three["wave"]).snapshot["weights"] == {"topic": 3.0, "text": 1.0}
    with pytest.raises(BadWeights):
        adopt_weights(weights={"topic": 0.0}, why="no", by=make.coordinator())
    assert WeightTable.objects.count() == 1


def test_a_fresh_introduction_takes_hours_until_it_ends_or_grows_old(three):
    other = make.locality("Other")
    make.approved(
        other,
        three["near"],
        three["wave"],
        state=SuggestionState.INTRODUCED,
        introduced_at=NOW - timedelta(days=10),
    )

    def taken(days):
        rows = Suggestion.objects.taking_hours(NOW + timedelta(days=days))
        return rows.filter(helper=three["near"]).count()

    assert [taken(0), taken(90)] == [1, 0]
