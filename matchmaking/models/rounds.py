"""One run of the matching, kept so that anyone can repeat it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from loci.core.models import Stamped
from matchmaking.choices import RoundState
from surveys.models import Wave


class Round(Stamped):
    """One run over the open needs and offers: its input, its result, its certificate."""

    wave = models.ForeignKey(
        Wave, on_delete=models.CASCADE, related_name="rounds", verbose_name=_("wave")
    )
    state = models.CharField(
        _("state"), max_length=20, choices=RoundState.choices, default=RoundState.QUEUED
    )
    weights = models.JSONField(_("weights"), default=dict, blank=True)
    has_interpretation = models.BooleanField(
        _("interpretation can be had"),
        default=True,
        help_text=_("If not, pairs without a shared language are never suggested."),
    )
    is_trial = models.BooleanField(
        _("only tried out"),
        default=False,
        help_text=_("Computed beside another round; makes no suggestions."),
    )
    base = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="trials",
        verbose_name=_("compared with"),
    )
    only = ArrayField(
        models.PositiveBigIntegerField(),
        default=list,
        blank=True,
        verbose_name=_("only for these localities"),
    )
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    snapshot = models.JSONField(_("input"), null=True, blank=True)
    snapshot_hash = models.CharField(_("input, sha-256"), max_length=64, blank=True)
    result = models.JSONField(_("result"), null=True, blank=True)
    computed_at = models.DateTimeField(_("computed"), null=True, blank=True)
    problem = models.TextField(_("what went wrong"), blank=True)

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=RoundState.values),
                name="matchmaking_round_state_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RoundState.READY)
                | models.Q(result__isnull=False, computed_at__isnull=False),
                name="matchmaking_round_ready_has_result",
            ),
            models.CheckConstraint(
                condition=models.Q(is_trial=False) | models.Q(base__isnull=False),
                name="matchmaking_round_trial_has_a_base",
            ),
            models.UniqueConstraint(
                fields=["wave"],
                condition=models.Q(state=RoundState.QUEUED, is_trial=False),
                name="matchmaking_round_one_at_a_time",
                violation_error_message=_("A round is being computed already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave} · {self.pk}"
