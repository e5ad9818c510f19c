"""Calendar files: what stands in a mail or behind a link, as RFC 5545 text."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from icalendar.prop import vCalAddress, vText


class Method(StrEnum):
    """What the receiver's calendar should do with the file."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Standing(StrEnum):
    """How sure an appointment is."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Appointment:
    """One entry of a calendar.

    `uid` never changes over an appointment's life and `sequence` grows with each
    change. `starts_at` and `ends_at` are aware; they are written as the wall time of
    `zone` (IANA), whose rules go into the file.
    """

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str = "UTC"
    sequence: int = 0
    standing: Standing = Standing.CONFIRMED
    description: str = ""
    place: str = ""
    url: str = ""
    organiser: str = ""
    attendee: str = ""


def calendar_file(
    appointments: list[Appointment],
    *,
    written_at: datetime,
    method: Method = Method.PUBLISH,
) -> str:
    """The file's text, with the zones' rules inside; the same input gives the same."""
    calendar = Calendar()
    calendar.add("prodid", "-//LOCI//LOCI//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    for appointment in appointments:
        calendar.add_component(_event(appointment, written_at))
    if any(row.zone != "UTC" for row in appointments):
        calendar.add_missing_timezones()
    return str(calendar.to_ical(), "utf-8")


def _event(appointment: Appointment, written_at: datetime) -> Event:
    zone = UTC if appointment.zone == "UTC" else ZoneInfo(appointment.zone)
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", written_at.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(zone))
    event.add("dtend", appointment.ends_at.astimezone(zone))
    event.add("summary", appointment.title)
    event.add("status", appointment.standing.value)
    optional = {
        "description": appointment.description,
        "location": appointment.place,
        "url": appointment.url,
    }
    for name, text in optional.items():
        if text:
            event.add(name, text)
    if appointment.organiser:
        organiser = vCalAddress(f"mailto:{appointment.organiser}")
        organiser.params["cn"] = vText("LOCI")
        event.add("organizer", organiser)
    if appointment.attendee:
        event.add("attendee", vCalAddress(f"mailto:{appointment.attendee}"))
    return event
