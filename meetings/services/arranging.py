"""A coordinator arranges the agenda by hand; nobody is made to be in two places."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from meetings.models import Meeting, Room, Session, Slot
from meetings.services.agendas import require_coordinator
from meetings.services.slots import require_length


class Clash(Refused):
    """Somebody would have to be in two places, or two sessions in one room."""


class NotPlaced(Refused):
    """The session has no place to move from."""


def _lock(session: Session, by: User) -> Session:
    require_coordinator(session.meeting, by)
    Meeting.objects.select_for_update().get(pk=session.meeting_id)
    rows = Session.objects.select_related("meeting", "slot", "room")
    return rows.get(pk=session.pk)


@transaction.atomic
def pin_session(*, session: Session, by: User) -> Session:
    """Keep it where it is when the agenda is computed anew. Raises NotPlaced."""
    session = _lock(session, by)
    if not session.is_placed:
        raise NotPlaced(_("Give the session a place first."))
    session.is_pinned = True
    session.save(update_fields=["is_pinned", "updated_at"])
    record(by, "pinned", session)
    return session


@transaction.atomic
def unpin_session(*, session: Session, by: User) -> Session:
    session = _lock(session, by)
    session.is_pinned = False
    session.save(update_fields=["is_pinned", "updated_at"])
    record(by, "unpinned", session)
    return session


@transaction.atomic
def move_session(*, session: Session, later: bool, by: User) -> Session:
    """One slot later or earlier, trading places with what is there, and pinned.

    Raises NotPlaced, Clash.
    """
    session = _lock(session, by)
    slots = list(session.meeting.slots.order_by("day", "begins", "pk"))
    if session.slot is None or session.room is None:
        raise NotPlaced(_("Give the session a place first."))
    at = slots.index(session.slot) + (1 if later else -1)
    if not 0 <= at < len(slots):
        raise NotPlaced(_("There is no slot on that side."))
    return _put(session, slots[at], session.room, by)


@transaction.atomic
def place_session(*, session: Session, slot: Slot, room: Room, by: User) -> Session:
    """Put it there, trading places with what is there, and pin it. Raises Clash."""
    session = _lock(session, by)
    if slot.meeting_id != session.meeting_id or room.meeting_id != session.meeting_id:
        raise NotPlaced(_("Choose a slot and a room of this meeting."))
    return _put(session, slot, room, by)


def _put(session: Session, slot: Slot, room: Room, by: User) -> Session:
    there = (
        Session.objects.filter(slot=slot, room=room, is_dropped=False)
        .exclude(pk=session.pk)
        .select_related("slot", "room")
        .first()
    )
    _require_fits(session, slot, ignoring=there)
    old_slot, old_room = session.slot, session.room
    session.slot = session.room = None
    session.save(update_fields=["slot", "room", "updated_at"])
    if there is not None:
        if there.is_pinned:
            raise Clash(_("“%(title)s” is pinned there.") % {"title": there})
        if old_slot is not None:
            _require_fits(there, old_slot, ignoring=session)
        there.slot, there.room = old_slot, old_room
        there.save(update_fields=["slot", "room", "updated_at"])
    session.slot, session.room, session.is_pinned = slot, room, True
    session.why_not, session.blocked_by = "", []
    session.is_dropped = False
    session.save()
    record(by, "placed", session, f"{slot} {room}")
    return session


def _require_fits(session: Session, slot: Slot, ignoring: Session | None) -> None:
    """Raises Clash."""
    if session.minutes > slot.minutes:
        raise Clash(
            _("“%(title)s” takes %(minutes)d minutes, the slot has %(slot)d.")
            % {
                "title": session,
                "minutes": session.minutes,
                "slot": slot.minutes,
            }
        )
    others = Session.objects.filter(slot=slot, is_dropped=False).exclude(pk=session.pk)
    if ignoring is not None:
        others = others.exclude(pk=ignoring.pk)
    own = set(session.pairs.values_list("locality", flat=True))
    for other in others.prefetch_related("pairs__locality").order_by("pk"):
        shared = [
            row.locality.name for row in other.pairs.all() if row.locality_id in own
        ]
        if shared:
            raise Clash(
                _("%(who)s would be needed in “%(title)s” at the same time.")
                % {"who": ", ".join(sorted(set(shared))), "title": other}
            )


@transaction.atomic
def drop_session(*, session: Session, by: User) -> Session:
    """Leave it out; it does not come back when sessions are proposed anew."""
    session = _lock(session, by)
    session.is_dropped, session.is_pinned = True, False
    session.slot = session.room = None
    session.save()
    record(by, "left out", session)
    return session


@transaction.atomic
def change_session(*, session: Session, by: User) -> Session:
    """Save title, form and length. Raises TooLong."""
    require_coordinator(session.meeting, by)
    require_length(session)
    session.save()
    record(by, "changed", session)
    return session


@transaction.atomic
def show_agenda(*, meeting: Meeting, is_shown: bool, by: User) -> Meeting:
    """Let everybody read the agenda, or no longer."""
    require_coordinator(meeting, by)
    Meeting.objects.filter(pk=meeting.pk).update(agenda_shown=is_shown)
    record(by, "showed the agenda" if is_shown else "hid the agenda", meeting)
    meeting.agenda_shown = is_shown
    return meeting
