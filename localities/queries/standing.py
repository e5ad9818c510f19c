"""Where a person stands: which sides, which regions, which roles — now."""

from dataclasses import dataclass

from localities.choices import Role, Side
from localities.models import Locality, Membership, Seat
from loci.accounts.models import User


@dataclass(frozen=True)
class SeatHeld:
    """One side of one locality that a person speaks for."""

    locality: Locality
    side: Side
    organisation: str


@dataclass(frozen=True)
class Standing:
    """All that a person's current memberships allow."""

    seats: tuple[SeatHeld, ...]
    roles: frozenset[Role]

    @property
    def is_coordinator(self) -> bool:
        return Role.COORDINATOR in self.roles

    @property
    def is_expert(self) -> bool:
        return Role.EXPERT in self.roles

    @property
    def is_reader(self) -> bool:
        return Role.READER in self.roles


def seats_held(person: User) -> tuple[SeatHeld, ...]:
    """The sides for which this person speaks, read anew (one query)."""
    seats = (
        Seat.objects.held_by(person)
        .select_related("locality__region", "organisation")
        .order_by("locality__name", "side", "pk")
    )
    return tuple(
        SeatHeld(seat.locality, Side(seat.side), seat.organisation.name)
        for seat in seats
    )


def standing_of(person: User) -> Standing:
    """What this person may be and where, read anew (two queries)."""
    memberships = Membership.objects.current().filter(person=person)
    return Standing(
        seats=seats_held(person),
        roles=frozenset(
            Role(role) for role in memberships.values_list("role", flat=True)
        ),
    )
