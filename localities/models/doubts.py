"""A side says that a line of public sources about its locality is wrong."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from localities.choices import Side
from localities.models.places import Region
from localities.models.profiles import Fact
from localities.models.seats import Seat
from loci.accounts.models import User
from loci.core.models import Stamped


class FactDoubtQuerySet(models.QuerySet["FactDoubt"]):
    def waiting(self) -> "FactDoubtQuerySet":
        return self.filter(settled_at__isnull=True, fact__removed_at__isnull=True)

    def coordinated_by(self, person: User) -> "FactDoubtQuerySet":
        regions = Region.objects.coordinated_by(person)
        return self.filter(fact__locality__region__in=regions)

    def written_by_side_of(self, person: User) -> "FactDoubtQuerySet":
        """Those of the sides this person speaks for now."""
        seats = Seat.objects.held_by(person).filter(
            locality=OuterRef("fact__locality"), side=OuterRef("side")
        )
        return self.filter(Exists(seats))


class FactDoubt(Stamped):
    """One side says that a line of public sources is wrong, until that is settled."""

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="doubts")
    side = models.CharField(_("side"), max_length=20, choices=Side.choices)
    words = models.TextField(_("what is wrong"), max_length=1000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    outcome = models.TextField(_("what became of it"), max_length=1000, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = FactDoubtQuerySet.as_manager()

    class Meta:
        verbose_name = _("doubt about a line")
        verbose_name_plural = _("doubts about lines")
        constraints = [
            models.UniqueConstraint(
                fields=["fact", "side"],
                condition=Q(settled_at__isnull=True),
                name="localities_factdoubt_once_a_side",
            ),
            models.CheckConstraint(
                condition=Q(side__in=Side.values),
                name="localities_factdoubt_side_known",
            ),
            models.CheckConstraint(
                condition=~Q(words=""), name="localities_factdoubt_says_what"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | ~Q(outcome=""),
                name="localities_factdoubt_settled_says_how",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:60]
