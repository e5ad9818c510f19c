"""Invitations: how a person comes to a place."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from localities.choices import MAILS_OF_AN_INVITATION, InvitationKind, Role, Side
from localities.models.organisations import Membership, Organisation
from localities.models.places import Locality, Region
from localities.models.seats import Seat
from loci.accounts.models import User
from loci.core.models import Stamped


class GuestInvitationQuerySet(models.QuerySet["Invitation"]):
    def standing(self, now: datetime) -> "GuestInvitationQuerySet":
        """Neither used nor withdrawn nor run out."""
        return self.unused().filter(expires_at__gt=now)

    def unused(self) -> "GuestInvitationQuerySet":
        """Neither used nor withdrawn; some of them have run out."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def to(self, person: User) -> "GuestInvitationQuerySet":
        return self.filter(person=person)

    def editable_by(self, person: User) -> "GuestInvitationQuerySet":
        """One's own side's, those of one's regions; all for the whole network."""
        own = Membership.objects.current().filter(
            person=person, role=Role.MEMBER, organisation=OuterRef("organisation")
        )
        partner = Seat.objects.held_by(person).filter(locality=OuterRef("locality"))
        network = Membership.objects.coordinating_network(person)
        return self.filter(
            Q(Exists(own))
            | Q(Exists(partner), kind=InvitationKind.PARTNER)
            | Q(locality__region__in=Region.objects.coordinated_by(person))
            | Exists(network)
        )


class Invitation(Stamped):
    """One person asked to take one place; used once, by that person, in time.

    Link and code are kept as hashes. A partner's organisation may not be here yet: it
    is made, with its seat, when the invitation is accepted.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=InvitationKind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="invitations",
        verbose_name=_("to"),
    )
    role = models.CharField(
        _("role"), max_length=20, choices=Role.choices, default=Role.MEMBER
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("organisation"),
    )
    organisation_name = models.CharField(
        _("name of the organisation"), max_length=200, blank=True
    )
    locality = models.ForeignKey(
        Locality,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("locality"),
    )
    side = models.CharField(_("side"), max_length=20, choices=Side.choices, blank=True)
    replaces = models.ForeignKey(
        Membership,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("place that ends"),
    )
    note = models.TextField(_("note"), max_length=2000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    code_hash = models.CharField(max_length=64, editable=False)
    code_tries = models.PositiveSmallIntegerField(default=0, editable=False)
    mails = models.PositiveSmallIntegerField(_("mails"), default=1, editable=False)
    last_mail_at = models.DateTimeField(_("last mail"), null=True, editable=False)
    expires_at = models.DateTimeField(_("until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = GuestInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=InvitationKind.values),
                name="localities_invitation_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="localities_invitation_role_known",
            ),
            models.CheckConstraint(
                condition=Q(side="") | Q(side__in=Side.values),
                name="localities_invitation_side_known",
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False)
                | (~Q(organisation_name="") & ~Q(side="") & Q(locality__isnull=False)),
                name="localities_invitation_leads_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="localities_invitation_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(mails__gte=1, mails__lte=MAILS_OF_AN_INVITATION),
                name="localities_invitation_mails_are_few",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.leads_to}"

    @property
    def leads_to(self) -> str:
        """The organisation's name."""
        known = self.organisation
        return known.name if known else self.organisation_name

    @property
    def invited_at(self) -> datetime:
        """When the last mail of it was written."""
        return self.last_mail_at or self.created_at

    def stands(self, now: datetime) -> bool:
        is_open = self.accepted_at is None and self.withdrawn_at is None
        is_theirs = self.by is None or self.by.is_active
        return is_open and is_theirs and now < self.expires_at
