"""Send an invitation that was not used once more: a new link and code, the old ones end."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from localities.choices import (
    HOURS_BEFORE_AGAIN,
    INVITATION_DAYS,
    MAILS_OF_AN_INVITATION,
    InvitationKind,
    Role,
)
from localities.models import Invitation, Membership, Seat
from localities.services.inviting import (
    NotYours,
    SeatTaken,
    TooMany,
    hashed,
    new_code,
    post_invitation,
    require_new,
)
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.notices.services.posting import withdraw_notices


class NotWaiting(Refused):
    """An invitation that was used or withdrawn is over."""


@transaction.atomic
def send_again(*, invitation: Invitation, by: User, now: datetime) -> Invitation:
    """Another mail, which works for three weeks from now; what was sent before ends.

    Only hashes of link and code are kept, so the old ones cannot be sent again.
    Raises NotYours, NotWaiting, TooMany, AlreadyThere, SeatTaken.
    """
    _require_right(invitation, by)
    found = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("person", "organisation", "locality", "by")
        .get(pk=invitation.pk)
    )
    if found.accepted_at is not None or found.withdrawn_at is not None:
        raise NotWaiting(_("This invitation was used or withdrawn already."))
    _require_measure(found, now)
    require_new(found, found.person, now)
    _require_empty(found)
    token, code = secrets.token_urlsafe(32), new_code()
    found.token_hash = hashed("link", token)
    found.code_hash = hashed("code", f"{found.person_id}:{code}")
    found.code_tries, found.expires_at = 0, now + timedelta(days=INVITATION_DAYS)
    found.mails, found.last_mail_at = found.mails + 1, now
    if found.by is None or not found.by.is_active:
        found.by = by  # who asks now answers for it
    found.save()
    record(by, "invited_again", found)
    withdraw_notices(f"invitation:{found.pk}:")
    post_invitation(found, token, code, now)
    return found


def _require_right(invitation: Invitation, by: User) -> None:
    """Whoever may withdraw it; other places than members' are the network's to give."""
    own = Invitation.objects.editable_by(by).filter(pk=invitation.pk)
    network = Membership.objects.coordinating_network(by)
    is_plain = invitation.role == Role.MEMBER
    if not own.exists() or not (is_plain or network.exists()):
        raise NotYours(_("This invitation is not yours."))


def _require_measure(found: Invitation, now: datetime) -> None:
    if found.mails >= MAILS_OF_AN_INVITATION:
        raise TooMany(
            _(
                "This invitation was sent often enough. Ask for another way to reach them."
            )
        )
    if now < found.invited_at + timedelta(hours=HOURS_BEFORE_AGAIN):
        raise TooMany(_("It was sent less than an hour ago. Wait a little."))


def _require_empty(found: Invitation) -> None:
    if found.kind != InvitationKind.PARTNER:
        return
    held = Seat.objects.current().filter(locality=found.locality, side=found.side)
    if held.exists():
        raise SeatTaken(_("The other side has its organisation already."))
