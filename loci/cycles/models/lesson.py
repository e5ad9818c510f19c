"""Practice cards: what one side learned by doing it, for those who face the same."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from localities.choices import Side
from localities.models import Locality, Region, Seat, Topic
from loci.accounts.models import User
from loci.core.models import Stamped
from loci.cycles.choices import LessonState
from matchmaking.models import Suggestion


class LessonQuerySet(models.QuerySet["Lesson"]):
    def published(self) -> "LessonQuerySet":
        return self.filter(state=LessonState.PUBLISHED)

    def editable_by(self, person: User) -> "LessonQuerySet":
        """Cards of the sides that this person speaks for now."""
        return self.filter(
            models.Exists(
                Seat.objects.held_by(person).filter(
                    locality=models.OuterRef("locality"), side=models.OuterRef("side")
                )
            )
        )

    def coordinated_by(self, person: User) -> "LessonQuerySet":
        regions = Region.objects.coordinated_by(person)
        return self.filter(locality__region__in=regions)


class Lesson(Stamped):
    """One practice card; it is shown only while its side agrees."""

    reference = models.UUIDField(default=uuid4, unique=True, editable=False)
    locality = models.ForeignKey(
        Locality,
        on_delete=models.CASCADE,
        related_name="lessons",
        verbose_name=_("locality"),
    )
    side = models.CharField(_("side"), max_length=20, choices=Side.choices)
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, related_name="lessons", verbose_name=_("topic")
    )
    introduction = models.ForeignKey(
        Suggestion,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="lessons",
        verbose_name=_("introduction that it came from"),
    )
    title = models.CharField(_("what was learned, in one line"), max_length=160)
    problem = models.TextField(_("the problem"), max_length=2000)
    done = models.TextField(_("what was done"), max_length=4000)
    cost = models.TextField(
        _("what it cost, in time and money"), max_length=1000, blank=True
    )
    pitfalls = models.TextField(_("what to look out for"), max_length=2000, blank=True)
    evidence = models.TextField(
        _("what shows that it worked"), max_length=1000, blank=True
    )
    evidence_url = models.URLField(_("link to it"), blank=True)
    takes_questions = models.BooleanField(
        _("others may ask us about it"), default=False
    )
    language = models.CharField(_("language"), max_length=8, default="en")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="lessons",
    )
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=LessonState.choices,
        default=LessonState.DRAFT,
    )
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    agreed_at = models.DateTimeField(_("its side agreed"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = _("practice card")
        verbose_name_plural = _("practice cards")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=LessonState.values),
                name="cycles_lesson_state_known",
            ),
            models.CheckConstraint(
                condition=Q(side__in=Side.values), name="cycles_lesson_side_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[LessonState.DRAFT, LessonState.WITHDRAWN])
                | Q(agreed_at__isnull=False),
                name="cycles_lesson_shown_only_by_consent",
            ),
            models.CheckConstraint(
                condition=~Q(state=LessonState.PUBLISHED)
                | Q(published_at__isnull=False),
                name="cycles_lesson_published_has_a_time",
            ),
            models.UniqueConstraint(
                fields=["introduction", "locality", "side"],
                name="cycles_lesson_once_an_introduction",
                violation_error_message=_("There is a card on this introduction."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_published(self) -> bool:
        return self.state == LessonState.PUBLISHED

    @property
    def is_being_written(self) -> bool:
        return self.state in (LessonState.DRAFT, LessonState.WITHDRAWN)


class YearSummary(Stamped):
    """The figures of one year as everybody may read them: what was shown stays shown.

    `figures` is a list of `{"key", "count", "localities"}`; both numbers are null where
    fewer than three localities stand behind them.
    """

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    words = models.TextField(_("in words"), max_length=4000, blank=True)
    figures = models.JSONField(_("figures"), default=list, editable=False)
    counted_at = models.DateTimeField(_("counted"), editable=False)

    class Meta:
        verbose_name = _("summary of a year")
        verbose_name_plural = _("summaries of years")

    def __str__(self) -> str:
        return str(self.year)
