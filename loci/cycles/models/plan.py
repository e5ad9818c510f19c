"""Activity plans: the outcome first, then the format; read before it is published."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from localities.models import Organisation
from loci.core.models import Stamped
from loci.cycles.choices import ActivityFormat
from loci.cycles.models.report import Report
from meetings.models import Meeting
from surveys.models import Statement


class ActivityPlan(Stamped):
    """What one version of a plan says beside its words: whom it serves, who, when, how.

    Its words are sections of `paper`, which goes to readers and is then published. The
    database lets nobody change either once it is published; only the meeting that came
    of it is named later.
    """

    paper = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="plan")
    format = models.CharField(
        _("format"),
        max_length=20,
        choices=ActivityFormat.choices,
        default=ActivityFormat.MEETING,
    )
    host = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plans_hosted",
        verbose_name=_("host"),
    )
    co_hosts = models.ManyToManyField(
        Organisation,
        related_name="plans_co_hosted",
        blank=True,
        verbose_name=_("co-hosts"),
    )
    starts_on = models.DateField(_("begins"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    budget = models.CharField(
        _("budget line"),
        max_length=200,
        blank=True,
        help_text=_("Which line pays, and up to how much."),
    )
    languages = ArrayField(
        models.CharField(max_length=8),
        default=list,
        blank=True,
        verbose_name=_("languages"),
    )
    has_interpretation = models.BooleanField(_("with interpretation"), default=False)
    needs = models.ManyToManyField(
        Statement,
        related_name="plans",
        blank=True,
        verbose_name=_("needs that it serves"),
        limit_choices_to={"kind": "need"},
    )
    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="plans",
        verbose_name=_("meeting that came of it"),
    )

    class Meta:
        verbose_name = _("activity plan")
        verbose_name_plural = _("activity plans")
        constraints = [
            models.CheckConstraint(
                condition=Q(format__in=ActivityFormat.values),
                name="cycles_activityplan_format_known",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=False, ends_on__gte=F("starts_on")),
                name="cycles_activityplan_ends_after_start",
                violation_error_message=_("An activity ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.paper)
