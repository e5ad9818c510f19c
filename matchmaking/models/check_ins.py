"""What one pair says about how an introduction went."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from localities.models import Locality
from loci.core.models import Stamped
from matchmaking.choices import EVIDENCE_FROM, Ending, Occasion, Outcome
from matchmaking.models.suggestions import Suggestion


class CheckIn(Stamped):
    """One asking of one pair, and its answer once there is one."""

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.CASCADE, related_name="check_ins"
    )
    locality = models.ForeignKey(Locality, on_delete=models.CASCADE, related_name="+")
    occasion = models.CharField(_("when"), max_length=20, choices=Occasion.choices)
    outcome = models.PositiveSmallIntegerField(
        _("how far it came"), choices=Outcome.choices, null=True, blank=True
    )
    ending = models.CharField(
        _("how it ended"), max_length=20, choices=Ending.choices, blank=True
    )
    evidence = models.TextField(_("what shows it"), max_length=1000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion", "locality", "occasion"],
                condition=~Q(occasion=Occasion.ANY_TIME),
                name="matchmaking_checkin_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True)
                | Q(outcome__lt=EVIDENCE_FROM)
                | ~Q(evidence=""),
                name="matchmaking_checkin_applied_has_evidence",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True)
                | Q(outcome__isnull=False)
                | ~Q(ending=""),
                name="matchmaking_checkin_answer_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.suggestion} · {self.locality} · {self.get_occasion_display()}"
