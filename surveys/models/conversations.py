"""What was said in another way than on a form: interviews, calls, notes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from localities.models import Locality, Region
from loci.accounts.models import User
from loci.core.models import Stamped
from surveys.choices import ConversationKind, StatementSide
from surveys.models.survey import Survey
from surveys.models.wave import Part, Wave


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def coordinated_by(self, person: User) -> "ConversationQuerySet":
        return self.filter(locality__region__in=Region.objects.coordinated_by(person))

    def running(self) -> "ConversationQuerySet":
        """In which a coordinator still writes for a side."""
        return self.filter(part__isnull=False, has_consent=True, ended_at=None)


class Conversation(Stamped):
    """One conversation with one side, or with both, and who consented to what.

    With a `part` a coordinator enters the side's answers, until it is sent; the side
    confirms them later. Without one it is a note.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=ConversationKind.choices)
    locality = models.ForeignKey(
        Locality,
        on_delete=models.CASCADE,
        related_name="conversations",
        verbose_name=_("locality"),
    )
    side = models.CharField(_("side"), max_length=20, choices=StatementSide.choices)
    wave = models.ForeignKey(
        Wave,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="conversations",
        verbose_name=_("wave"),
    )
    part = models.ForeignKey(
        Part,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="conversations",
        verbose_name=_("part"),
    )
    held_on = models.DateField(_("held on"))
    spoke_with = models.CharField(
        _("who spoke for the side"),
        max_length=160,
        help_text=_("Their role, not their name."),
    )
    has_consent = models.BooleanField(
        _("they agreed that this is written down and used"), default=False
    )
    words = models.TextField(_("what was said"), max_length=8000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("written down by"),
    )
    ended_at = models.DateTimeField(_("entered until"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [
            models.CheckConstraint(
                condition=Q(part__isnull=True) | Q(has_consent=True),
                name="surveys_conversation_answers_need_consent",
                violation_error_message=_("Answers are entered with consent only."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ConversationKind.values),
                name="surveys_conversation_kind_known",
            ),
            models.UniqueConstraint(
                fields=["part", "by"],
                condition=Q(ended_at__isnull=True),
                name="surveys_conversation_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.locality} · {self.held_on}"


class ColumnMapping(Stamped):
    """Which column of another tool's file answers which question; kept for next time."""

    survey = models.ForeignKey(
        Survey, on_delete=models.CASCADE, related_name="mappings"
    )
    heading = models.CharField(_("columns"), max_length=64)
    columns = models.JSONField(_("question by column"), default=dict)

    class Meta:
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "heading"], name="surveys_columnmapping_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} · {self.heading[:8]}"
