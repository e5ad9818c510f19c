"""People take and leave places in organisations."""

from datetime import date

from django.db import transaction

from localities.choices import Role
from localities.models import Membership, Organisation
from loci.accounts.models import User
from loci.accounts.services.audit import record


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
    """End a place; what the person wrote stays."""
    if membership.until is None:
        membership.until = on
        membership.save(update_fields=["until", "updated_at"])
        record(by, "left", membership)
    return membership
