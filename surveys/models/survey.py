"""A survey: sections and questions, frozen once published."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loci.core.models import Stamped
from loci.core.texts import in_reader_language
from surveys.choices import QuestionKind, StatementSide, Visibility


class Survey(Stamped):
    """One version of a set of questions."""

    code = models.SlugField(_("code"), unique=True)
    titles = models.JSONField(_("title by language"), default=dict)
    minutes = models.PositiveSmallIntegerField(_("minutes it takes"), default=10)
    is_published = models.BooleanField(_("published"), default=False)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    previous = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="later_versions",
        verbose_name=_("version before"),
    )

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_reader_language(self.titles)


class Section(models.Model):
    """One page of a survey: one subject, asked of one or both sides."""

    survey = models.ForeignKey(
        Survey, on_delete=models.CASCADE, related_name="sections"
    )
    code = models.SlugField(_("code"))
    titles = models.JSONField(_("title by language"), default=dict)
    hints = models.JSONField(_("introduction by language"), default=dict, blank=True)
    sides = ArrayField(
        models.CharField(max_length=20, choices=StatementSide.choices),
        verbose_name=_("asked of"),
    )
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "code"], name="surveys_section_code_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_reader_language(self.titles)

    @property
    def hint(self) -> str:
        return in_reader_language(self.hints)


class Question(models.Model):
    """One question; for needs and offers, a block that can be filled several times."""

    section = models.ForeignKey(
        Section, on_delete=models.CASCADE, related_name="questions"
    )
    code = models.SlugField(_("code"))
    kind = models.CharField(_("kind"), max_length=20, choices=QuestionKind.choices)
    labels = models.JSONField(_("question by language"), default=dict)
    hints = models.JSONField(_("help by language"), default=dict, blank=True)
    options = models.JSONField(_("options"), default=list, blank=True)
    is_required = models.BooleanField(_("required"), default=False)
    longest = models.PositiveIntegerField(_("longest text"), default=2000)
    visible_if = models.CharField(
        _("asked only if"),
        max_length=200,
        blank=True,
        help_text=_(
            "About an earlier question, by its code: “portal = yes, partly”, “portal != no”, "
            "“trust >= 7”, “portal answered”; several with “and”. Empty: always."
        ),
    )
    default_visibility = models.CharField(
        _("who sees it at first"),
        max_length=20,
        choices=Visibility.choices,
        default=Visibility.SIDE,
    )
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(
                fields=["section", "code"], name="surveys_question_code_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=QuestionKind.values),
                name="surveys_question_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reader_language(self.labels)

    @property
    def hint(self) -> str:
        return in_reader_language(self.hints)

    @property
    def option_choices(self) -> list[tuple[str, str]]:
        """Options as (code, words in the reader's language)."""
        rows: list[dict[str, Any]] = self.options
        return [(row["code"], in_reader_language(row["labels"])) for row in rows]
