"""A suggestion, the pairs' replies to it, and the introduction that follows."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from localities.models import Locality, Region, Seat
from loci.accounts.models import User
from loci.core.models import Stamped
from matchmaking.choices import (
    HOURS_TAKEN_FOR_DAYS,
    LIVE_SUGGESTIONS,
    Confidence,
    DeclineReason,
    Outcome,
    ReplyAnswer,
    SuggestionState,
    WaitsFor,
)
from matchmaking.models.rounds import Round
from surveys.models import Statement


def speaks_for(person: User, *columns: str) -> Q:
    """This person speaks for one of the localities in these columns."""
    seats = Seat.objects.held_by(person)
    condition = Q()
    for column in columns:
        condition |= Q(Exists(seats.filter(locality=OuterRef(column))))
    return condition


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def coordinated_by(self, person: User) -> "SuggestionQuerySet":
        regions = Region.objects.coordinated_by(person)
        return self.filter(
            Q(seeker__region__in=regions) | Q(helper__region__in=regions)
        )

    def taking_hours(self, now: datetime) -> "SuggestionQuerySet":
        """Those that a helper gives hours to: open ones, and young introductions.

        An introduction counts for three months unless one of the two has ended it.
        """
        young = now - timedelta(days=HOURS_TAKEN_FOR_DAYS)
        return self.filter(
            Q(state=SuggestionState.APPROVED)
            | Q(state=SuggestionState.INTRODUCED, introduced_at__gt=young)
        ).exclude(check_ins__ending__gt="")

    def shown_to(self, person: User) -> "SuggestionQuerySet":
        """Suggestions that a coordinator let through to this person's own pair."""
        let_through = [
            SuggestionState.APPROVED,
            SuggestionState.INTRODUCED,
            SuggestionState.DECLINED,
            SuggestionState.EXPIRED,
        ]
        return self.filter(
            speaks_for(person, "seeker", "helper"),
            approved_at__isnull=False,
            state__in=let_through,
        )


class Suggestion(Stamped):
    """One explained proposal: `helper` could help `seeker` with the seeker's need."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="suggestions"
    )
    replaced_by = models.ForeignKey(
        Round, on_delete=models.SET_NULL, null=True, blank=True, related_name="replaced"
    )
    seeker = models.ForeignKey(
        Locality,
        on_delete=models.CASCADE,
        related_name="help_suggested",
        verbose_name=_("seeks"),
    )
    helper = models.ForeignKey(
        Locality,
        on_delete=models.CASCADE,
        related_name="asked_to_help",
        verbose_name=_("helps"),
    )
    need = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="+")
    offer = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField(_("score"), editable=False)
    confidence = models.CharField(
        _("confidence"), max_length=10, choices=Confidence.choices
    )
    factors = models.JSONField(_("factors"), default=dict, editable=False)
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=SuggestionState.choices,
        default=SuggestionState.PROPOSED,
    )
    coordinator_note = models.TextField(
        _("a word to the pairs"), blank=True, help_text=_("Shown on the card.")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    expires_at = models.DateTimeField(_("open until"), null=True, blank=True)
    introduced_at = models.DateTimeField(_("introduced"), null=True, blank=True)
    returned_at = models.DateTimeField(
        _("shown again after a “not now”"), null=True, blank=True
    )
    proposed_times = models.JSONField(
        _("proposed times"), default=list, blank=True, editable=False
    )
    agreed_time = models.DateTimeField(_("time agreed"), null=True, blank=True)
    times_agreed = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text=_("How often a time was settled on.")
    )
    outcome = models.PositiveSmallIntegerField(
        _("outcome"), choices=Outcome.choices, default=Outcome.SUGGESTED
    )

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        constraints = [
            models.CheckConstraint(
                condition=~Q(seeker=F("helper")),
                name="matchmaking_suggestion_two_places",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SuggestionState.values),
                name="matchmaking_suggestion_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=SuggestionState.APPROVED)
                | Q(approved_at__isnull=False, expires_at__isnull=False),
                name="matchmaking_suggestion_approved_expires",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=SuggestionState.INTRODUCED, introduced_at__isnull=False
                )
                | (
                    ~Q(state=SuggestionState.INTRODUCED) & Q(introduced_at__isnull=True)
                ),
                name="matchmaking_suggestion_introduced_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(agreed_time__isnull=True)
                | Q(state=SuggestionState.INTRODUCED),
                name="matchmaking_suggestion_time_after_introduction",
            ),
            models.UniqueConstraint(
                fields=["seeker", "helper"],
                condition=Q(state__in=LIVE_SUGGESTIONS),
                name="matchmaking_suggestion_one_live_per_direction",
                violation_error_message=_("These two have an open suggestion already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.helper} → {self.seeker}"


class Reply(Stamped):
    """What one pair says to a suggestion; a yes counts once the partner agrees."""

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.CASCADE, related_name="replies"
    )
    locality = models.ForeignKey(Locality, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(_("reply"), max_length=20, choices=ReplyAnswer.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    side = models.CharField(_("side"), max_length=20)
    at = models.DateTimeField(_("when"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(_("partner agreed"), null=True, blank=True)
    not_before = models.DateField(_("not before"), null=True, blank=True)
    waits_for = models.CharField(
        _("waits for"), max_length=10, choices=WaitsFor.choices, blank=True
    )
    reason = models.CharField(
        _("reason"), max_length=20, choices=DeclineReason.choices, blank=True
    )
    words = models.TextField(_("in your words"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        constraints = [
            models.UniqueConstraint(
                fields=["suggestion", "locality"], name="matchmaking_reply_one_per_pair"
            ),
            models.CheckConstraint(
                condition=Q(answer__in=ReplyAnswer.values),
                name="matchmaking_reply_answer_known",
            ),
            models.CheckConstraint(
                condition=~Q(answer=ReplyAnswer.NOT_FOR_US) | ~Q(reason=""),
                name="matchmaking_reply_no_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(waits_for="") | Q(answer=ReplyAnswer.NOT_NOW),
                name="matchmaking_reply_only_not_now_waits",
            ),
            models.CheckConstraint(
                condition=~Q(waits_for=WaitsFor.DAY) | Q(not_before__isnull=False),
                name="matchmaking_reply_a_day_is_named",
            ),
            models.CheckConstraint(
                condition=Q(waits_for__in=["", *WaitsFor.values]),
                name="matchmaking_reply_waits_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.locality}: {self.get_answer_display()}"

    @property
    def is_settled_yes(self) -> bool:
        return self.answer == ReplyAnswer.YES and self.confirmed_at is not None
