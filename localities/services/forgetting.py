"""Who was asked in and never came is forgotten; their invitations too."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from localities.models import Invitation, Membership
from loci.accounts.models import User

KEPT_DAYS = 30


@transaction.atomic
def forget_guests(*, now: datetime) -> int:
    """Forget guests who never came, a month after their last invitation ended.

    Only people who were invited, have never signed in and never had a place. Returns
    how many.
    """
    ended = now - timedelta(days=KEPT_DAYS)
    still = Invitation.objects.filter(person=OuterRef("pk")).filter(
        Q(accepted_at__isnull=False)
        | Q(withdrawn_at__isnull=True, expires_at__gt=ended)
        | Q(withdrawn_at__gt=ended)
    )
    guests = User.objects.filter(
        Exists(Invitation.objects.filter(person=OuterRef("pk"))),
        ~Exists(still),
        ~Exists(Membership.objects.filter(person=OuterRef("pk"))),
        last_login__isnull=True,
    )
    count = guests.count()
    guests.delete()
    over = Invitation.objects.filter(accepted_at__isnull=True, expires_at__lt=ended)
    over.delete()
    return count
