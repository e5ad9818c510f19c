"""Rooms and slots of a meeting: laid out, and checked to lie inside its days."""

import itertools
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy as _

from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from meetings.models import Meeting, Room, Session, Slot

SESSION_MINUTES, PAUSE_MINUTES = 60, 15
NOON, AFTERNOON = time(12, 30), time(13, 30)


class SlotOutside(Refused):
    """A slot before or after the hours of the meeting's days."""


class SlotsOverlap(Refused):
    """Two slots at the same time: clashes could not be seen."""


class TooLong(Refused):
    """A session longer than any day of its meeting."""


@transaction.atomic
def lay_out(*, meeting: Meeting, by: User) -> int:
    """Slots of an hour with pauses and a lunch, one room if there is none.

    What is there already stays. Returns how many slots were added.
    """
    if not meeting.rooms.exists():
        Room.objects.create(
            meeting=meeting, name=gettext("Main room"), seats=meeting.capacity
        )
    if meeting.slots.exists():
        return 0
    added = Slot.objects.bulk_create(
        Slot(meeting=meeting, day=day, begins=begins, ends=ends)
        for day in meeting.days
        for begins, ends in _hours(meeting)
    )
    record(by, "laid out slots", meeting)
    return len(added)


def _hours(meeting: Meeting) -> list[tuple[time, time]]:
    """From the first hour of a day to the last, around lunch."""
    hours = []
    any_day = meeting.first_day
    at, last = _at(any_day, meeting.day_begins), _at(any_day, meeting.day_ends)
    length, pause = timedelta(minutes=SESSION_MINUTES), timedelta(minutes=PAUSE_MINUTES)
    noon, afternoon = _at(any_day, NOON), _at(any_day, AFTERNOON)
    while at + length <= last:
        if at < afternoon and at + length > noon:
            at = afternoon
            continue
        hours.append((at.time(), (at + length).time()))
        at += length + pause
    return hours


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock)  # of one day, by one clock


def require_slots(meeting: Meeting, slots: list[Slot]) -> None:
    """Raises SlotOutside, SlotsOverlap."""
    ordered = sorted(slots, key=lambda slot: (slot.day, slot.begins))
    for slot in ordered:
        if (
            slot.day not in meeting.days
            or slot.begins < meeting.day_begins
            or slot.ends > meeting.day_ends
        ):
            raise SlotOutside(
                _("%(slot)s lies outside the hours of the meeting's days.")
                % {"slot": slot}
            )
    for before, after in itertools.pairwise(ordered):
        if before.day == after.day and after.begins < before.ends:
            raise SlotsOverlap(
                _("%(one)s and %(other)s overlap.") % {"one": before, "other": after}
            )


def require_length(session: Session) -> None:
    """Raises TooLong."""
    meeting = session.meeting
    begins, ends = (
        _at(meeting.first_day, clock)
        for clock in (meeting.day_begins, meeting.day_ends)
    )
    if session.minutes > (ends - begins) // timedelta(minutes=1):  # of any size
        raise TooLong(_("The session is longer than a day of the meeting."))
