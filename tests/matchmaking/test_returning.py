from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from loci.notices.models import Notice
from matchmaking.choices import ReplyAnswer, RoundState, SuggestionState, WaitsFor
from matchmaking.models import Reply, Round, Suggestion
from matchmaking.services.replying import Answered, reply_to
from matchmaking.services.returning import (
    NothingToAskFor,
    ask_for_another,
    meeting_is_over,
    return_postponed,
)
from matchmaking.services.rounds import run_round
from matchmaking.services.snapshot import take_snapshot
from surveys.choices import StatementKind, StatementState
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    seeker, helper = make.locality("Seeker"), make.locality("Helper")
    return {
        "seeker": make.pair(seeker),
        "helper": make.pair(helper),
        "suggestion": make.approved(seeker, helper, make.wave()),
    }


def later(two, **waits):
    said = Answered(ReplyAnswer.NOT_NOW, **waits)
    reply_to(suggestion=two["suggestion"], said=said, by=two["seeker"][0], now=NOW)


def state(two):
    return Suggestion.objects.get(pk=two["suggestion"].pk).state


def test_a_not_now_comes_back_once_on_its_day(two):
    day = (NOW + timedelta(days=30)).date()
    later(two, not_before=day, waits_for=WaitsFor.DAY)

    assert return_postponed(now=NOW + timedelta(days=29)) == 0
    then = NOW + timedelta(days=30)
    assert [return_postponed(now=then), return_postponed(now=then)] == [1, 0]

    suggestion = Suggestion.objects.get()
    assert suggestion.state == SuggestionState.APPROVED
    assert suggestion.expires_at == then + timedelta(days=21)
    assert Notice.objects.filter(kind="suggestion").count() == 4
    later_again = Answered(ReplyAnswer.NOT_NOW, not_before=then.date())
    reply_to(suggestion=suggestion, said=later_again, by=two["seeker"][0], now=then)
    assert return_postponed(now=then + timedelta(days=99)) == 0


def test_a_not_now_comes_back_when_the_next_survey_opens(two):
    later(two, waits_for=WaitsFor.WAVE)

    assert return_postponed(now=NOW + timedelta(days=3)) == 0
    make.wave(title="Next", opens_at=NOW + timedelta(days=2), survey=make.survey())

    assert return_postponed(now=NOW + timedelta(days=3)) == 1


def test_a_not_now_comes_back_after_the_next_meeting(two):
    later(two, waits_for=WaitsFor.MEETING)
    then = NOW + timedelta(days=40)

    assert return_postponed(now=then) == 0
    assert meeting_is_over(localities=[two["suggestion"].seeker], now=then) == 1
    assert return_postponed(now=then) == 1


def test_what_waits_is_not_proposed_anew_by_a_round(two):
    later(two, waits_for=WaitsFor.WAVE)
    round_ = Round.objects.create(wave=two["suggestion"].round.wave)

    pair = (two["suggestion"].seeker_id, two["suggestion"].helper_id)
    assert pair in take_snapshot(round_, NOW)["vetoes"]


@pytest.mark.parametrize("obstacle", ["met", "paused", "full", "again"])
def test_what_has_lost_its_truth_or_its_room_stays_away(two, obstacle):
    later(two, not_before=NOW.date(), waits_for=WaitsFor.DAY)
    suggestion = two["suggestion"]
    if obstacle == "met":
        suggestion.need.state = StatementState.MET
        suggestion.need.save()
    elif obstacle == "paused":
        suggestion.helper.is_paused = True
        suggestion.helper.save()
    elif obstacle == "full":
        suggestion.offer.hours_a_month = 1
        suggestion.offer.save()
    else:
        make.suggestion(suggestion.seeker, suggestion.helper, suggestion.round.wave)

    assert return_postponed(now=NOW + timedelta(days=1)) == 0
    assert state(two) == SuggestionState.DECLINED


def test_a_day_to_wait_for_is_named():
    suggestion = make.approved(make.locality(), make.locality(), make.wave())
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.create(
            suggestion=suggestion,
            locality=suggestion.seeker,
            answer=ReplyAnswer.NOT_NOW,
            waits_for=WaitsFor.DAY,
            side="government",
            at=NOW,
        )


def test_a_pair_asks_for_another_and_gets_the_next_best_after_review(two):
    suggestion = two["suggestion"]
    nextbest = make.locality("Next best")
    offer = StatementKind.OFFER
    make.statement(nextbest, suggestion.round.wave, offer, text="We did it too")
    later(two, not_before=(NOW + timedelta(days=30)).date(), waits_for=WaitsFor.DAY)
    elsewhere = make.suggestion(
        make.locality("Another"), nextbest, suggestion.round.wave
    )
    suggestion.refresh_from_db()

    round_ = ask_for_another(suggestion=suggestion, by=two["seeker"][0], now=NOW)
    run_round(round_id=round_.pk, now=NOW)

    round_.refresh_from_db()
    assert (round_.state, round_.problem) == (RoundState.READY, "")
    found = Suggestion.objects.get(round=round_)
    assert (found.seeker, found.helper) == (suggestion.seeker, nextbest)
    assert found.state == SuggestionState.PROPOSED
    elsewhere.refresh_from_db()
    assert elsewhere.state == SuggestionState.PROPOSED  # others stay as they were
    with pytest.raises(NothingToAskFor):
        ask_for_another(suggestion=suggestion, by=two["seeker"][0], now=NOW)


def test_another_is_not_asked_for_while_one_is_open_nor_by_the_helper(two):
    with pytest.raises(NothingToAskFor):
        ask_for_another(suggestion=two["suggestion"], by=two["seeker"][0], now=NOW)

    later(two, waits_for=WaitsFor.WAVE)
    two["suggestion"].refresh_from_db()
    with pytest.raises(NothingToAskFor):
        ask_for_another(suggestion=two["suggestion"], by=two["helper"][0], now=NOW)
