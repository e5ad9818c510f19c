"""The pair's workspace: what to do, what waits for the partner, what comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise as Promised
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from localities.choices import Role, Side
from localities.models import Invitation, Locality, Seat
from localities.queries.standing import SeatHeld
from loci.accounts.models import User
from loci.core.counting import counted
from loci.cycles.models import Promise
from loci.cycles.queries.lessons import lessons_to_agree
from loci.cycles.queries.own_promises import promises_to
from loci.cycles.queries.reports import reports_to_read
from matchmaking.choices import (
    EVIDENCE_FROM,
    OPEN_SUGGESTIONS_AT_MOST,
    ReplyAnswer,
    SuggestionState,
)
from matchmaking.models import CircleMember, Reply, Suggestion
from matchmaking.queries.circles import asked_into, places_in_circles
from meetings.models import Meeting
from surveys.models import Part, Statement, Wave
from surveys.queries.pages import parts_of

KEPT_TO_ONESELF = frozenset({"side", "coordinators"})
_YOU_SEE_NOTHING = gettext_lazy(
    "This room belongs to your partner. You cannot see what is in it, and they cannot "
    "see yours."
)
SILENT_AFTER = timedelta(days=14)


@dataclass(frozen=True)
class Room:
    """One of the three rooms of a pair, and who reads what is in it."""

    name: str
    seen_by: str
    is_open: bool
    statements: tuple[Statement, ...] = ()
    closed_words: str = ""


@dataclass(frozen=True)
class SideMark:
    """One side of the pair, for the header."""

    side: Side
    organisation: str
    people: int
    is_silent: bool = False  # here for two weeks, and nobody has ever signed in

    @property
    def is_taken(self) -> bool:
        return bool(self.organisation)


@dataclass(frozen=True)
class Workspace:
    """All that the home of one side shows."""

    locality: Locality
    seat: SeatHeld
    sides: tuple[SideMark, ...]
    own_parts: tuple[Part, ...]
    partner_parts: tuple[Part, ...]
    suggestions: tuple[Suggestion, ...]
    waiting: tuple[Suggestion, ...]
    asked_by_partner: frozenset[int]
    introductions: tuple[Suggestion, ...]
    circles: tuple[CircleMember, ...]
    rooms: tuple[Room, ...]
    promises: tuple[Promise, ...]
    meetings: tuple[Meeting, ...]
    waves: tuple[Wave, ...]

    @property
    def parts_to_send(self) -> tuple[Part, ...]:
        return tuple(part for part in self.own_parts if not part.is_sent)

    @property
    def partner_to_send(self) -> tuple[Part, ...]:
        return tuple(part for part in self.partner_parts if not part.is_sent)

    @property
    def circles_to_answer(self) -> tuple[CircleMember, ...]:
        return tuple(row for row in self.circles if not row.answer)

    @property
    def circles_joined(self) -> tuple[CircleMember, ...]:
        return tuple(row for row in self.circles if row.answer == ReplyAnswer.YES)

    @property
    def has_applied(self) -> bool:
        """Something was applied of an introduction: a card can be written."""
        return any(row.outcome >= EVIDENCE_FROM for row in self.introductions)

    @property
    def parts_sent(self) -> tuple[Part, ...]:
        both = self.own_parts + self.partner_parts
        return tuple(part for part in both if part.is_sent)

    @property
    def has_government(self) -> bool:
        return any(
            mark.side == Side.GOVERNMENT and mark.is_taken for mark in self.sides
        )

    @property
    def has_civil_society(self) -> bool:
        return any(
            mark.side == Side.CIVIL_SOCIETY and mark.is_taken for mark in self.sides
        )


def as_the_other_side(person: User, seat: SeatHeld) -> tuple[Room, ...]:
    """The three rooms as the partner finds them, of what this person may read anyway.

    What the partner keeps to itself is not shown here either: only that it has a room.
    """
    said = _said(person, seat.locality)
    shared = tuple(row for row in said if row.visibility not in KEPT_TO_ONESELF)
    kept = len(said) - len(shared)
    theirs = _("Open to them. What is in it is theirs: you cannot see it.")
    ours = ngettext(
        "They see that this room is there, not that %(count)d line is in it.",
        "They see that this room is there, not that %(count)d lines are in it.",
        kept,
    ) % {"count": kept}
    own_room = _closed(seat.side, _("your side and the coordinators"), ours)
    their_room = _closed(seat.side.other, _("their side and the coordinators"), theirs)
    both = {seat.side: own_room, seat.side.other: their_room}
    return (_ours(shared), *(both[side] for side in Side))


def waits_for(person: User, seat: SeatHeld, now: datetime) -> frozenset[str]:
    """Which of the rarer things there are, so that only those are asked for (one query)."""
    rarer: dict[str, QuerySet[Any]] = {
        "invitations": Invitation.objects.to(person).standing(now),
        "reports": reports_to_read(person, now),
        "cards": lessons_to_agree(person),
        "circles": places_in_circles(seat.locality),
    }
    counts, _none = counted(list(rarer.values()))
    return frozenset(name for name, count in zip(rarer, counts, strict=True) if count)


def workspace_of(
    person: User, seat: SeatHeld, now: datetime, waits: frozenset[str]
) -> Workspace:
    """The workspace as this person's side sees it."""
    locality = seat.locality
    every_part = parts_of(locality)
    parts = [part for part in every_part if part.takes_answers(now)]
    own = Reply.objects.filter(suggestion=OuterRef("pk"), locality=locality)
    shown: list[Any] = list(
        Suggestion.objects.shown_to(person)
        .filter(Q(seeker=locality) | Q(helper=locality))
        .select_related("seeker", "helper", "need__topic", "offer__topic")
        .annotate(
            own_answer=Subquery(own.values("answer")[:1]),
            own_side=Subquery(own.values("side")[:1]),
            own_confirmed_at=Subquery(own.values("confirmed_at")[:1]),
        )
        .order_by("expires_at", "pk")
    )
    to_answer = [row for row in shown if _takes_answers(row, now)]
    answered = {row.pk for row in to_answer if _has_answered(row, seat)}
    return Workspace(
        locality=locality,
        seat=seat,
        sides=_sides(locality, now),
        own_parts=tuple(part for part in parts if part.is_written_by(seat.side)),
        partner_parts=tuple(
            part for part in parts if not part.is_written_by(seat.side)
        ),
        suggestions=tuple(row for row in to_answer if row.pk not in answered)[
            : OPEN_SUGGESTIONS_AT_MOST * 2
        ],
        waiting=tuple(row for row in to_answer if row.pk in answered),
        asked_by_partner=frozenset(
            row.pk for row in to_answer if row.pk not in answered and row.own_answer
        ),
        introductions=tuple(
            row for row in shown if row.state == SuggestionState.INTRODUCED
        ),
        circles=asked_into(locality) if "circles" in waits else (),
        rooms=_rooms(person, locality, seat.side),
        promises=tuple(promises_to(person, locality)),
        meetings=tuple(
            Meeting.objects.to_come(now)
            .filter(Q(region=locality.region) | Q(invitations__locality=locality))
            .distinct()
            .order_by("starts_at", "pk")[:2]
        ),
        waves=tuple({part.wave_id: part.wave for part in every_part}.values()),
    )


def _takes_answers(row: Suggestion, now: datetime) -> bool:
    is_shown = row.state == SuggestionState.APPROVED
    return is_shown and row.expires_at is not None and row.expires_at > now


def _has_answered(row: Any, seat: SeatHeld) -> bool:
    """This side has said yes, or its pair has settled; the next word is another's."""
    is_settled = row.own_answer == ReplyAnswer.YES and row.own_confirmed_at is not None
    return is_settled or row.own_side == seat.side


def _sides(locality: Locality, now: datetime) -> tuple[SideMark, ...]:
    """Who sits on each side, and whether anybody of it has ever come (one query)."""
    here = Q(
        organisation__memberships__until__isnull=True,
        organisation__memberships__role=Role.MEMBER,
        organisation__memberships__person__is_active=True,
    )
    came = here & Q(organisation__memberships__person__last_login__isnull=False)
    seats: dict[str, Any] = {
        seat.side: seat
        for seat in Seat.objects.current()
        .filter(locality=locality)
        .select_related("organisation")
        .annotate(
            people=Count("organisation__memberships", filter=here, distinct=True),
            came=Count("organisation__memberships", filter=came, distinct=True),
        )
    }
    return tuple(_mark(side, seats.get(side), now) for side in Side)


def _mark(side: Side, seat: Any, now: datetime) -> SideMark:
    if seat is None:
        return SideMark(side, "", 0)
    is_old = seat.since <= (now - SILENT_AFTER).date()
    return SideMark(
        side,
        seat.organisation.name,
        seat.people,
        is_silent=is_old and bool(seat.people) and not seat.came,
    )


def _rooms(person: User, locality: Locality, own: Side) -> tuple[Room, ...]:
    statements = _said(person, locality)
    ours = tuple(row for row in statements if row.visibility not in KEPT_TO_ONESELF)
    own_only = tuple(row for row in statements if row.visibility in KEPT_TO_ONESELF)
    rooms = [_ours(ours)]
    for side in Side:
        if side == own:
            name = _("%(side)s only") % {"side": side.label}
            words = _("your side and the coordinators")
            rooms.append(Room(name, words, is_open=True, statements=own_only))
        else:
            rooms.append(_closed(side, _("the other side"), _YOU_SEE_NOTHING))
    return tuple(rooms)


def _said(person: User, locality: Locality) -> list[Statement]:
    """What this person may read of the pair's open needs and offers."""
    return list(
        Statement.objects.present()
        .visible_to(person)
        .filter(locality=locality)
        .select_related("topic")
        .order_by("kind", "pk")
    )


def _ours(statements: tuple[Statement, ...]) -> Room:
    words = _("both sides of your pair, and whoever each statement names")
    return Room(_("Ours"), words, is_open=True, statements=statements)


def _closed(side: Side, seen_by: str, words: str | Promised) -> Room:
    name = _("%(side)s only") % {"side": side.label}
    return Room(name, seen_by, is_open=False, closed_words=str(words))
