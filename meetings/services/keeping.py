"""What time does to meetings: laws of zones change, private notes are forgotten."""

from datetime import datetime, timedelta

from django.db import transaction

from loci.core.errors import Refused
from meetings.choices import NOTES_KEPT_DAYS, MeetingState
from meetings.models import Meeting, Place, PrivateNote
from meetings.services.planning import lock_meeting, set_clock, tell_calendars


def keep_clocks(*, now: datetime) -> int:
    """Derive the moments of what is to come anew; returns how many had moved.

    The wall clock is what people agreed on: when a zone changes its law, the moment
    moves and calendars learn of it.
    """
    ahead = Meeting.objects.filter(starts_at__gt=now - timedelta(days=1)).exclude(
        state__in=[MeetingState.HELD, MeetingState.CANCELLED]
    )
    pks = ahead.order_by("pk").values_list("pk", flat=True)
    return sum(_keep_clock(pk, now) for pk in pks)


@transaction.atomic
def _keep_clock(pk: int, now: datetime) -> int:
    meeting = lock_meeting(Meeting(pk=pk))
    before = meeting.starts_at, meeting.ends_at
    try:
        set_clock(meeting)
    except Refused:
        return 0  # the hour is gone from that day: a coordinator must choose another
    if (meeting.starts_at, meeting.ends_at) == before:
        return 0
    meeting.save()
    tell_calendars(meeting, now)
    return 1


@transaction.atomic
def keep_private_note(
    *, place: Place, dietary: str, access: str, travel: str
) -> PrivateNote | None:
    """Keep what only the host reads; nothing is kept where nothing was written."""
    texts = {"dietary": dietary, "access": access, "travel": travel}
    if not any(texts.values()):
        PrivateNote.objects.filter(place=place).delete()
        return None
    note, _is_new = PrivateNote.objects.update_or_create(place=place, defaults=texts)
    return note


def forget_private_notes(*, now: datetime) -> int:
    """Delete private notes 30 days after the last day; returns how many."""
    past = now - timedelta(days=NOTES_KEPT_DAYS)
    rows = PrivateNote.objects.filter(place__invitation__meeting__ends_at__lte=past)
    count, _by_model = rows.delete()
    return count
