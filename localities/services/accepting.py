"""An invitation is used: once, in time, by the person it is for."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from localities.choices import CODE_TRIES, InvitationKind, Role, Side
from localities.models import Invitation, Locality, Membership, Organisation, Seat
from localities.services.inviting import SeatTaken, hashed, kind_of_side
from localities.services.people import join, leave
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused


class NotOpen(Refused):
    """Used, withdrawn or run out."""


class NotForYou(Refused):
    """The invitation is for somebody else."""


def invitation_by_link(token: str) -> Invitation | None:
    """The invitation behind a link; asking changes nothing."""
    found = Invitation.objects.select_related(
        "person", "by", "organisation", "locality__region"
    )
    return found.filter(token_hash=hashed("link", token)).first()


@transaction.atomic
def invitation_by_code(*, email: str, code: str, now: datetime) -> Invitation | None:
    """The invitation that this code of this address opens; wrong tries are counted.

    Ten wrong tries and only the link works.
    """
    typed = "".join(code.upper().split()).replace("-", "")
    typed = f"{typed[:4]}-{typed[4:]}"
    rows = list(
        Invitation.objects.standing(now)
        .select_for_update(of=("self",))
        .filter(person__email=email.strip().lower(), code_tries__lt=CODE_TRIES)
        .order_by("pk")
    )
    hashed("code", f"0:{typed}")  # an unknown address costs the same
    for row in rows:
        wanted = hashed("code", f"{row.person_id}:{typed}")
        if constant_time_compare(wanted, row.code_hash):
            return row
    tried = Invitation.objects.filter(pk__in=[row.pk for row in rows])
    tried.update(code_tries=F("code_tries") + 1)
    return None


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User, now: datetime) -> Membership:
    """Take the place. Raises NotForYou, NotOpen, SeatTaken; then nothing is used up."""
    found = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("person", "organisation", "locality", "replaces")
        .get(pk=invitation.pk)
    )
    if found.person_id != by.pk or not by.is_active:
        raise NotForYou(_("This invitation is for somebody else."))
    if not found.stands(now):
        raise NotOpen(_("This invitation is no longer open."))
    organisation = _organisation_of(found, now)
    membership = join(
        person=by,
        organisation=organisation,
        role=Role(found.role),
        on=now.date(),
        by=by,
    )
    if found.kind == InvitationKind.SUCCESSOR and found.replaces is not None:
        leave(membership=found.replaces, on=now.date(), by=found.by)
    found.accepted_at, found.organisation = now, organisation
    found.save(update_fields=["accepted_at", "organisation", "updated_at"])
    record(by, "accepted", found)
    return membership


def _organisation_of(found: Invitation, now: datetime) -> Organisation:
    """Where the invitation leads now; the locality is locked against a second taker."""
    if found.locality_id is None:
        return _known(found)
    place = Locality.objects.select_for_update().get(pk=found.locality_id)
    seat = (
        Seat.objects.current()
        .filter(locality=place, side=found.side)
        .select_related("organisation")
        .first()
    )
    if found.kind == InvitationKind.PARTNER:
        return _partner(found, place, seat, now)
    organisation = _known(found)
    if seat is None or seat.organisation_id != organisation.pk:
        raise SeatTaken(
            _("%(organisation)s does not hold this seat any more. Ask your hub.")
            % {"organisation": organisation}
        )
    return organisation


def _known(found: Invitation) -> Organisation:
    if found.organisation is None:
        raise NotOpen(_("This invitation is no longer open."))
    return found.organisation


def _partner(
    found: Invitation, place: Locality, seat: Seat | None, now: datetime
) -> Organisation:
    """The organisation that was asked, with its seat; made now if it is the first."""
    if seat is not None:
        if seat.organisation.name.casefold() != found.organisation_name.casefold():
            raise SeatTaken(
                _("Another organisation, %(organisation)s, holds this seat now.")
                % {"organisation": seat.organisation}
            )
        return seat.organisation
    side = Side(found.side)
    organisation = Organisation.objects.create(
        name=found.organisation_name,
        kind=kind_of_side(side),
        is_demo=found.person.is_demo,
    )
    try:
        with transaction.atomic():
            taken = Seat.objects.create(
                locality=place,
                side=side,
                organisation=organisation,
                since=now.date(),
            )
    except IntegrityError as problem:
        raise SeatTaken(_("Another organisation holds this seat now.")) from problem
    record(found.person, "took the seat", taken)
    return organisation
