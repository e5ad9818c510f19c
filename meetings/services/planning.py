"""Plan a meeting, change it, open it, close it, cancel it, note that it was held."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from localities.models import Locality
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.states import move
from loci.notices.choices import NoticeKind
from matchmaking.services.returning import meeting_is_over
from meetings.choices import ANNOUNCED, MEETING_MOVES, MeetingState
from meetings.models import Meeting
from meetings.services.clock import moment
from meetings.services.seats import fill_free_places
from meetings.services.writing import write_to_holders

IN_CALENDARS = ("title", "starts_at", "ends_at", "time_zone", "place")


class MeetingNotYours(Refused):
    """The meeting lies in a region that this person does not coordinate."""


class EndsBeforeItBegins(Refused):
    """Days, or the hours of a day, in the wrong order."""


class TooFewPlaces(Refused):
    """More people said yes than there would be places."""


class NotOverYet(Refused):
    """It has not ended."""


class SayWhy(Refused):
    """A meeting is cancelled with a reason that people read."""


def set_clock(meeting: Meeting) -> Meeting:
    """Derive the moments from the days, hours and zone; nothing is saved.

    Raises EndsBeforeItBegins, NoSuchZone, NoSuchTime.
    """
    if meeting.last_day < meeting.first_day:
        raise EndsBeforeItBegins(_("The last day is before the first."))
    if meeting.day_ends <= meeting.day_begins:
        raise EndsBeforeItBegins(_("A day ends after it begins."))
    meeting.starts_at = moment(meeting.first_day, meeting.day_begins, meeting.time_zone)
    meeting.ends_at = moment(meeting.last_day, meeting.day_ends, meeting.time_zone)
    return meeting


@transaction.atomic
def add_meeting(*, meeting: Meeting, by: User) -> Meeting:
    """Save a new meeting, as a draft. Raises MeetingNotYours and as `set_clock`."""
    set_clock(meeting)
    _require_own(meeting, by)
    meeting.save()
    record(by, "added", meeting)
    return meeting


@transaction.atomic
def change_meeting(*, meeting: Meeting, by: User, now: datetime) -> Meeting:
    """Save what changed of a meeting; calendars learn of it.

    Raises MeetingNotYours, TooFewPlaces and what `set_clock` raises.
    """
    set_clock(meeting)
    _require_own(meeting, by)
    kept = lock_meeting(meeting)
    _require_own(kept, by)
    require_places(kept, meeting.capacity)
    for name in ("taken", "waiting_number", "state", "sequence", "why_cancelled"):
        setattr(meeting, name, getattr(kept, name))
    meeting.save()
    record(by, "changed", meeting)
    if any(getattr(kept, name) != getattr(meeting, name) for name in IN_CALENDARS):
        tell_calendars(meeting, now)
    fill_free_places(meeting, now)
    return meeting


def tell_calendars(meeting: Meeting, now: datetime) -> None:
    """A higher sequence, and a mail to all who come or may; the row is locked."""
    meeting.sequence += 1
    meeting.save(update_fields=["sequence", "updated_at"])
    if meeting.state in ANNOUNCED:
        off = meeting.is_cancelled
        kind = NoticeKind.MEETING_CANCELLED if off else NoticeKind.MEETING_CHANGED
        write_to_holders(meeting, kind, now)


def _require_own(meeting: Meeting, by: User) -> None:
    rows = type(meeting.region).objects.coordinated_by(by)
    if not rows.filter(pk=meeting.region_id).exists():
        raise MeetingNotYours(_("This meeting is outside your regions."))


def require_places(meeting: Meeting, capacity: int) -> None:
    """Raises TooFewPlaces."""
    if capacity < meeting.taken:
        raise TooFewPlaces(
            _("%(taken)d places are taken: keep at least as many, or ask people first.")
            % {"taken": meeting.taken}
        )


def lock_meeting(meeting: Meeting) -> Meeting:
    """The meeting as it is now; nobody else changes its places until the end."""
    rows = Meeting.objects.select_for_update(of=("self",))
    return rows.select_related("region", "host").get(pk=meeting.pk)


def _lock(meeting: Meeting, by: User) -> Meeting:
    meeting = lock_meeting(meeting)
    _require_own(meeting, by)
    return meeting


@transaction.atomic
def open_meeting(*, meeting: Meeting, by: User) -> Meeting:
    """Announce it and take answers; again after closing. Raises WrongMove."""
    return _move(meeting, MeetingState.OPEN, "opened", by)


@transaction.atomic
def close_meeting(*, meeting: Meeting, by: User) -> Meeting:
    """Take no more answers. Raises WrongMove."""
    return _move(meeting, MeetingState.CLOSED, "closed", by)


@transaction.atomic
def note_held(*, meeting: Meeting, by: User, now: datetime) -> Meeting:
    """Note that it took place; a *not now* that waited for it comes back.

    Raises NotOverYet, WrongMove.
    """
    meeting = _lock(meeting, by)
    if now < meeting.ends_at:
        raise NotOverYet(_("It has not ended yet."))
    if meeting.state == MeetingState.OPEN:
        move(meeting, to=MeetingState.CLOSED, moves=MEETING_MOVES)
    was_held = meeting.is_held
    meeting = _move(meeting, MeetingState.HELD, "noted as held", by)
    if not was_held:
        of_region = Locality.objects.filter(region=meeting.region)
        meeting_is_over(localities=of_region, now=now)
    return meeting


def _move(meeting: Meeting, to: MeetingState, verb: str, by: User) -> Meeting:
    meeting = _lock(meeting, by)
    if meeting.state != to:
        move(meeting, to=to, moves=MEETING_MOVES)
        record(by, verb, meeting)
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, why: str, by: User, now: datetime) -> Meeting:
    """Cancel it for a reason that everybody reads. Raises SayWhy, WrongMove."""
    if not why.strip():
        raise SayWhy(_("Say why in one sentence; everybody invited reads it."))
    meeting = _lock(meeting, by)
    if meeting.is_cancelled:
        return meeting
    meeting.why_cancelled = why.strip()
    meeting.save(update_fields=["why_cancelled", "updated_at"])
    move(meeting, to=MeetingState.CANCELLED, moves=MEETING_MOVES)
    record(by, "cancelled", meeting, meeting.why_cancelled)
    tell_calendars(meeting, now)
    return meeting
