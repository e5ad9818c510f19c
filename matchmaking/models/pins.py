"""What coordinators settle before the engine runs, and how much each factor counts."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from localities.models import Locality, Region
from loci.accounts.models import User
from loci.core.models import Stamped
from matchmaking.choices import PinKind


class PinQuerySet(models.QuerySet["Pin"]):
    def standing(self, on: date) -> "PinQuerySet":
        """Neither lifted nor run out."""
        return self.filter(lifted_at__isnull=True).filter(
            Q(until__isnull=True) | Q(until__gt=on)
        )

    def coordinated_by(self, person: User) -> "PinQuerySet":
        regions = Region.objects.coordinated_by(person)
        return self.filter(
            Q(seeker__region__in=regions) | Q(helper__region__in=regions)
        )


class Pin(Stamped):
    """One direction between two localities that is always, or never, suggested."""

    kind = models.CharField(_("what"), max_length=10, choices=PinKind.choices)
    seeker = models.ForeignKey(
        Locality, on_delete=models.CASCADE, related_name="+", verbose_name=_("seeks")
    )
    helper = models.ForeignKey(
        Locality, on_delete=models.CASCADE, related_name="+", verbose_name=_("helps")
    )
    why = models.CharField(
        _("why"), max_length=300, help_text=_("Read by coordinators only.")
    )
    until = models.DateField(_("until"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    objects = PinQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing word on a pair")
        verbose_name_plural = _("standing words on pairs")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=PinKind.values), name="matchmaking_pin_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(seeker=F("helper")), name="matchmaking_pin_two_places"
            ),
            models.CheckConstraint(
                condition=~Q(why=""), name="matchmaking_pin_says_why"
            ),
            models.UniqueConstraint(
                fields=["seeker", "helper"],
                condition=Q(lifted_at__isnull=True),
                name="matchmaking_pin_one_word_per_direction",
                violation_error_message=_(
                    "There is a standing word on these two already: lift it first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.helper} → {self.seeker}"


class WeightTable(Stamped):
    """How much each factor counts from a day on; the newest counts."""

    weights = models.JSONField(_("weights"))
    why = models.CharField(_("why"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("table of weights")
        verbose_name_plural = _("tables of weights")
        constraints = [
            models.CheckConstraint(
                condition=~Q(why=""), name="matchmaking_weights_say_why"
            )
        ]

    def __str__(self) -> str:
        return self.why
