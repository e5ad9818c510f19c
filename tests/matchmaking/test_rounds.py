import pytest

from localities.choices import Side
from matchmaking.choices import RoundState, SuggestionState
from matchmaking.models import Reply, Round, Suggestion
from matchmaking.services.computing import compute
from matchmaking.services.rounds import (
    BadWeights,
    RoundRunning,
    digest_of,
    rounds_waiting,
    run_round,
    start_round,
)
from surveys.choices import StatementKind, Visibility
from surveys.models import Embedding
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    """Two places need what one place offers; a third says it to its own side only."""
    wave = make.wave()
    helper = make.locality("Helper")
    seekers = [make.locality("First"), make.locality("Second")]
    offer = make.statement(helper, wave, StatementKind.OFFER, text="We built a portal")
    needs = [make.statement(row, wave, text="We need a portal") for row in seekers]
    silent = make.locality("Silent")
    make.statement(silent, wave, text="secret", visibility=Visibility.SIDE)
    return {
        "wave": wave,
        "helper": helper,
        "seekers": seekers,
        "offer": offer,
        "needs": needs,
    }


def run(wave, **more):
    round_ = start_round(wave=wave, by=make.coordinator(), **more)
    run_round(round_id=round_.pk, now=NOW)
    round_.refresh_from_db()
    return round_


def test_everyone_with_a_need_gets_a_suggestion_within_the_helpers_hours(three):
    round_ = run(three["wave"])

    pairs = set(Suggestion.objects.values_list("seeker__name", "helper__name", "state"))
    assert round_.state == RoundState.READY
    assert pairs == {
        ("First", "Helper", SuggestionState.PROPOSED),
        ("Second", "Helper", SuggestionState.PROPOSED),
    }
    assert (round_.result["coverage"], round_.result["wanting"]) == (2, 2)


def test_a_helper_is_not_asked_beyond_its_hours(three):
    three["offer"].hours_a_month = 2  # one introduction
    three["offer"].save()

    round_ = run(three["wave"])

    assert Suggestion.objects.count() == 1
    assert [row["code"] for row in round_.result["unmet"]] == ["helpers_full"]


def test_the_stored_input_gives_the_same_answer_again(three):
    round_ = run(three["wave"])

    again = compute(round_.snapshot)

    assert again.figures == round_.result
    stored = Suggestion.objects.values_list(
        "seeker", "helper", "need", "offer", "score"
    )
    assert sorted(stored) == sorted(
        (row.seeker, row.helper, row.need, row.offer, row.score)
        for row in again.proposals
    )
    assert digest_of(round_.snapshot) == round_.snapshot_hash


def test_what_only_a_side_may_see_is_not_in_the_input(three):
    round_ = run(three["wave"])

    assert "secret" not in str(round_.snapshot)
    assert len(round_.snapshot["needs"]) == 2


def test_running_a_round_twice_changes_nothing(three):
    round_ = run(three["wave"])
    before = list(Suggestion.objects.values_list("pk", flat=True))

    run_round(round_id=round_.pk, now=NOW)

    assert list(Suggestion.objects.values_list("pk", flat=True)) == before


def test_a_newer_round_replaces_what_nobody_reviewed_and_keeps_what_is_open(three):
    run(three["wave"])
    kept = Suggestion.objects.filter(seeker=three["seekers"][0])
    kept.update(state=SuggestionState.APPROVED, approved_at=NOW, expires_at=NOW)

    run(three["wave"])

    states = set(Suggestion.objects.values_list("seeker__name", "state"))
    assert states == {
        ("First", SuggestionState.APPROVED),
        ("Second", SuggestionState.REPLACED),
        ("Second", SuggestionState.PROPOSED),
    }


def test_two_rounds_at_a_time_are_refused(three):
    start_round(wave=three["wave"], by=make.coordinator())

    with pytest.raises(RoundRunning):
        start_round(wave=three["wave"], by=make.coordinator())

    assert rounds_waiting() == [Round.objects.get().pk]


@pytest.mark.parametrize("weights", [{"text": 0.0}, {"text": -1.0}, {"charm": 1.0}])
def test_weights_that_compare_nothing_are_refused(three, weights):
    with pytest.raises(BadWeights):
        start_round(wave=three["wave"], by=make.coordinator(), weights=weights)

    assert not Round.objects.exists()


def test_without_interpretation_strangers_in_language_are_not_paired(three):
    three["helper"].languages = ["ka"]
    three["helper"].save()

    run(three["wave"], has_interpretation=False)

    assert not Suggestion.objects.exists()


def test_a_round_with_nothing_to_compare_ends_ready(db):
    round_ = run(make.wave())

    assert (round_.state, round_.result["coverage"]) == (RoundState.READY, 0)


def test_a_declined_pair_is_not_suggested_again(three):
    run(three["wave"])
    declined = Suggestion.objects.get(seeker=three["seekers"][0])
    Suggestion.objects.filter(pk=declined.pk).update(state=SuggestionState.DECLINED)
    Reply.objects.create(
        suggestion=declined,
        locality=declined.helper,
        answer="not_for_us",
        reason="no_time",
        side=Side.GOVERNMENT,
        at=NOW,
    )

    run(three["wave"])

    fresh = Suggestion.objects.filter(state=SuggestionState.PROPOSED)
    assert [row.seeker.name for row in fresh] == ["Second"]


def test_vectors_are_computed_once(three):
    run(three["wave"])
    first = set(Embedding.objects.values_list("pk", flat=True))

    run(three["wave"])

    assert len(first) == 2  # the same words twice are one text
    assert set(Embedding.objects.values_list("pk", flat=True)) == first
