"""The waiting list moves on by itself: offers end, free places go to the next."""

from datetime import datetime

from django.db import transaction

from meetings.choices import HOLDING, TO_COME, PlaceState
from meetings.models import Meeting, Place
from meetings.services.planning import lock_meeting
from meetings.services.seats import fill_free_places, settle_pair, stand


def hand_on_places(*, now: datetime) -> int:
    """End offers that nobody took, give free places to who waits; returns how many.

    Places of people who are gone, or no longer speak for their pair, are free.
    """
    coming = Meeting.objects.filter(state__in=TO_COME).order_by("pk")
    return sum(_pass_on_in(pk, now) for pk in coming.values_list("pk", flat=True))


@transaction.atomic
def _pass_on_in(pk: int, now: datetime) -> int:
    meeting = lock_meeting(Meeting(pk=pk))
    _count_anew(meeting)
    late = Place.objects.filter(
        invitation__meeting=meeting, state=PlaceState.OFFERED, kept_until__lte=now
    )
    done = _free_who_left(meeting, now)
    for place in late.select_related("invitation", "person").order_by(
        "kept_until", "pk"
    ):
        stand(place, PlaceState.NO, meeting, now)
        settle_pair(place.invitation)
        done += 1
    return done + fill_free_places(meeting, now)


def _free_who_left(meeting: Meeting, now: datetime) -> int:
    places = Place.objects.filter(invitation__meeting=meeting)
    here = Place.objects.held().filter(invitation__meeting=meeting)
    left = places.exclude(state=PlaceState.NO).exclude(pk__in=here.values("pk"))
    rows = list(left.select_related("invitation", "person").order_by("pk"))
    for place in rows:
        stand(place, PlaceState.NO, meeting, now)
        settle_pair(place.invitation)
    return len(rows)


def _count_anew(meeting: Meeting) -> None:
    held = Place.objects.filter(invitation__meeting=meeting, state__in=HOLDING).count()
    if meeting.taken != held:
        meeting.taken = held
        meeting.save(update_fields=["taken", "updated_at"])
