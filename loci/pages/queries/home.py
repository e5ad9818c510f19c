"""The pair's workspace: what to do, what waits for the partner, what comes."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from localities.choices import Role, Side
from localities.models import Locality, Membership, Seat
from localities.queries.standing import SeatHeld
from loci.accounts.models import User
from loci.cycles.models import Promise
from matchmaking.choices import (
    EVIDENCE_FROM,
    OPEN_SUGGESTIONS_AT_MOST,
    ReplyAnswer,
    SuggestionState,
)
from matchmaking.models import CircleMember, Reply, Suggestion
from matchmaking.queries.circles import asked_into
from meetings.models import Meeting
from surveys.models import Answer, Part, Statement, ThemeText, Wave
from surveys.queries.pages import parts_of


@dataclass(frozen=True)
class Room:
    """One of the three rooms of a pair, and who reads what is in it."""

    name: str
    seen_by: str
    is_open: bool
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class SideMark:
    """One side of the pair, for the header."""

    side: Side
    organisation: str
    people: int

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


def workspace_of(person: User, seat: SeatHeld, now: datetime) -> Workspace:
    """The workspace as this person's side sees it."""
    locality = seat.locality
    every_part = parts_of(locality)
    parts = [part for part in every_part if part.takes_answers(now)]
    shown = list(
        Suggestion.objects.shown_to(person)
        .filter(Q(seeker=locality) | Q(helper=locality))
        .select_related("seeker", "helper", "need__topic", "offer__topic")
        .prefetch_related("replies")
        .order_by("expires_at", "pk")
    )
    to_answer = [row for row in shown if _takes_answers(row, now)]
    answered = {row.pk for row in to_answer if _has_answered(row, seat)}
    return Workspace(
        locality=locality,
        seat=seat,
        sides=_sides(locality),
        own_parts=tuple(part for part in parts if part.is_written_by(seat.side)),
        partner_parts=tuple(
            part for part in parts if not part.is_written_by(seat.side)
        ),
        suggestions=tuple(row for row in to_answer if row.pk not in answered)[
            : OPEN_SUGGESTIONS_AT_MOST * 2
        ],
        waiting=tuple(row for row in to_answer if row.pk in answered),
        asked_by_partner=frozenset(
            row.pk for row in to_answer if row.pk not in answered and _own(row, seat)
        ),
        introductions=tuple(
            row for row in shown if row.state == SuggestionState.INTRODUCED
        ),
        circles=asked_into(locality),
        rooms=_rooms(person, locality, seat.side),
        promises=own_promises(person, locality),
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


def _own(row: Suggestion, seat: SeatHeld) -> Reply | None:
    """What this pair has replied so far."""
    own = (r for r in row.replies.all() if r.locality_id == seat.locality.pk)
    return next(own, None)


def _has_answered(row: Suggestion, seat: SeatHeld) -> bool:
    """This side has said yes, or its pair has settled; the next word is another's."""
    reply = _own(row, seat)
    return reply is not None and (reply.is_settled_yes or reply.side == seat.side)


def _sides(locality: Locality) -> tuple[SideMark, ...]:
    seats = {
        seat.side: seat
        for seat in Seat.objects.current()
        .filter(locality=locality)
        .select_related("organisation")
    }
    people: dict[int, int] = {}
    members = Membership.objects.current().filter(
        role=Role.MEMBER,
        organisation__in=[seat.organisation_id for seat in seats.values()],
    )
    for organisation in members.values_list("organisation", flat=True):
        people[organisation] = people.get(organisation, 0) + 1
    return tuple(
        SideMark(
            side,
            seats[side].organisation.name if side in seats else "",
            people.get(seats[side].organisation_id, 0) if side in seats else 0,
        )
        for side in Side
    )


def _rooms(person: User, locality: Locality, own: Side) -> tuple[Room, ...]:
    statements = list(
        Statement.objects.spoken()
        .visible_to(person)
        .filter(locality=locality)
        .select_related("topic")
        .order_by("kind", "pk")
    )
    ours = tuple(
        row for row in statements if row.visibility not in {"side", "coordinators"}
    )
    own_only = tuple(
        row for row in statements if row.visibility in {"side", "coordinators"}
    )
    rooms = [
        Room(
            _("Ours"),
            _("both sides of your pair, and whoever each statement names"),
            is_open=True,
            statements=ours,
        )
    ]
    for side in Side:
        mine = side == own
        rooms.append(
            Room(
                _("%(side)s only") % {"side": side.label},
                _("your side and the coordinators") if mine else _("the other side"),
                is_open=mine,
                statements=own_only if mine else (),
            )
        )
    return tuple(rooms)


def own_promises(person: User, locality: Locality) -> tuple[Promise, ...]:
    """Lines about what this person's pair has said, as far as this side may read it."""
    said = Statement.objects.visible_to(person).filter(locality=locality)
    answers = Answer.objects.visible_to(person).filter(part__locality=locality)
    inside = ThemeText.objects.filter(Q(statement__in=said) | Q(answer__in=answers))
    return tuple(
        Promise.objects.published()
        .filter(
            Q(topic__in=said.filter(kind="need").values("topic"))
            | Q(theme__in=inside.values("theme"))
        )
        .select_related("topic", "wave")
        .order_by("-wave__opens_at", "pk")[:3]
    )
