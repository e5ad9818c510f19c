"""Who comes: places, the waiting list, who comes instead."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from loci.notices.models import Notice
from meetings.choices import Answer, PlaceState
from meetings.models import Meeting, Place
from meetings.services.coming import (
    AnswersClosed,
    NotInvited,
    NotTheirPlace,
    PairIsFull,
    answer_invitation,
    decline_for_pair,
    send_instead,
)
from meetings.services.inviting import NotOpenYet, invite_pairs, remind_unanswered
from meetings.services.waiting import hand_on_places
from tests import make

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=1)


class Asked:
    """A pair that was invited, with its two people."""

    def __init__(self, meeting: Meeting) -> None:
        self.locality = make.locality()
        self.government, self.civil_society = make.pair(self.locality)
        self.invitation = make.invitation(meeting, self.locality)

    def says(self, answer: Answer, now=make.NOW, by=None) -> Place:
        return answer_invitation(
            invitation=self.invitation, answer=answer, by=by or self.government, now=now
        )


@pytest.fixture
def small():
    """A meeting with one place, and three pairs."""
    meeting = make.meeting(capacity=1)
    return meeting, [Asked(meeting) for _number in range(3)]


def states(pairs) -> list[str]:
    return [
        Place.objects.get(invitation=pair.invitation, person=pair.government).state
        for pair in pairs
    ]


def test_a_yes_takes_a_place_and_writes_with_the_calendar_file():
    meeting = make.meeting()
    pair = Asked(meeting)

    pair.says(Answer.YES)

    meeting.refresh_from_db()
    pair.invitation.refresh_from_db()
    mail = Notice.objects.get(kind="meeting_coming")
    assert (meeting.taken, pair.invitation.answer) == (1, "yes")
    assert mail.recipient == pair.government
    assert f"UID:meeting-{meeting.reference}@" in mail.calendar


def test_who_comes_too_late_waits_in_order_and_is_offered_a_freed_place(small):
    meeting, pairs = small
    for pair in pairs:
        pair.says(Answer.YES)
    assert states(pairs) == ["yes", "waiting", "waiting"]

    pairs[0].says(Answer.NO, LATER)

    assert states(pairs) == ["no", "offered", "waiting"]
    offered = Place.objects.get(state=PlaceState.OFFERED)
    assert offered.kept_until == LATER + timedelta(hours=48)
    meeting.refresh_from_db()
    assert meeting.taken == 1  # a kept place is not free
    assert Notice.objects.get(kind="meeting_offered").recipient == pairs[1].government


def test_an_offer_that_nobody_takes_passes_on_after_48_hours(small):
    _meeting, pairs = small
    for pair in pairs:
        pair.says(Answer.YES)
    pairs[0].says(Answer.NO, LATER)

    hand_on_places(now=LATER + timedelta(hours=47))
    assert states(pairs) == ["no", "offered", "waiting"]
    hand_on_places(now=LATER + timedelta(hours=48))
    assert states(pairs) == ["no", "no", "offered"]
    with pytest.raises(AnswersClosed):
        pairs[2].says(Answer.YES, LATER + timedelta(hours=97))
    hand_on_places(now=LATER + timedelta(hours=97))

    assert states(pairs) == ["no", "no", "no"]
    assert Meeting.objects.get().taken == 0


def test_taking_the_offer_keeps_the_count(small):
    _meeting, pairs = small
    for pair in pairs:
        pair.says(Answer.YES)
    pairs[0].says(Answer.NO, LATER)

    pairs[1].says(Answer.YES, LATER + timedelta(hours=47))

    assert states(pairs) == ["no", "yes", "waiting"]
    assert Meeting.objects.get().taken == 1


def test_who_says_yes_while_others_wait_does_not_overtake_them(small):
    _meeting, pairs = small
    for pair in pairs[:2]:
        pair.says(Answer.YES)
    Meeting.objects.update(capacity=2)

    pairs[2].says(Answer.YES)
    hand_on_places(now=LATER)

    assert states(pairs) == ["yes", "offered", "waiting"]


def test_a_pair_names_no_more_people_than_it_has_places():
    meeting = make.meeting(seats_per_pair=1)
    pair = Asked(meeting)
    pair.says(Answer.YES)

    with pytest.raises(PairIsFull):
        pair.says(Answer.YES, by=pair.civil_society)

    assert Meeting.objects.get().taken == 1


def test_somebody_instead_takes_over_place_and_number(small):
    _meeting, pairs = small
    for pair in pairs:
        pair.says(Answer.YES)
    waiting = Place.objects.get(person=pairs[1].government)
    number = waiting.number

    other = send_instead(
        place=waiting,
        person=pairs[1].civil_society,
        by=pairs[1].government,
        now=LATER,
    )

    assert (other.state, other.number) == ("waiting", number)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.number) == ("no", None)
    with pytest.raises(NotTheirPlace):
        send_instead(
            place=Place.objects.get(person=pairs[0].government),
            person=pairs[2].government,
            by=pairs[0].government,
            now=LATER,
        )


def test_a_pair_that_declines_frees_all_its_places():
    meeting = make.meeting(capacity=2)
    pair, other = Asked(meeting), Asked(meeting)
    pair.says(Answer.YES)
    pair.says(Answer.YES, by=pair.civil_society)
    other.says(Answer.YES)

    decline_for_pair(invitation=pair.invitation, by=pair.government, now=LATER)

    pair.invitation.refresh_from_db()
    assert pair.invitation.answer == "no"
    assert states([other]) == ["offered"]
    assert Meeting.objects.get().taken == 1


def test_after_the_last_day_for_answers_only_a_no_is_taken():
    meeting = make.meeting(answers_until=LATER)
    pair, late = Asked(meeting), Asked(meeting)
    pair.says(Answer.YES)

    for answer in (Answer.YES, Answer.MAYBE):
        with pytest.raises(AnswersClosed, match="Answers are closed"):
            late.says(answer, LATER)
    pair.says(Answer.NO, LATER)

    assert Meeting.objects.get().taken == 0


def test_strangers_do_not_answer_for_a_pair():
    pair = Asked(make.meeting())

    with pytest.raises(NotInvited):
        pair.says(Answer.YES, by=make.pair(make.locality())[0])

    assert not Place.objects.exists()


def test_the_database_never_holds_more_yeses_than_places():
    meeting = make.meeting(capacity=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(taken=2)


def test_the_place_of_a_person_who_is_erased_goes_to_the_next(small):
    _meeting, pairs = small
    for pair in pairs[:2]:
        pair.says(Answer.YES)

    pairs[0].government.delete()
    hand_on_places(now=LATER)

    assert states(pairs[1:2]) == ["offered"]
    assert Meeting.objects.get().taken == 1


def test_pairs_are_invited_once_and_only_to_what_is_announced():
    coordinator, locality = make.coordinator(), make.locality()
    people = make.pair(locality)
    meeting, hidden = make.meeting(), make.meeting(state="draft")

    def invite(to):
        return invite_pairs(
            meeting=to, localities=[locality], by=coordinator, now=make.NOW
        )

    assert [invite(meeting), invite(meeting)] == [1, 0]
    with pytest.raises(NotOpenYet):
        invite(hidden)
    told = Notice.objects.filter(kind="meeting_invited")
    assert set(told.values_list("recipient", flat=True)) == {one.pk for one in people}


def test_who_has_not_said_is_reminded_once_and_nobody_else():
    meeting = make.meeting(answers_until=make.NOW + timedelta(days=10))
    silent, answered = Asked(meeting), Asked(meeting)
    answered.says(Answer.NO)

    assert remind_unanswered(now=make.NOW) == 0  # ten days before: too early
    soon = make.NOW + timedelta(days=4)
    assert [remind_unanswered(now=soon), remind_unanswered(now=soon)] == [1, 0]

    told = Notice.objects.filter(kind="meeting_unanswered")
    assert set(told.values_list("recipient", flat=True)) == {
        silent.government.pk,
        silent.civil_society.pk,
    }
