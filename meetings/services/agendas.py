"""An agenda is proposed from demand and placed, in the background, again and again."""

import logging
from datetime import datetime
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy as _

from localities.models import Topic
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.jobs import Job, enqueue
from loci.core.locks import try_lock
from loci.core.states import move
from meetings.agenda.demand import Proposed
from meetings.agenda.placing import Day, Placed, Room, Session as Item, Slot, place
from meetings.choices import RUN_MOVES, PairRole, RunOf, RunState, SessionFormat
from meetings.models import AgendaRun, Meeting, Session, SessionPair
from meetings.services.demand import proposed_for
from meetings.services.planning import MeetingNotYours
from meetings.services.slots import require_slots
from surveys.models import Statement

logger = logging.getLogger(__name__)
Row = dict[str, Any]


class AgendaRunning(Refused):
    """This agenda is being computed."""


class NowhereToPlace(Refused):
    """There are no rooms or no slots."""


@transaction.atomic
def propose_sessions(*, meeting: Meeting, by: User) -> int:
    """Make sessions of what the region asks for; returns how many there are then.

    What a coordinator has pinned or left out stays so; a session that people wish for
    keeps their wishes. Raises MeetingNotYours.
    """
    require_coordinator(meeting, by)
    kept = list(meeting.sessions.filter(notes="").select_related("topic"))
    by_topic = {row.topic.code if row.topic else "": row for row in kept}
    topics = {topic.code: topic for topic in Topic.objects.all()}
    found = proposed_for(meeting)
    for row in found:
        session = by_topic.pop(row.topic, None)
        if session is None or not (session.is_pinned or session.is_dropped):
            _write(meeting, session, row, topics)
    unasked = [row.pk for row in by_topic.values() if not row.is_pinned]
    Session.objects.filter(pk__in=unasked, is_dropped=False, wishes=None).delete()
    record(by, "proposed sessions", meeting)
    return meeting.sessions.filter(is_dropped=False).count()


def require_coordinator(meeting: Meeting, by: User) -> None:
    """Raises MeetingNotYours."""
    if not Meeting.objects.coordinated_by(by).filter(pk=meeting.pk).exists():
        raise MeetingNotYours(_("This meeting is outside your regions."))


def _write(
    meeting: Meeting, session: Session | None, row: Proposed, topics: dict[str, Topic]
) -> None:
    topic = topics.get(row.topic)
    session = session or Session(meeting=meeting, topic=topic)
    session.title = session.title or (topic.name if topic else gettext("Market"))
    session.format = SessionFormat(row.format.value)
    session.minutes, session.led_from_near = row.minutes, row.is_near
    session.save()
    session.pairs.all().delete()
    need_of = {ask.locality_id: ask for ask in _needs(row)}
    SessionPair.objects.bulk_create(
        [
            *(
                SessionPair(
                    session=session,
                    locality_id=pair,
                    role=PairRole.ASKS,
                    need=need_of.get(pair),
                )
                for pair in row.askers
            ),
            *(
                SessionPair(session=session, locality_id=pair, role=PairRole.LEADS)
                for pair in row.leaders
            ),
        ]
    )


def _needs(row: Proposed) -> QuerySet[Statement]:
    return Statement.objects.filter(pk__in=row.asks).order_by("-pk")


@transaction.atomic
def start_agenda(*, meeting: Meeting, by: User) -> AgendaRun:
    """Queue the placing of all sessions; pins stay.

    Raises MeetingNotYours, NowhereToPlace, SlotOutside, SlotsOverlap, AgendaRunning.
    """
    require_coordinator(meeting, by)
    slots = list(meeting.slots.all())
    if not slots or not meeting.rooms.exists():
        raise NowhereToPlace(_("Give the meeting rooms and slots first."))
    require_slots(meeting, slots)
    try:
        with transaction.atomic():
            run = AgendaRun.objects.create(meeting=meeting, started_by=by)
    except IntegrityError as problem:
        raise AgendaRunning(_("It is being computed already.")) from problem
    record(by, "started", run)
    enqueue(Job.SOLVE_AGENDA, run_id=run.pk)
    return run


def solve_agenda(*, run_id: int, now: datetime) -> None:
    """Place the sessions of a queued run; nothing if it is done or another is at it."""
    try:
        _solve(run_id, now)
    except OperationalError:
        raise  # the database was away or busy: the run stays queued for the sweep
    except Exception as problem:
        logger.exception("Agenda run %s failed", run_id)
        AgendaRun.objects.filter(pk=run_id, state=RunState.QUEUED).update(
            state=RunState.FAILED, problem=f"{type(problem).__name__}: {problem}"[:500]
        )


@transaction.atomic
def _solve(run_id: int, now: datetime) -> None:
    if not try_lock(f"agenda:{run_id}"):
        return
    rows = AgendaRun.objects.filter(pk=run_id, state=RunState.QUEUED, what=RunOf.AGENDA)
    run = rows.select_related("meeting").first()
    if run is None:
        return
    sessions = list(_sessions(run.meeting).select_for_update(of=("self",)))
    placed = place(day_of(run.meeting, sessions))
    _keep(sessions, placed)
    run.result = _in_figures(placed, len(sessions)) | {"at": now.isoformat()}
    run.save(update_fields=["result", "updated_at"])
    move(run, to=RunState.READY, moves=RUN_MOVES)


def _sessions(meeting: Meeting) -> QuerySet[Session]:
    return (
        meeting.sessions.filter(is_dropped=False)
        .prefetch_related("pairs", "wishes")
        .order_by("pk")
    )


def day_of(meeting: Meeting, sessions: list[Session]) -> Day:
    """The meeting as the solver reads it; a market opens the first day."""
    slots = list(meeting.slots.order_by("day", "begins", "pk"))
    rooms = meeting.rooms.order_by("pk")
    first = slots[0].pk if slots else None
    return Day(
        sessions=tuple(_item(meeting, row, first) for row in sessions),
        rooms=tuple(Room(room.pk, room.seats) for room in rooms),
        slots=tuple(Slot(slot.pk, slot.minutes) for slot in slots),
    )


def _item(meeting: Meeting, row: Session, first: int | None) -> Item:
    pairs = list(row.pairs.all())
    asking = frozenset(one.locality_id for one in pairs if one.role == PairRole.ASKS)
    leading = frozenset(one.locality_id for one in pairs if one.role == PairRole.LEADS)
    is_market = row.format == SessionFormat.MARKET
    people = len(asking | leading) * meeting.seats_per_pair
    is_pinned = row.is_pinned and row.is_placed
    return Item(
        key=row.pk,
        minutes=row.minutes,
        needs=1 if is_market else len([one for one in pairs if one.need_id]) or 1,
        leaders=leading,
        askers=asking,
        size=min(people, meeting.capacity),
        wanted=len(row.wishes.all()),
        slot=row.slot_id if is_pinned else (first if is_market else None),
        room=row.room_id if is_pinned else None,
    )


def _keep(sessions: list[Session], placed: Placed) -> None:
    """Write where each session is; first all that move are lifted, then set down."""
    at = {key: (slot, room) for key, slot, room in placed.places}
    left = {row.session: row for row in (*placed.left, *placed.clashing_pins)}
    moving = [row for row in sessions if not (row.is_pinned and row.is_placed)]
    Session.objects.filter(pk__in=[row.pk for row in moving]).update(
        slot=None, room=None
    )
    for row in sessions:
        slot, room = at.get(row.pk, (None, None))
        why = left.get(row.pk)
        Session.objects.filter(pk=row.pk).update(
            slot=slot,
            room=room,
            why_not=why.why.value if why else "",
            blocked_by=list(why.others) if why else [],
        )


def _in_figures(placed: Placed, sessions: int) -> Row:
    return {
        "sessions": sessions,
        "placed": len(placed.places),
        "needs": placed.needs,
        "needs_bound": placed.needs_bound,
        "wishes": placed.wishes,
        "wishes_bound": placed.wishes_bound,
        "is_proven": placed.is_proven,
    }


def agendas_waiting() -> list[int]:
    """Runs that a lost message may have left behind."""
    queued = AgendaRun.objects.filter(state=RunState.QUEUED, what=RunOf.AGENDA)
    return list(queued.order_by("pk").values_list("pk", flat=True))
