"""Who speaks for a locality."""

from django.db.models import QuerySet

from localities.choices import Role, Side
from localities.models import Locality, Seat
from loci.accounts.models import User


def people_of(locality: Locality, side: Side | None = None) -> QuerySet[User]:
    """The people who speak for a locality now, or for one side of it."""
    seats = Seat.objects.current().filter(locality=locality)
    if side is not None:
        seats = seats.filter(side=side)
    return (
        User.objects.filter(
            is_active=True,
            memberships__until__isnull=True,
            memberships__role=Role.MEMBER,
            memberships__organisation__seats__in=seats,
        )
        .distinct()
        .order_by("pk")
    )


def side_of(person: User, locality: Locality) -> Side | None:
    """The side for which this person speaks in a locality; None if for neither."""
    seat = (
        Seat.objects.held_by(person)
        .filter(locality=locality)
        .order_by("side", "pk")
        .first()
    )
    return Side(seat.side) if seat else None
