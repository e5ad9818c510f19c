"""A meeting as an entry of a calendar: one UID for life, a sequence that grows."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from loci.core.calendars import Appointment, Method, Standing, calendar_file
from meetings.choices import MeetingState
from meetings.models import Meeting
from meetings.queries.addresses import site_address


def uid_of(meeting: Meeting) -> str:
    host = urlsplit(settings.LOCI_SITE_URL).hostname or "localhost"
    return f"meeting-{meeting.reference}@{host}"


def appointment_of(
    meeting: Meeting, *, attendee: str = "", is_off: bool = False
) -> Appointment:
    """The entry; `is_off` for somebody who does not come after all."""
    page = site_address(meeting.get_absolute_url())
    lines = [meeting.purpose, _("Page: %(url)s") % {"url": page}]
    if meeting.join_link:
        lines.append(_("Join: %(url)s") % {"url": f"{page}join/"})
    cancelled = is_off or meeting.is_cancelled
    return Appointment(
        uid=uid_of(meeting),
        title=meeting.title,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        zone=meeting.time_zone,
        sequence=meeting.sequence,
        standing=Standing.CANCELLED if cancelled else _standing(meeting),
        description="\n".join(line for line in lines if line),
        place=meeting.place,
        url=page,
        attendee=attendee,
    )


def _standing(meeting: Meeting) -> Standing:
    is_draft = meeting.state == MeetingState.DRAFT
    return Standing.TENTATIVE if is_draft else Standing.CONFIRMED


def file_for(
    meeting: Meeting, *, now: datetime, attendee: str = "", is_off: bool = False
) -> str:
    """The calendar file that goes with a mail, or is downloaded."""
    off = is_off or meeting.is_cancelled
    method = Method.REQUEST if attendee else Method.PUBLISH
    return calendar_file(
        [appointment_of(meeting, attendee=attendee, is_off=is_off)],
        written_at=now,
        method=Method.CANCEL if off else method,
    )
