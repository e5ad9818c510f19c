"""Places that are taken, left and passed on; the meeting's row is locked by who calls."""

from datetime import datetime, timedelta

from loci.notices.choices import NoticeKind
from meetings.choices import HOLDING, OFFER_HOURS, TO_COME, Answer, PlaceState
from meetings.models import Invitation, Meeting, Place
from meetings.services.calendar_files import file_for
from meetings.services.writing import write_to


def sit(place: Place, now: datetime) -> None:
    """Give a place for good."""
    place.state, place.number, place.kept_until = PlaceState.YES, None, None
    place.answered_at = now
    place.save()


def confirm(meeting: Meeting, place: Place, now: datetime) -> None:
    """Write to who has a place, with the entry for their calendar."""
    write_to(
        place.person,
        meeting,
        NoticeKind.MEETING_COMING,
        occasion=f"{now:%Y-%m-%dT%H:%M:%S.%f}",
        now=now,
        calendar=file_for(meeting, now=now, attendee=place.person.email),
    )


def stand(place: Place, to: PlaceState, meeting: Meeting, now: datetime) -> None:
    """Leave whatever is held or waited for; a freed place goes to the next."""
    held = place.state in HOLDING
    place.state, place.number, place.kept_until = to, None, None
    place.answered_at = now
    place.save()
    if held:
        pass_on(meeting, now)


def pass_on(meeting: Meeting, now: datetime) -> None:
    """Keep a freed place for the next on the list, or free it; the row is locked."""
    following = None
    if meeting.state in TO_COME and now < meeting.starts_at:
        queue = Place.objects.queue().filter(invitation__meeting=meeting)
        following = queue.select_related("person", "invitation").first()
    if following is None:
        meeting.taken -= 1
        meeting.save(update_fields=["taken", "updated_at"])
        return
    _keep_for(meeting, following, now)


def _keep_for(meeting: Meeting, place: Place, now: datetime) -> None:
    until = min(now + timedelta(hours=OFFER_HOURS), meeting.starts_at)
    place.state, place.number, place.kept_until = PlaceState.OFFERED, None, until
    place.save()
    write_to(
        place.person,
        meeting,
        NoticeKind.MEETING_OFFERED,
        occasion=f"{until:%Y-%m-%dT%H:%M:%S.%f}",
        now=now,
    )


def fill_free_places(meeting: Meeting, now: datetime) -> int:
    """Keep free places for who waits; the meeting's row is locked. Returns how many."""
    if meeting.state not in TO_COME or now >= meeting.starts_at:
        return 0
    queue = Place.objects.queue().filter(invitation__meeting=meeting)
    following = list(queue.select_related("person")[: meeting.places_left])
    for place in following:
        meeting.taken += 1
        meeting.save(update_fields=["taken", "updated_at"])
        _keep_for(meeting, place, now)
    return len(following)


def settle_pair(invitation: Invitation) -> None:
    """What the pair says: the strongest word among its people."""
    said = set(invitation.places.values_list("state", flat=True))
    if said & {*HOLDING, PlaceState.WAITING}:
        invitation.answer = Answer.YES
    elif PlaceState.MAYBE in said:
        invitation.answer = Answer.MAYBE
    else:
        invitation.answer = Answer.NO
    invitation.save(update_fields=["answer", "updated_at"])
