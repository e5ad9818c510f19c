"""People take and leave places in organisations."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from localities.choices import InvitationKind, Role
from localities.models import Invitation, Membership, Organisation, Seat
from localities.services.coordinating import somebody_coordinates
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused


class NoPlace(Refused):
    """This person has no place there that could end."""


@transaction.atomic
def join(
    *, person: User, organisation: Organisation, role: Role, on: date, by: User | None
) -> Membership:
    """Give a person a place; a place they hold already stays as it is."""
    membership, is_new = Membership.objects.get_or_create(
        person=person,
        organisation=organisation,
        role=role,
        until=None,
        defaults={"since": on},
    )
    if is_new:
        record(by, "joined", membership)
    return membership


@transaction.atomic
def leave(*, membership: Membership, on: date, by: User | None) -> Membership:
    """End a place; what the person wrote stays.

    Where somebody else ends it, open invitations that the person wrote end too.
    Raises LastCoordinator.
    """
    if membership.until is None:
        with somebody_coordinates():
            membership.until = on
            membership.save(update_fields=["until", "updated_at"])
        record(by, "left", membership)
        if by is None or by.pk != membership.person_id:
            _withdraw_what_was_written(membership)
    return membership


def _withdraw_what_was_written(membership: Membership) -> None:
    seats = Seat.objects.filter(organisation=membership.organisation)
    Invitation.objects.filter(
        Q(organisation=membership.organisation)
        | Q(kind=InvitationKind.PARTNER, locality__in=seats.values("locality")),
        by=membership.person,
        accepted_at__isnull=True,
        withdrawn_at__isnull=True,
    ).update(withdrawn_at=Now())


@transaction.atomic
def leave_seat(*, seat: Seat, on: date, by: User) -> Membership:
    """End one's own place on a side. Raises NoPlace."""
    mine = (
        Membership.objects.current()
        .select_for_update(of=("self",))
        .filter(person=by, organisation=seat.organisation, role=Role.MEMBER)
        .first()
    )
    if mine is None:
        raise NoPlace(_("You have no place on this side."))
    return leave(membership=mine, on=on, by=by)
