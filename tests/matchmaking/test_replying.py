from datetime import timedelta

import pytest

from loci.core.states import WrongMove
from loci.notices.models import Notice
from matchmaking.choices import ReplyAnswer, SuggestionState
from matchmaking.models import Reply, Suggestion
from matchmaking.services.limits import HelperFull, NoLongerTrue, TooManyOpen
from matchmaking.services.replying import (
    Answered,
    NoLongerOpen,
    NotYourPair,
    ReasonNeeded,
    expire_suggestions,
    reply_to,
)
from matchmaking.services.reviewing import (
    AlreadyAnswered,
    NotYours,
    TooEarly,
    approve_suggestion,
    confirm_for_pair,
    hold_suggestion,
    take_back,
)
from surveys.choices import StatementState
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
YES = Answered(ReplyAnswer.YES)


@pytest.fixture
def two():
    seeker, helper = make.locality("Seeker"), make.locality("Helper")
    return {
        "seeker": make.pair(seeker),
        "helper": make.pair(helper),
        "suggestion": make.approved(seeker, helper, make.wave()),
    }


def reply(two, who, side, said=YES, now=NOW):
    return reply_to(suggestion=two["suggestion"], said=said, by=two[who][side], now=now)


def state(two):
    return Suggestion.objects.get(pk=two["suggestion"].pk).state


def test_two_settled_yeses_introduce_and_give_each_the_others_addresses(two):
    for who in ("seeker", "helper"):
        for side in (0, 1):
            reply(two, who, side)

    mails = Notice.objects.filter(kind="introduction")
    told = {mail.recipient: set(mail.parameters["contacts"]) for mail in mails}
    assert state(two) == SuggestionState.INTRODUCED
    seekers, helpers = two["seeker"], two["helper"]
    assert told == {
        **{one: {f"{other} <{other.email}>" for other in helpers} for one in seekers},
        **{one: {f"{other} <{other.email}>" for other in seekers} for one in helpers},
    }


def test_one_sides_yes_waits_for_the_partner_and_asks_them_once(two):
    reply(two, "seeker", 0)
    reply(two, "seeker", 0)

    asked = Notice.objects.filter(kind="partner_asked")
    assert [mail.recipient for mail in asked] == [two["seeker"][1]]
    assert not Reply.objects.get().is_settled_yes
    assert state(two) == SuggestionState.APPROVED


def test_a_pair_with_people_on_one_side_settles_alone(two):
    two["seeker"][1].memberships.update(until=make.TODAY)

    reply(two, "seeker", 0)

    assert Reply.objects.get().is_settled_yes


def test_a_no_needs_a_reason_and_ends_it(two):
    with pytest.raises(ReasonNeeded):
        reply(two, "helper", 0, Answered(ReplyAnswer.NOT_FOR_US))

    reply(two, "helper", 0, Answered(ReplyAnswer.NOT_FOR_US, reason="no_time"))

    assert state(two) == SuggestionState.DECLINED
    with pytest.raises(NoLongerOpen):
        reply(two, "seeker", 0)
    assert not Notice.objects.filter(kind="introduction").exists()


def test_an_expired_suggestion_takes_no_reply(two):
    late = NOW + timedelta(days=21)

    with pytest.raises(NoLongerOpen):
        reply(two, "seeker", 0, now=late)

    assert expire_suggestions(now=late) == 1
    assert expire_suggestions(now=late) == 0
    assert state(two) == SuggestionState.EXPIRED
    assert not Reply.objects.exists()


def test_strangers_cannot_reply(two):
    stranger = make.pair(make.locality())[0]

    with pytest.raises(NotYourPair):
        reply_to(suggestion=two["suggestion"], said=YES, by=stranger, now=NOW)

    assert not Reply.objects.exists()


@pytest.fixture
def proposed():
    seeker, helper = make.locality(), make.locality(region_code="asia")
    make.pair(seeker)
    make.pair(helper)
    return make.suggestion(seeker, helper, make.wave())


def test_approving_shows_it_to_both_pairs_for_21_days_and_writes_to_each_once(proposed):
    coordinator = make.coordinator()

    for _press in range(2):
        approve_suggestion(suggestion=proposed, by=coordinator, now=NOW)

    proposed.refresh_from_db()
    assert proposed.state == SuggestionState.APPROVED
    assert proposed.expires_at == NOW + timedelta(days=21)
    assert Notice.objects.filter(kind="suggestion").count() == 4


def test_a_hub_reviews_its_own_regions_only(proposed):
    with pytest.raises(NotYours):
        approve_suggestion(suggestion=proposed, by=make.hub_coordinator("cee"), now=NOW)

    approved = approve_suggestion(
        suggestion=proposed, by=make.hub_coordinator("asia"), now=NOW
    )

    assert approved.state == SuggestionState.APPROVED


def test_a_fourth_open_suggestion_is_not_approved(proposed):
    for _each in range(3):
        make.approved(proposed.seeker, make.locality(), proposed.round.wave)

    with pytest.raises(TooManyOpen):
        approve_suggestion(suggestion=proposed, by=make.coordinator(), now=NOW)


def test_a_withdrawn_need_is_not_approved(proposed):
    proposed.need.state = StatementState.WITHDRAWN
    proposed.need.save()

    with pytest.raises(NoLongerTrue):
        approve_suggestion(suggestion=proposed, by=make.coordinator(), now=NOW)


def test_held_after_an_introduction_is_refused(two):
    for who in ("seeker", "helper"):
        for side in (0, 1):
            reply(two, who, side)

    with pytest.raises(WrongMove):
        hold_suggestion(suggestion=two["suggestion"], by=make.coordinator())


def test_a_helper_is_not_asked_beyond_the_hours_it_stated(proposed):
    other = make.approved(make.locality(), proposed.helper, proposed.round.wave)
    proposed.offer.hours_a_month = 3  # one introduction takes two
    proposed.offer.save()

    with pytest.raises(HelperFull):
        approve_suggestion(suggestion=proposed, by=make.coordinator(), now=NOW)

    Suggestion.objects.filter(pk=other.pk).update(state=SuggestionState.DECLINED)
    approve_suggestion(suggestion=proposed, by=make.coordinator(), now=NOW)


def test_a_need_withdrawn_meanwhile_takes_no_reply_and_ends_without_blame(two):
    need = two["suggestion"].need
    need.state = StatementState.WITHDRAWN
    need.save()

    with pytest.raises(NoLongerTrue):
        reply(two, "seeker", 0)

    assert expire_suggestions(now=NOW) == 1
    assert state(two) == SuggestionState.EXPIRED


def test_a_helper_that_pauses_takes_no_reply(two):
    helper = two["suggestion"].helper
    helper.is_paused = True
    helper.save()

    with pytest.raises(NoLongerTrue):
        reply(two, "seeker", 0)


def test_what_nobody_has_answered_can_be_taken_back_with_its_mails(proposed):
    coordinator = make.coordinator()
    approve_suggestion(suggestion=proposed, by=coordinator, now=NOW)

    back = take_back(suggestion=proposed, by=coordinator)

    assert (back.state, back.approved_at) == (SuggestionState.PROPOSED, None)
    assert not Notice.objects.filter(kind="suggestion").exists()
    approve_suggestion(suggestion=proposed, by=coordinator, now=NOW)
    assert Notice.objects.filter(kind="suggestion").count() == 4


def test_what_a_pair_has_answered_is_not_taken_back(two):
    reply(two, "seeker", 0)

    with pytest.raises(AlreadyAnswered):
        take_back(suggestion=two["suggestion"], by=make.coordinator())


def test_a_coordinator_agrees_for_the_partner_only_after_a_week(two):
    reply(two, "helper", 0)
    reply(two, "helper", 1)
    reply(two, "seeker", 0)
    waiting = Reply.objects.get(confirmed_at__isnull=True)
    coordinator = make.coordinator()

    with pytest.raises(TooEarly):
        confirm_for_pair(reply=waiting, by=coordinator, now=NOW + timedelta(days=6))
    with pytest.raises(NotYours):
        confirm_for_pair(
            reply=waiting,
            by=make.hub_coordinator("asia"),
            now=NOW + timedelta(days=8),
        )

    confirm_for_pair(reply=waiting, by=coordinator, now=NOW + timedelta(days=8))

    assert state(two) == SuggestionState.INTRODUCED
    assert Notice.objects.filter(kind="introduction").count() == 4
