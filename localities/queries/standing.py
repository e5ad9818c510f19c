"""Where a person stands: which sides, which regions, which roles — now."""

from dataclasses import dataclass

from django.db.models import QuerySet

from localities.choices import OrganisationKind, Role, Side
from localities.models import Locality, Membership, Region, Seat
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
    is_network_coordinator: bool
    region_codes: frozenset[str]

    @property
    def is_coordinator(self) -> bool:
        return Role.COORDINATOR in self.roles

    @property
    def is_expert(self) -> bool:
        return Role.EXPERT in self.roles

    @property
    def is_reader(self) -> bool:
        return Role.READER in self.roles


def standing_of(person: User) -> Standing:
    """What this person may be and where, read anew (three queries)."""
    seats = (
        Seat.objects.held_by(person)
        .select_related("locality__region", "organisation")
        .order_by("locality__name", "side", "pk")
    )
    memberships = list(
        Membership.objects.current()
        .filter(person=person)
        .values_list("role", "organisation__kind")
    )
    coordinated = {kind for role, kind in memberships if role == Role.COORDINATOR}
    codes: set[str] = set()
    if coordinated:
        regions = Region.objects.coordinated_by(person)
        codes = set(regions.values_list("code", flat=True))
    return Standing(
        seats=tuple(
            SeatHeld(
                seat.locality,
                Side(seat.side),
                seat.organisation.name,
            )
            for seat in seats
        ),
        roles=frozenset(Role(role) for role, _kind in memberships),
        is_network_coordinator=OrganisationKind.CONVENER in coordinated,
        region_codes=frozenset(codes),
    )


def network_coordinators() -> QuerySet[User]:
    """People who coordinate the whole network."""
    return User.objects.filter(
        is_active=True,
        memberships__until__isnull=True,
        memberships__role=Role.COORDINATOR,
        memberships__organisation__kind=OrganisationKind.CONVENER,
    ).distinct()
