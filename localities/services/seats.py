"""Which organisation sits where: taken, given on, history kept."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from localities.choices import Side
from localities.models import Locality, Organisation, Region, Seat
from localities.services.inviting import NotYours, kind_of_side
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused


class WrongKind(Refused):
    """A government does not sit on civil society's side, nor the other way round."""


@transaction.atomic
def give_seat(
    *, locality: Locality, side: Side, organisation: Organisation, on: date, by: User
) -> Seat:
    """End the present holder's seat on that day and begin this organisation's.

    The seat that ended stays, with its days. Raises NotYours, WrongKind.
    """
    place = Locality.objects.select_for_update().get(pk=locality.pk)
    if not Region.objects.coordinated_by(by).filter(pk=place.region_id).exists():
        raise NotYours(_("This locality is not in your regions."))
    if organisation.kind != kind_of_side(side):
        raise WrongKind(
            _("%(organisation)s is not of the kind that sits on this side.")
            % {"organisation": organisation}
        )
    held = Seat.objects.current().filter(locality=place, side=side).first()
    if held is not None and held.organisation_id == organisation.pk:
        return held
    if held is not None:
        held.until = max(on, held.since)
        held.save(update_fields=["until", "updated_at"])
        record(by, "ended the seat", held)
    taken = Seat.objects.create(
        locality=place, side=side, organisation=organisation, since=on
    )
    record(by, "gave the seat", taken)
    return taken
