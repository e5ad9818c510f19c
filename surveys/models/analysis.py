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
    words = models.TextField(
        _("in words"),
        max_length=4000,
        blank=True,
        help_text=_(
            "Shown first on the results page. Left empty: made from the counts."
        ),
    )
    words_at = models.DateTimeField(_("words written"), null=True, blank=True)

    class Meta:
        verbose_name = _("analysis")
        verbose_name_plural = _("analyses")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(words="") | models.Q(words_at__isnull=False),
                name="surveys_analysis_words_have_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.wave}"
