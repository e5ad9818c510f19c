"""When they meet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from localities.models import Organisation, Region
from loci.core.models import Stamped


class Meeting(Stamped):
    """One regional meeting: when (with the host's zone), where, by whom."""

    title = models.CharField(_("title"), max_length=160)
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        related_name="meetings",
        verbose_name=_("region"),
    )
    host = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("host"),
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(_("host's time zone"), max_length=64, default="UTC")
    place = models.CharField(_("place"), max_length=200, blank=True)
    purpose = models.TextField(_("what it is for"), blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="meetings_meeting_ends_after_start",
                violation_error_message=_("A meeting ends after it begins."),
            )
        ]

    def __str__(self) -> str:
        return self.title
