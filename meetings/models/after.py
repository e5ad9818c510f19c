"""After a meeting: two questions to each participant, and a review by who made it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loci.core.models import Stamped
from meetings.choices import Occasion, OfUse
from meetings.models.meeting import Meeting
from meetings.models.places import Place


class Feedback(Stamped):
    """One asking of one participant, and the answers once there are any."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="feedback")
    occasion = models.CharField(_("when"), max_length=20, choices=Occasion.choices)
    of_use = models.CharField(
        _("was it of use?"), max_length=10, choices=OfUse.choices, blank=True
    )
    changed = models.TextField(
        _("what have you done with it?"), max_length=1000, blank=True
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "occasion"], name="meetings_feedback_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(of_use="", answered_at__isnull=True)
                | Q(of_use__in=OfUse.values, answered_at__isnull=False),
                name="meetings_feedback_answer_known",
            ),
            models.CheckConstraint(
                condition=Q(occasion__in=Occasion.values),
                name="meetings_feedback_occasion_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.get_occasion_display()}"


class Review(Stamped):
    """The after-action review of one meeting: planned, happened, why, next."""

    meeting = models.OneToOneField(
        Meeting, on_delete=models.CASCADE, related_name="review"
    )
    planned = models.TextField(_("what was planned"), max_length=3000)
    happened = models.TextField(_("what happened"), max_length=3000)
    why = models.TextField(_("why it came so"), max_length=3000)
    following = models.TextField(_("what we do next"), max_length=3000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    def __str__(self) -> str:
        return str(self.meeting)
