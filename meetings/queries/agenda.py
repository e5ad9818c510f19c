"""The agenda as people read it, and the board on which coordinators arrange it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Q, QuerySet
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from localities.models import Membership, Topic
from loci.accounts.models import User
from meetings.choices import PairRole, PlaceState, RunOf
from meetings.models import AgendaRun, Meeting, Place, Room, Session, SessionPair, Slot
from surveys.choices import QUOTED_FROM, StatementKind, StatementState
from surveys.models import Statement

FEWEST_SHOWN = 3  # a count on fewer localities is people, not a number

WHY_NOT = {
    "too_long": gettext_lazy("It is longer than every slot."),
    "too_large": gettext_lazy("More people are expected than any room seats."),
    "clash": gettext_lazy(
        "Those who lead or asked are needed elsewhere at every free time."
    ),
    "full": gettext_lazy("All rooms are taken at every time that is long enough."),
    "pins_clash": gettext_lazy("It is pinned where somebody is needed twice."),
    "left_out": gettext_lazy("Other sessions serve more needs."),
}


@dataclass(frozen=True)
class Shown:
    """One session with who asked and who leads, as far as this reader may see."""

    session: Session
    heading: str
    asked: str
    askers: tuple[str, ...]
    leaders: tuple[str, ...]
    wishes: int
    is_wished: bool
    why_not: str = ""
    blocked_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class AgendaDay:
    """One day: slots in order, each with its sessions."""

    day: date
    slots: tuple[tuple[Slot, tuple[Shown, ...]], ...]


@dataclass(frozen=True)
class Agenda:
    """What is shown of an agenda, and to whom wishes are open."""

    days: tuple[AgendaDay, ...]
    can_wish: bool


def agenda_of(meeting: Meeting, person: User | None) -> Agenda | None:
    """The agenda by day and time; None while it is not shown."""
    if not meeting.agenda_shown:
        return None
    place = _place_of(meeting, person)
    sessions: list[Any] = list(
        _sessions(meeting)
        .filter(slot__isnull=False, is_dropped=False)
        .annotate(tells_names=Exists(_places_of(person)))
    )
    wished = (
        set(place.session_wishes.values_list("session", flat=True)) if place else set()
    )
    by_slot: dict[Slot, list[Shown]] = defaultdict(list)
    for session in sessions:
        shown = _shown(session, by_name=session.tells_names, wished=wished)
        if session.slot is not None:
            by_slot[session.slot].append(shown)
    slots = sorted(by_slot, key=lambda slot: (slot.day, slot.begins, slot.pk))
    days = defaultdict(list)
    for slot in slots:
        days[slot.day].append((slot, tuple(by_slot[slot])))
    return Agenda(
        tuple(AgendaDay(day, tuple(rows)) for day, rows in days.items()),
        can_wish=place is not None,
    )


def _places_of(person: User | None) -> QuerySet[Membership]:
    """Names are for the network: whoever has no place in it any more reads none."""
    rows = Membership.objects.current()
    return rows.filter(person=person) if person else rows.none()


def _place_of(meeting: Meeting, person: User | None) -> Place | None:
    """Where this person stands, if wishes of theirs count."""
    if person is None:
        return None
    rows = Place.objects.held().filter(invitation__meeting=meeting, person=person)
    return rows.exclude(state=PlaceState.NO).order_by("pk").first()


def _sessions(meeting: Meeting) -> QuerySet[Session]:
    return (
        Session.objects.filter(meeting=meeting)
        .select_related("slot", "room", "topic")
        .prefetch_related("pairs__locality", "pairs__need")
        .annotate(wish_count=Count("wishes"))
        .order_by("room__pk", "pk")
    )


def _shown(session: Session, *, by_name: bool, wished: set[int]) -> Shown:
    asking = [row for row in session.pairs.all() if row.role == PairRole.ASKS]
    leading = [row for row in session.pairs.all() if row.role == PairRole.LEADS]
    return Shown(
        session=session,
        heading=heading_of(session),
        asked=_asked(len(asking)),
        askers=_names([row for row in asking if _consents(row)]) if by_name else (),
        leaders=_names(leading) if by_name else (),
        wishes=getattr(session, "wish_count", 0),
        is_wished=session.pk in wished,
    )


def heading_of(session: Session) -> str:
    """Its title; the topic's name in the reader's language where nobody changed it."""
    topic = session.topic
    return topic.label if topic and session.title == topic.name else session.title


def _consents(row: SessionPair) -> bool:
    """The pair lets the network read the need for which it is here, and still says it."""
    need = row.need
    return (
        need is not None
        and need.visibility in QUOTED_FROM
        and need.state != StatementState.WITHDRAWN
    )


def _names(rows: list[SessionPair]) -> tuple[str, ...]:
    return tuple(sorted(row.locality.name for row in rows))


def _asked(count: int) -> str:
    if not count:
        return ""
    if count < FEWEST_SHOWN:
        return _("asked by fewer than 3 localities")
    return ngettext(
        "asked by %(count)d locality", "asked by %(count)d localities", count
    ) % {"count": count}


@dataclass(frozen=True)
class Board:
    """Rooms across, slots down; what has no place and why; how good it is."""

    rooms: tuple[Room, ...]
    lines: tuple[tuple[Slot, tuple[Shown | None, ...]], ...]
    unplaced: tuple[Shown, ...]
    dropped: tuple[Shown, ...]
    without: tuple[str, ...]
    run: AgendaRun | None
    figures: tuple[tuple[str, str], ...]


def board_of(meeting: Meeting) -> Board:
    rooms = tuple(meeting.rooms.order_by("pk"))
    slots = list(meeting.slots.order_by("day", "begins", "pk"))
    every = list(_sessions(meeting))
    titles = {row.pk: heading_of(row) for row in every}
    shown = {row.pk: _on_board(row, titles) for row in every}
    at = {(row.slot_id, row.room_id): shown[row.pk] for row in every if row.is_placed}
    run = (
        AgendaRun.objects.filter(meeting=meeting, what=RunOf.AGENDA)
        .order_by("-pk")
        .first()
    )
    return Board(
        rooms=rooms,
        lines=tuple(
            (slot, tuple(at.get((slot.pk, room.pk)) for room in rooms))
            for slot in slots
        ),
        unplaced=tuple(
            shown[row.pk] for row in every if not row.is_placed and not row.is_dropped
        ),
        dropped=tuple(shown[row.pk] for row in every if row.is_dropped),
        without=_without_session(meeting, every),
        run=run,
        figures=_figures(run),
    )


def _without_session(meeting: Meeting, sessions: list[Session]) -> tuple[str, ...]:
    """Topics that were asked for and came to no session, once there are any."""
    if not sessions:
        return ()
    asked = Topic.objects.filter(
        statements__in=Statement.objects.for_introductions().filter(
            Q(locality__region=meeting.region)
            | Q(locality__meeting_invitations__meeting=meeting),
            kind=StatementKind.NEED,
            locality__is_demo=meeting.is_demo,
        )
    )
    held = [row.topic_id for row in sessions if row.topic_id]
    rows = asked.exclude(pk__in=held).distinct().order_by("position", "pk")
    return tuple(topic.label for topic in rows)


def _on_board(session: Session, titles: dict[int, str]) -> Shown:
    base = _shown(session, by_name=True, wished=set())
    pairs = [row for row in session.pairs.all() if row.role == PairRole.ASKS]
    return Shown(
        session=session,
        heading=base.heading,
        asked=base.asked,
        askers=_names(pairs),
        leaders=base.leaders,
        wishes=base.wishes,
        is_wished=False,
        why_not=str(WHY_NOT.get(session.why_not, "")),
        blocked_by=tuple(titles[pk] for pk in session.blocked_by if pk in titles),
    )


def _figures(run: AgendaRun | None) -> tuple[tuple[str, str], ...]:
    if run is None or not run.result:
        return ()
    figures = run.result
    of = _("%(reached)d; nobody can reach more than %(bound)d")
    return (
        (
            _("sessions with a place"),
            _("%(placed)d of %(sessions)d")
            % {"placed": figures["placed"], "sessions": figures["sessions"]},
        ),
        (
            _("needs served"),
            of % {"reached": figures["needs"], "bound": figures["needs_bound"]},
        ),
        (
            _("wishes met early"),
            of % {"reached": figures["wishes"], "bound": figures["wishes_bound"]},
        ),
    )
