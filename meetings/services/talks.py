"""Talks at tables: times are laid out, wishes taken, tables given in the background."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.jobs import Job, enqueue
from loci.core.locks import try_lock
from loci.core.states import move
from matchmaking.choices import CircleState
from matchmaking.models import Circle
from meetings.agenda.seating import Tables, Talk as Item
from meetings.agenda.talks import Seated, seat
from meetings.choices import RUN_MOVES, PairRole, PlaceState, RunOf, RunState
from meetings.models import (
    AgendaRun,
    Meeting,
    Place,
    Session,
    SessionPair,
    SessionWish,
    Talk,
    TalkSeat,
    TalkTime,
    TalkWish,
)
from meetings.services.agendas import AgendaRunning, NowhereToPlace, require_coordinator
from meetings.services.wishing import NotComing
from surveys.choices import StatementKind
from surveys.models import Statement

IN_A_ROW = 3  # talks without a break
GROUP_LEAST = 3


class TimesOutside(Refused):
    """Times for talks before or after the hours of the day."""


@transaction.atomic
def lay_out_talks(
    *, meeting: Meeting, day: date, begins: time, minutes: int, count: int, by: User
) -> int:
    """So many times that follow each other on one day; those of that day before go.

    Raises MeetingNotYours, TimesOutside.
    """
    require_coordinator(meeting, by)
    if day not in meeting.days:
        raise TimesOutside(_("These times lie outside the hours of the day."))
    start = datetime.combine(day, begins)  # by the wall clock
    step = timedelta(minutes=minutes)
    hours = [(start + step * at, start + step * (at + 1)) for at in range(count)]
    inside = (
        begins >= meeting.day_begins
        and hours[-1][1].date() == day
        and hours[-1][1].time() <= meeting.day_ends
    )
    if not inside:
        raise TimesOutside(_("These times lie outside the hours of the day."))
    TalkTime.objects.filter(meeting=meeting, day=day).delete()
    TalkTime.objects.bulk_create(
        TalkTime(meeting=meeting, day=day, begins=one.time(), ends=other.time())
        for one, other in hours
    )
    record(by, "laid out talks", meeting)
    return count


@transaction.atomic
def wish_for_talks(*, place: Place, others: Collection[int]) -> int:
    """Set whom one would like to talk to, of those who come. Raises NotComing."""
    if place.state != PlaceState.YES:
        raise NotComing(_("Talks are for those who come."))
    coming = (
        Place.objects.held()
        .filter(
            invitation__meeting=place.invitation.meeting_id,
            state=PlaceState.YES,
            pk__in=list(others),
        )
        .exclude(invitation=place.invitation_id)
    )
    TalkWish.objects.filter(place=place).delete()
    wishes = [TalkWish(place=place, other=other) for other in coming.order_by("pk")]
    return len(TalkWish.objects.bulk_create(wishes))


@transaction.atomic
def start_talks(*, meeting: Meeting, tables: int, by: User) -> AgendaRun:
    """Queue the giving of tables. Raises MeetingNotYours, NowhereToPlace, AgendaRunning."""
    require_coordinator(meeting, by)
    if not meeting.talk_times.exists() or tables < 1:
        raise NowhereToPlace(_("Lay out times for talks first."))
    try:
        with transaction.atomic():
            run = AgendaRun.objects.create(
                meeting=meeting,
                what=RunOf.TALKS,
                started_by=by,
                result={"tables": tables},
            )
    except IntegrityError as problem:
        raise AgendaRunning(_("It is being computed already.")) from problem
    record(by, "started", run)
    enqueue(Job.SEAT_TALKS, run_id=run.pk)
    return run


@transaction.atomic
def seat_talks(*, run_id: int) -> None:
    """Give tables for a queued run; nothing if it is done or another is at it."""
    if not try_lock(f"talks:{run_id}"):
        return
    rows = AgendaRun.objects.filter(pk=run_id, state=RunState.QUEUED, what=RunOf.TALKS)
    run = rows.select_related("meeting").first()
    if run is None:
        return
    tables = tables_of(run.meeting, int((run.result or {}).get("tables", 1)))
    seated = seat(tables)
    _keep(run.meeting, tables, seated)
    run.result = {
        "tables": tables.tables,
        "talks": len(seated.places),
        "mutual": seated.mutual,
        "mutual_bound": seated.mutual_bound,
        "needs": seated.needs,
        "needs_bound": seated.needs_bound,
        "is_proven": seated.is_proven,
    }
    run.save(update_fields=["result", "updated_at"])
    move(run, to=RunState.READY, moves=RUN_MOVES)


def talks_waiting() -> list[int]:
    queued = AgendaRun.objects.filter(state=RunState.QUEUED, what=RunOf.TALKS)
    return list(queued.order_by("pk").values_list("pk", flat=True))


def tables_of(meeting: Meeting, tables: int) -> Tables:
    """The meeting's talks as the solver reads them; people are their places."""
    places = list(
        Place.objects.held()
        .filter(invitation__meeting=meeting, state=PlaceState.YES)
        .select_related("invitation")
        .order_by("pk")
    )
    times = list(meeting.talk_times.order_by("day", "begins", "pk"))
    items = [*_pairs(places), *_groups(places)]
    return Tables(
        talks=tuple(
            Item(key, people, is_mutual=mutual, needs=needs)
            for key, (people, mutual, needs) in enumerate(items)
        ),
        blocks=_blocks(times),
        tables=tables,
        in_a_row=IN_A_ROW,
        away=_away(meeting, places, times),
    )


Wanted = tuple[tuple[int, ...], bool, frozenset[int]]


def _pairs(places: list[Place]) -> list[Wanted]:
    """Two people where one wished for the other: mutual, or one can help the other."""
    known = {place.pk: place for place in places}
    wished = {
        (row.place_id, row.other_id)
        for row in TalkWish.objects.filter(place__in=known, other__in=known)
    }
    helped = _helped({place.invitation.locality_id for place in places})
    found: list[Wanted] = []
    for one, other in sorted({(min(pair), max(pair)) for pair in wished}):
        mutual = {(one, other), (other, one)} <= wished
        here, there = (known[pk].invitation.locality_id for pk in (one, other))
        needs = helped[here, there] | helped[there, here]
        if mutual or needs:
            found.append(((one, other), mutual, frozenset(needs)))
    return found


def _helped(localities: set[int]) -> dict[tuple[int, int], set[int]]:
    """Needs of the first pair on a topic that the second offers."""
    rows = Statement.objects.for_introductions().filter(locality__in=localities)
    needs: dict[int, set[tuple[int, int]]] = defaultdict(set)
    offers: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for row in rows.order_by("pk"):
        by_topic = needs if row.kind == StatementKind.NEED else offers
        by_topic[row.topic_id].add((row.locality_id, row.pk))
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for topic, asked in needs.items():
        for seeker, need in asked:
            for helper, _offer in offers.get(topic, ()):
                if helper != seeker:
                    found[seeker, helper].add(need)
    return found


def _groups(places: list[Place]) -> list[Wanted]:
    """Formed circles of which three pairs or more are here: one person of each."""
    first: dict[int, int] = {}
    for place in places:
        first.setdefault(place.invitation.locality_id, place.pk)
    circles = Circle.objects.filter(state=CircleState.FORMED).prefetch_related(
        "members"
    )
    found: list[Wanted] = []
    for circle in circles.order_by("pk"):
        here = [row for row in circle.members.all() if row.locality_id in first]
        said_yes = [row for row in here if row.answer == "yes"]
        if len(said_yes) >= GROUP_LEAST:
            people = tuple(sorted(first[row.locality_id] for row in said_yes))
            needs = frozenset(row.need_id for row in said_yes)
            found.append((people, True, needs))
    return found


def _blocks(times: list[TalkTime]) -> tuple[tuple[int, ...], ...]:
    """Times that follow each other without a pause."""
    blocks: list[list[int]] = []
    before: TalkTime | None = None
    for one in times:
        follows = before is not None and (before.day, before.ends) == (
            one.day,
            one.begins,
        )
        if not follows:
            blocks.append([])
        blocks[-1].append(one.pk)
        before = one
    return tuple(tuple(block) for block in blocks)


def _away(
    meeting: Meeting, places: list[Place], times: list[TalkTime]
) -> dict[int, frozenset[int]]:
    """Who leads a session then, or wishes for one, is not at a table."""
    of_pair: dict[int, set[int]] = defaultdict(set)
    for place in places:
        of_pair[place.invitation.locality_id].add(place.pk)
    away: dict[int, set[int]] = defaultdict(set)
    leading = SessionPair.objects.filter(
        session__meeting=meeting, role=PairRole.LEADS, session__slot__isnull=False
    ).select_related("session__slot")
    wishes = SessionWish.objects.filter(
        session__meeting=meeting, session__slot__isnull=False
    ).select_related("session__slot")
    busy = [(pk, row.session) for row in leading for pk in of_pair[row.locality_id]]
    busy += [(row.place_id, row.session) for row in wishes]
    for pk, session in busy:
        away[pk] |= {one.pk for one in times if _is_during(one, session)}
    return {pk: frozenset(slots) for pk, slots in away.items()}


def _is_during(one: TalkTime, session: Session) -> bool:
    slot = session.slot
    return (
        slot is not None
        and slot.day == one.day
        and one.begins < slot.ends
        and slot.begins < one.ends
    )


def _keep(meeting: Meeting, tables: Tables, seated: Seated) -> None:
    Talk.objects.filter(meeting=meeting).delete()
    items = {item.key: item for item in tables.talks}
    for key, slot, table in seated.places:
        item = items[key]
        talk = Talk.objects.create(
            meeting=meeting,
            time_id=slot,
            table=table,
            is_mutual=item.is_mutual,
            needs=len(item.needs),
        )
        TalkSeat.objects.bulk_create(
            TalkSeat(talk=talk, time_id=slot, place_id=person) for person in item.people
        )
