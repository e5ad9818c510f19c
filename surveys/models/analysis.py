"""What the answers of a wave add up to, computed in the background."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.models.wave import Wave


class Analysis(models.Model):
    """The newest analysis of one wave: supply and demand by topic, region and side."""

    wave = models.OneToOneField(Wave, on_delete=models.CASCADE, related_name="analysis")
    input_hash = models.CharField(max_length=64)
    result = models.JSONField(_("result"))
    computed_at = models.DateTimeField(_("computed"))

    class Meta:
        verbose_name = _("analysis")
        verbose_name_plural = _("analyses")

    def __str__(self) -> str:
        return f"{self.wave}"
