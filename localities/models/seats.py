"""Seats: which organisation sits on which side of a locality."""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from localities.choices import Role, Side
from localities.models.organisations import Membership, Organisation
from localities.models.places import Locality
from loci.accounts.models import User
from loci.core.models import Stamped


class SeatQuerySet(models.QuerySet["Seat"]):
    def current(self) -> "SeatQuerySet":
        return self.filter(until__isnull=True)

    def lonely(self) -> "SeatQuerySet":
        """Seats for which one person speaks, or nobody."""
        members = (
            Membership.objects.current()
            .filter(role=Role.MEMBER, organisation=OuterRef("organisation"))
            .order_by()
            .values("organisation")
            .annotate(count=Count("pk"))
            .values("count")
        )
        people = Coalesce(Subquery(members), 0)
        return self.current().annotate(people=people).filter(people__lt=2)

    def held_by(self, person: User) -> "SeatQuerySet":
        """Seats of the organisations this person belongs to now."""
        return self.current().filter(
            Exists(
                Membership.objects.current().filter(
                    person=person,
                    role=Role.MEMBER,
                    organisation=OuterRef("organisation"),
                )
            )
        )


class Seat(Stamped):
    """An organisation's place on one side of a locality; history stays with it."""

    locality = models.ForeignKey(
        Locality,
        on_delete=models.CASCADE,
        related_name="seats",
        verbose_name=_("locality"),
    )
    side = models.CharField(_("side"), max_length=20, choices=Side.choices)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="seats",
        verbose_name=_("organisation"),
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(
                fields=["locality", "side"],
                condition=Q(until__isnull=True),
                name="localities_seat_one_holder_at_a_time",
                violation_error_message=_("Another organisation holds this seat now."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="localities_seat_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(side__in=Side.values), name="localities_seat_side_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.locality} · {self.get_side_display()}"
