"""Organisations and the persons in them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from localities.choices import OrganisationKind, Role
from loci.accounts.models import User
from loci.core.models import Stamped


class Organisation(Stamped):
    """A government, a civil society organisation, a hub, a partner or the convener."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OrganisationKind.values),
                name="localities_organisation_kind_known",
            )
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(until__isnull=True, person__is_active=True)

    def speaking_for(
        self, locality: Any, *also: Q, **facts: Any
    ) -> "MembershipQuerySet":
        """Of members whose organisation holds a seat of this locality now.

        `also` and `facts` narrow the same seat, or the person.
        """
        return self.current().filter(
            *also,
            role=Role.MEMBER,
            organisation__seats__locality=locality,
            organisation__seats__until=None,
            **facts,
        )

    def coordinating(self, person: User) -> "MembershipQuerySet":
        return self.current().filter(person=person, role=Role.COORDINATOR)

    def of_the_network(self) -> "MembershipQuerySet":
        """Memberships of those who coordinate the whole network now."""
        convener = OrganisationKind.CONVENER
        return self.current().filter(role=Role.COORDINATOR, organisation__kind=convener)

    def coordinating_network(self, person: User) -> "MembershipQuerySet":
        """Memberships that let this person coordinate the whole network."""
        return self.of_the_network().filter(person=person)


class Membership(Stamped):
    """A person's place in an organisation, from a day until a day (exclusive)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(
        _("role"), max_length=20, choices=Role.choices, default=Role.MEMBER
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(until__isnull=True),
                name="localities_membership_once_at_a_time",
                violation_error_message=_("This person has this role there already."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="localities_membership_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="localities_membership_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation}"
