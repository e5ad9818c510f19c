"""Themes: ideas found in the answers of a wave, and what people make of them."""

import hashlib

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loci.core.models import Stamped
from surveys.choices import QUOTED_FROM, GroupingOutcome, StatementState
from surveys.models.answers import Answer
from surveys.models.conversations import Conversation
from surveys.models.statements import Statement
from surveys.models.wave import Wave


class ThemeRun(Stamped):
    """The newest search for themes in one wave: what could be said, and how surely."""

    wave = models.OneToOneField(
        Wave, on_delete=models.CASCADE, related_name="theme_run", verbose_name=_("wave")
    )
    outcome = models.CharField(
        _("outcome"), max_length=20, choices=GroupingOutcome.choices
    )
    embedder = models.CharField(_("text model"), max_length=80)
    input_hash = models.CharField(max_length=64)
    parameters = models.JSONField(_("figures"), default=dict)
    found_at = models.DateTimeField(_("found"))

    class Meta:
        verbose_name = _("search for themes")
        verbose_name_plural = _("searches for themes")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=GroupingOutcome.values),
                name="surveys_themerun_outcome_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.wave}: {self.get_outcome_display()}"


class ThemeQuerySet(models.QuerySet["Theme"]):
    def named(self) -> "ThemeQuerySet":
        """Those that a person has named and not set aside."""
        return self.filter(is_set_aside=False).exclude(name="")


class Theme(Stamped):
    """One idea in the answers of a wave; a draft until a coordinator names it."""

    wave = models.ForeignKey(
        Wave, on_delete=models.CASCADE, related_name="themes", verbose_name=_("wave")
    )
    name = models.CharField(
        _("name"),
        max_length=120,
        blank=True,
        help_text=_(
            "Members of the network read this name. Without one it is a draft."
        ),
    )
    words = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        verbose_name=_("words that stand out"),
    )
    stability = models.FloatField(_("stability"), null=True, blank=True)
    before = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="after",
        verbose_name=_("the same theme in the wave before"),
    )
    is_set_aside = models.BooleanField(_("set aside"), default=False)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "name"],
                condition=~Q(name=""),
                name="surveys_theme_name_once_a_wave",
                violation_error_message=_("Another theme of this wave has this name."),
            ),
            models.UniqueConstraint(
                fields=["wave", "before"], name="surveys_theme_goes_on_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or ", ".join(self.words) or str(_("theme without words"))


class ThemeTextQuerySet(models.QuerySet["ThemeText"]):
    def quotable(self) -> "ThemeTextQuerySet":
        """Those that both their author and a coordinator let the network read.

        Whether the words are still those that were let is asked of each: `is_approved`.
        """
        said = Q(
            statement__visibility__in=QUOTED_FROM,
            statement__state=StatementState.OPEN,
        )
        return self.exclude(approved_hash="").filter(
            said | Q(answer__visibility__in=QUOTED_FROM)
        )


class ThemeText(models.Model):
    """One text of a wave and its theme: a need, an offer, an open answer or a note.

    A note of a conversation is never quoted: it is not in the side's own words.

    The words stay where they were written: what is withdrawn there is gone here.
    """

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="theme_texts")
    theme = models.ForeignKey(
        Theme,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="texts",
        verbose_name=_("theme"),
    )
    statement = models.OneToOneField(
        Statement,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="theme_text",
    )
    answer = models.OneToOneField(
        Answer,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="theme_text",
    )
    conversation = models.OneToOneField(
        Conversation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="theme_text",
    )
    nearness = models.FloatField(_("nearness to the middle"), default=0)
    # Of the words that a coordinator let be quoted; others have to be let anew.
    approved_hash = models.CharField(
        _("may be quoted"), max_length=64, blank=True, editable=False
    )

    objects = ThemeTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a theme")
        verbose_name_plural = _("texts of themes")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    statement__isnull=False,
                    answer__isnull=True,
                    conversation__isnull=True,
                )
                | Q(
                    statement__isnull=True,
                    answer__isnull=False,
                    conversation__isnull=True,
                )
                | Q(
                    statement__isnull=True,
                    answer__isnull=True,
                    conversation__isnull=False,
                ),
                name="surveys_themetext_one_source",
            )
        ]

    def __str__(self) -> str:
        return self.said[:80]

    @property
    def is_approved(self) -> bool:
        """A coordinator let these words be quoted, as they stand now."""
        return bool(self.approved_hash) and self.approved_hash == hash_of(self.said)

    @property
    def said(self) -> str:
        """The words as they stand now."""
        if self.statement is not None:
            return self.statement.text
        if self.conversation is not None:
            return self.conversation.words
        return words_of(self.answer) if self.answer is not None else ""


def hash_of(words: str) -> str:
    """By which words are known again."""
    return hashlib.sha256(words.encode()).hexdigest()


def words_of(answer: Answer) -> str:
    """The words of an open answer."""
    blocks = answer.value if isinstance(answer.value, list) else []
    return "\n".join(str(block.get("value", "")) for block in blocks).strip()


class ThemeChange(models.Model):
    """One change of a wave's themes by a person, with what it takes to undo it."""

    wave = models.ForeignKey(
        Wave, on_delete=models.CASCADE, related_name="theme_changes"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    before = models.JSONField()
    is_undoable = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["wave"],
                condition=Q(is_undoable=True),
                name="surveys_themechange_undoable",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.wave}"
