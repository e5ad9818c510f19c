"""The loop of a region or of the network: three steps with their days and owners."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Q
from django.utils.translation import gettext_lazy as _

from localities.models import Membership, Region
from loci.accounts.models import User
from loci.core.models import Stamped
from loci.cycles.choices import StepKind
from surveys.models import Wave


class CycleQuerySet(models.QuerySet["Cycle"]):
    def coordinated_by(self, person: User) -> "CycleQuerySet":
        """Cycles of this person's regions; those of the network for its coordinators."""
        regions = Region.objects.coordinated_by(person)
        network = Exists(Membership.objects.coordinating_network(person))
        return self.filter(Q(region__in=regions) | Q(network, region__isnull=True))


class Cycle(Stamped):
    """One turn of the loop: ask, reflect, attempt."""

    reference = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=120)
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cycles",
        verbose_name=_("region"),
        help_text=_("Left empty: the whole network."),
    )
    wave = models.ForeignKey(
        Wave,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="cycles",
        verbose_name=_("wave that it begins with"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="cycles",
        verbose_name=_("owner"),
    )
    is_demo = models.BooleanField(default=False, editable=False)

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "wave"],
                nulls_distinct=False,
                condition=Q(wave__isnull=False),
                name="cycles_cycle_once_a_wave_and_region",
                violation_error_message=_("This wave has its cycle in this region."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class CycleStep(models.Model):
    """One step of a cycle: its days, who sees to it, and when it was closed."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(_("step"), max_length=10, choices=StepKind.choices)
    position = models.PositiveSmallIntegerField(editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="steps",
        verbose_name=_("owner"),
        help_text=_("Left empty: the owner of the cycle."),
    )
    starts_on = models.DateField(_("begins"))
    due_on = models.DateField(_("to be closed by"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("step of a cycle")
        verbose_name_plural = _("steps of cycles")
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "kind"], name="cycles_cyclestep_once_a_cycle"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=StepKind.values),
                name="cycles_cyclestep_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("starts_on")),
                name="cycles_cyclestep_ends_after_start",
                violation_error_message=_("A step is closed after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.get_kind_display()}"
