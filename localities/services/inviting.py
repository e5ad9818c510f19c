"""Ask people in: a colleague, a successor, the other side, anybody by a coordinator."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _, override

from localities.choices import (
    INVITATION_DAYS,
    INVITATIONS_A_DAY,
    InvitationKind,
    OrganisationKind,
    Role,
    Side,
)
from localities.models import (
    Invitation,
    Locality,
    Membership,
    Organisation,
    Region,
    Seat,
)
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.texts import clean_text, one_line
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice, withdraw_notices

LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"


class NotYours(Refused):
    """This place is not this person's to give."""


class SeatTaken(Refused):
    """Another organisation holds the seat."""


class AlreadyThere(Refused):
    """The person has this place, or an invitation to it, already."""


class TooMany(Refused):
    """More invitations in a day than anybody writes by hand."""


@dataclass(frozen=True)
class Guest:
    """Who is asked in: an address, and what the inviter wants to say."""

    email: str
    note: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Invited:
    """A written invitation; `token` and `code` are known here and in the mail alone."""

    invitation: Invitation
    token: str
    code: str


@transaction.atomic
def invite_colleague(*, seat: Seat, guest: Guest, by: User, now: datetime) -> Invited:
    """Ask somebody into one's own organisation. Raises NotYours, AlreadyThere."""
    require_speaker(seat, by)
    place = Invitation(
        kind=InvitationKind.COLLEAGUE,
        organisation=seat.organisation,
        locality=seat.locality,
        side=seat.side,
    )
    return _write(place, guest, by, now)


@transaction.atomic
def invite_successor(*, seat: Seat, guest: Guest, by: User, now: datetime) -> Invited:
    """Hand one's own place over: it ends when the successor accepts; the note is theirs.

    Raises NotYours, AlreadyThere.
    """
    mine = (
        Membership.objects.current()
        .filter(person=by, organisation=seat.organisation, role=Role.MEMBER)
        .first()
    )
    if mine is None:
        raise NotYours(_("You can hand over only a place that is yours."))
    place = Invitation(
        kind=InvitationKind.SUCCESSOR,
        organisation=seat.organisation,
        locality=seat.locality,
        side=seat.side,
        replaces=mine,
    )
    return _write(place, guest, by, now)


@transaction.atomic
def invite_partner(
    *, seat: Seat, organisation_name: str, guest: Guest, by: User, now: datetime
) -> Invited:
    """Ask an organisation to the other, empty side. Raises NotYours, SeatTaken."""
    require_speaker(seat, by)
    other = Side(seat.side).other
    held = Seat.objects.current().filter(locality=seat.locality, side=other)
    if held.exists():
        raise SeatTaken(_("The other side has its organisation already."))
    place = Invitation(
        kind=InvitationKind.PARTNER,
        organisation_name=one_line(organisation_name),
        locality=seat.locality,
        side=other,
    )
    return _write(place, guest, by, now)


@transaction.atomic
def invite_to_place(
    *, organisation: Organisation, role: Role, guest: Guest, by: User, now: datetime
) -> Invited:
    """Give a place in any organisation, as a coordinator. Raises NotYours.

    The network's coordinators give all places; a hub's give members' places on the
    seats of their regions.
    """
    seat = (
        Seat.objects.current()
        .filter(organisation=organisation)
        .select_related("locality")
        .order_by("pk")
        .first()
    )
    if not _may_give(by, role, seat):
        raise NotYours(_("This place is not yours to give."))
    place = Invitation(
        kind=InvitationKind.PLACE,
        organisation=organisation,
        role=role,
        locality=seat.locality if seat else None,
        side=seat.side if seat else "",
    )
    return _write(place, guest, by, now)


@transaction.atomic
def withdraw_invitation(
    *, invitation: Invitation, by: User, now: datetime
) -> Invitation:
    """Take an invitation back before it is used; twice is once. Raises NotYours."""
    if not Invitation.objects.editable_by(by).filter(pk=invitation.pk).exists():
        raise NotYours(_("This invitation is not yours."))
    found = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if found.accepted_at is None and found.withdrawn_at is None:
        found.withdrawn_at = now
        found.save(update_fields=["withdrawn_at", "updated_at"])
        withdraw_notices(f"invitation:{found.pk}:")
        record(by, "withdrew", found)
    return found


def hashed(kind: str, secret: str) -> str:
    """What is kept of a link or of a code."""
    salt = f"localities.invitation.{kind}"
    return salted_hmac(salt, secret, algorithm="sha256").hexdigest()


def require_speaker(seat: Seat, person: User) -> None:
    """Raises NotYours unless this person speaks for the seat now."""
    if not Seat.objects.held_by(person).filter(pk=seat.pk).exists():
        raise NotYours(_("You do not speak for this side."))


def _may_give(by: User, role: Role, seat: Seat | None) -> bool:
    if Membership.objects.coordinating_network(by).exists():
        return True
    if seat is None or role != Role.MEMBER:
        return False
    regions = Region.objects.coordinated_by(by)
    return regions.filter(pk=seat.locality.region_id).exists()


def _write(place: Invitation, guest: Guest, by: User, now: datetime) -> Invited:
    by = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    _require_measure(by, now)
    person = _person_at(guest, by)
    require_new(place, person, now)
    token, code = secrets.token_urlsafe(32), new_code()
    place.person, place.by = person, by
    place.note = clean_text(guest.note).strip()
    place.token_hash = hashed("link", token)
    place.code_hash = hashed("code", f"{person.pk}:{code}")
    place.expires_at = now + timedelta(days=INVITATION_DAYS)
    place.last_mail_at = now
    place.save()
    record(by, "invited", place)
    post_invitation(place, token, code, now)
    return Invited(place, token, code)


def _require_measure(by: User, now: datetime) -> None:
    today = Invitation.objects.filter(by=by, created_at__gt=now - timedelta(days=1))
    is_few = Membership.objects.coordinating(by).exists()
    if not is_few and today.count() >= INVITATIONS_A_DAY:
        raise TooMany(_("You have invited many people today. Go on tomorrow."))


def _person_at(guest: Guest, by: User) -> User:
    """The person with this address; a new one has no place before they accept."""
    email = guest.email.strip().lower()
    known = User.objects.filter(email=email).first()
    if known is not None:
        return known
    language = guest.language if guest.language in dict(settings.LANGUAGES) else "en"
    return User.objects.create_user(email, language=language, is_demo=by.is_demo)


def require_new(place: Invitation, person: User, now: datetime) -> None:
    there = Membership.objects.current().filter(
        person=person, organisation=place.organisation, role=place.role
    )
    waiting = (
        Invitation.objects.to(person)
        .standing(now)
        .exclude(pk=place.pk)
        .filter(
            organisation=place.organisation,
            role=place.role,
            locality=place.locality,
            side=place.side,
        )
    )
    if place.organisation is not None and there.exists():
        raise AlreadyThere(
            _(
                "Somebody comes in with this address already. Where two people read one "
                "mailbox, they add the second name under “Your name”."
            )
        )
    if waiting.exists():
        raise AlreadyThere(
            _("This person has an open invitation: it can be sent again.")
        )


def new_code() -> str:
    letters = "".join(secrets.choice(LETTERS) for _letter in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def post_invitation(place: Invitation, token: str, code: str, now: datetime) -> None:
    """One mail with link and code; what it says is in the guest's language."""
    person = place.person
    with override(person.language):
        where = _where(place.locality)
        parameters = {
            "token": token,
            "code": code,
            "inviter": one_line(str(place.by)),
            "organisation": one_line(place.leads_to),
            "place": where,
            "side": str(Side(place.side).label) if place.side else "",
            "role": str(Role(place.role).label),
            "kind": place.kind,
            "until": date_format(place.expires_at, "DATE_FORMAT"),
            "code_page": f"{settings.LOCI_SITE_URL.rstrip('/')}/invitations/code/",
        }
    post_notice(
        key=f"invitation:{place.pk}:{person.pk}:{place.mails}",
        kind=NoticeKind.INVITATION,
        to=person,
        now=now,
        parameters=parameters,
        path="/invitations/",
    )


def _where(locality: Locality | None) -> str:
    return one_line(f"{locality.name}, {locality.country}") if locality else ""


def kind_of_side(side: Side) -> OrganisationKind:
    """A government on the government's side, civil society on the other."""
    return OrganisationKind(side.value)
