"""What people are written about a meeting; every mail is a row first."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import override

from loci.accounts.models import User
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice
from meetings.choices import PlaceState
from meetings.models import Meeting, Place
from meetings.services.calendar_files import file_for


def when_in_words(at: datetime, zone: str, language: str) -> str:
    """A moment by the clock of a zone, with the zone's name."""
    with override(language):
        return f"{date_format(at.astimezone(ZoneInfo(zone)), 'l j F Y, H:i')} ({zone})"


def write_to(
    person: User,
    meeting: Meeting,
    kind: NoticeKind,
    *,
    occasion: str,
    now: datetime,
    calendar: str = "",
    **parameters: Any,
) -> None:
    """Post one message about a meeting; `occasion` tells it from others of its kind."""
    post_notice(
        key=f"{kind.value}:{meeting.pk}:{person.pk}:{occasion}",
        kind=kind,
        to=person,
        now=now,
        parameters={
            "title": meeting.title,
            "when": when_in_words(
                meeting.starts_at, meeting.time_zone, person.language
            ),
            "place": meeting.place,
            **parameters,
        },
        path=meeting.get_absolute_url(),
        calendar=calendar,
    )


def write_to_holders(meeting: Meeting, kind: NoticeKind, now: datetime) -> int:
    """Tell all who speak for their pair and hold a place, wait or think about it; returns how many.

    Their calendars learn of it by the same UID and a higher sequence.
    """
    places = Place.objects.held().filter(invitation__meeting=meeting)
    told = places.exclude(state=PlaceState.NO).select_related("person").order_by("pk")
    for place in told:
        in_calendar = place.state == PlaceState.YES or meeting.is_cancelled
        calendar = file_for(meeting, now=now, attendee=place.person.email)
        write_to(
            place.person,
            meeting,
            kind,
            occasion=str(meeting.sequence),
            now=now,
            calendar=calendar if in_calendar else "",
            why=meeting.why_cancelled,
        )
    return len(told)
