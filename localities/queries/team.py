"""The people of one side: who is here, who is asked, who sat here before."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from localities.choices import InvitationKind, Role, Side
from localities.models import Invitation, Locality, Membership, Seat
from loci.accounts.choices import NameShownTo
from loci.accounts.models import User


@dataclass(frozen=True)
class Waiting:
    """An invitation that was not used; one that `is_over` has run out."""

    invitation: Invitation
    is_over: bool


@dataclass(frozen=True)
class Team:
    """What a side sees of itself."""

    seat: Seat
    people: tuple[Membership, ...]
    invitations: tuple[Waiting, ...]
    other_is_empty: bool
    history: tuple[Seat, ...]

    @property
    def is_alone(self) -> bool:
        """Nobody else speaks for this side: one person is the only key."""
        return len(self.people) == 1


def seat_of(person: User, slug: str) -> Seat | None:
    """The seat that this person speaks for in this locality."""
    return (
        Seat.objects.held_by(person)
        .filter(locality__slug=slug)
        .select_related("locality__region", "organisation")
        .order_by("side", "pk")
        .first()
    )


def has_just_left(person: User, slug: str) -> bool:
    """Whether this person's only place in this locality ended today."""
    ended = Membership.objects.filter(
        person=person,
        role=Role.MEMBER,
        until=timezone.localdate(),
        organisation__seats__locality__slug=slug,
    )
    return ended.exists() and seat_of(person, slug) is None


def team_of(seat: Seat, now: datetime) -> Team:
    """Own side's people and unused invitations; of the other side only if it is empty."""
    other = Side(seat.side).other
    seats = Seat.objects.filter(locality=seat.locality).select_related("organisation")
    every = tuple(seats.order_by("side", "-since", "-pk"))
    invitations = (
        Invitation.objects.unused()
        .filter(locality=seat.locality)
        .select_related("person", "organisation")
        .order_by("-created_at", "pk")
    )
    people = tuple(
        Membership.objects.current()
        .filter(organisation=seat.organisation, role=Role.MEMBER)
        .select_related("person")
        .order_by("since", "pk")
    )
    here = {place.person_id for place in people}
    other_is_empty = not any(row.side == other and row.until is None for row in every)
    own = (
        Waiting(row, is_over=row.expires_at <= now)
        for row in invitations
        if (row.side == seat.side and row.person_id not in here)
        or (row.kind == InvitationKind.PARTNER and other_is_empty)
        or (row.expires_at > now and row.kind == InvitationKind.PARTNER)
    )
    return Team(
        seat=seat,
        people=people,
        invitations=tuple(own),
        other_is_empty=other_is_empty,
        history=tuple(row for row in every if row.until is not None),
    )


def names_of(locality: Locality, reader: User | None) -> dict[int, list[User]]:
    """People by organisation whose names this reader may read."""
    if (
        reader is None
        or not Membership.objects.current().filter(person=reader).exists()
    ):
        return {}
    places = (
        Membership.objects.current()
        .filter(
            role=Role.MEMBER,
            organisation__in=Seat.objects.current()
            .filter(locality=locality)
            .values("organisation"),
            person__name_shown_to=NameShownTo.NETWORK,
        )
        .exclude(person__name="")
        .select_related("person")
        .order_by("since", "pk")
    )
    found: dict[int, list[User]] = {}
    for place in places:
        found.setdefault(place.organisation_id, []).append(place.person)
    return found
