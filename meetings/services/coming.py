"""Who comes: yes, maybe and no, places that are handed on.

Every service here holds the meeting's row, so that no place is given twice.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from localities.queries.people import side_of
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from meetings.choices import (
    HOLDING,
    TO_COME,
    Answer,
    PlaceState,
)
from meetings.models import Invitation, Meeting, Place
from meetings.services.planning import lock_meeting
from meetings.services.seats import confirm, settle_pair, sit, stand


class NotInvited(Refused):
    """The pair of this person has not been asked, or the person is of no such pair."""


class AnswersClosed(Refused):
    """Answers are no longer taken."""


class PairIsFull(Refused):
    """The pair has named as many people as it has places."""


class NotTheirPlace(Refused):
    """The other person is not of this pair, or has a place already."""


@transaction.atomic
def answer_invitation(
    *, invitation: Invitation, answer: Answer, by: User, now: datetime
) -> Place:
    """Take one person's yes, maybe or no; the last word counts.

    A yes takes a place, or one on the waiting list. A no is taken until the end.
    Raises NotInvited, AnswersClosed, PairIsFull.
    """
    meeting = lock_meeting(invitation.meeting)
    place = _own_place(invitation, by, now)
    if answer == Answer.YES:
        _come(meeting, place, now)
    else:
        if answer == Answer.MAYBE and not meeting.takes_answers(now):
            raise _closed(meeting)
        stand(place, PlaceState(answer.value), meeting, now)
    record(by, f"said {answer.value}", meeting)
    settle_pair(place.invitation)
    return place


def _own_place(invitation: Invitation, person: User, now: datetime) -> Place:
    side = side_of(person, invitation.locality)
    if side is None:
        raise NotInvited(_("You do not speak for this pair."))
    place = Place.objects.filter(invitation=invitation, person=person).first()
    return place or Place(
        invitation=invitation,
        person=person,
        side=side,
        state=PlaceState.NO,
        answered_at=now,
    )


def _closed(meeting: Meeting) -> AnswersClosed:
    if meeting.is_cancelled:
        return AnswersClosed(_("This meeting is cancelled."))
    return AnswersClosed(_("Answers are closed. Write to the host."))


def _come(meeting: Meeting, place: Place, now: datetime) -> None:
    if place.state == PlaceState.OFFERED:
        _take_offer(meeting, place, now)
    elif place.state not in {PlaceState.YES, PlaceState.WAITING}:
        if not meeting.takes_answers(now):
            raise _closed(meeting)
        _require_room_in_pair(meeting, place)
        _take_or_wait(meeting, place, now)


def _take_offer(meeting: Meeting, place: Place, now: datetime) -> None:
    on_time = place.kept_until is not None and now < place.kept_until
    if not on_time or meeting.state not in TO_COME:
        raise AnswersClosed(_("The place was kept for 48 hours and went on."))
    sit(place, now)
    confirm(meeting, place, now)


def _require_room_in_pair(meeting: Meeting, place: Place) -> None:
    named = Place.objects.filter(
        invitation=place.invitation, state__in=[*HOLDING, PlaceState.WAITING]
    )
    if named.count() >= meeting.seats_per_pair:
        raise PairIsFull(
            _(
                "Your pair has named as many people as it has places (%(count)d). "
                "One of them can send you instead."
            )
            % {"count": meeting.seats_per_pair}
        )


def _take_or_wait(meeting: Meeting, place: Place, now: datetime) -> None:
    waits = Place.objects.queue().filter(invitation__meeting=meeting).exists()
    if meeting.is_full or waits:
        meeting.waiting_number += 1
        meeting.save(update_fields=["waiting_number", "updated_at"])
        place.state, place.number = PlaceState.WAITING, meeting.waiting_number
        place.answered_at = now
        place.save()
        return
    meeting.taken += 1
    meeting.save(update_fields=["taken", "updated_at"])
    sit(place, now)
    confirm(meeting, place, now)


@transaction.atomic
def decline_for_pair(*, invitation: Invitation, by: User, now: datetime) -> Invitation:
    """Nobody of the pair comes; what its people held goes on. Raises NotInvited."""
    meeting = lock_meeting(invitation.meeting)
    place = _own_place(invitation, by, now)
    others = Place.objects.filter(invitation=invitation).exclude(person=by)
    for one in [place, *others.order_by("pk")]:
        stand(one, PlaceState.NO, meeting, now)
    record(by, "declined for the pair", meeting)
    settle_pair(invitation)
    return invitation


@transaction.atomic
def send_instead(*, place: Place, person: User, by: User, now: datetime) -> Place:
    """Hand one's place, or one's number on the list, to somebody of the same pair.

    Raises NotTheirPlace, AnswersClosed.
    """
    meeting = lock_meeting(place.invitation.meeting)
    place = Place.objects.get(pk=place.pk)
    if meeting.state not in TO_COME or now >= meeting.ends_at:
        raise _closed(meeting)
    side = side_of(person, place.invitation.locality)
    other = Place.objects.filter(invitation=place.invitation, person=person).first()
    moving = {*HOLDING, PlaceState.WAITING}
    if place.person != by or place.state not in moving or side is None:
        raise NotTheirPlace(_("Choose somebody who speaks for your pair."))
    if other is not None and other.state in moving:
        raise NotTheirPlace(_("This person has a place already."))
    other = other or Place(invitation=place.invitation, person=person)
    other.side, other.answered_at = side, now
    other.state, other.number = PlaceState(place.state), place.number
    other.kept_until = place.kept_until
    place.state, place.number, place.kept_until = PlaceState.NO, None, None
    place.answered_at = now
    place.save()
    other.save()
    record(by, "sent somebody instead", meeting)
    if other.state == PlaceState.YES:
        confirm(meeting, other, now)
    return other
