"""The ledger: what was heard, and what becomes of it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from localities.models import Topic
from loci.core.models import Stamped
from loci.cycles.choices import STILL_OPEN, PromiseState
from meetings.choices import MeetingState
from meetings.models import Meeting
from surveys.models import Theme, Wave


class PromiseQuerySet(models.QuerySet["Promise"]):
    def published(self) -> "PromiseQuerySet":
        return self.filter(is_published=True)

    def open(self) -> "PromiseQuerySet":
        """Neither done nor said no to."""
        return self.filter(state__in=STILL_OPEN)

    def without_owner(self) -> "PromiseQuerySet":
        return self.open().filter(Q(owner__isnull=True) | Q(due_on__isnull=True))

    def to_take_up_again(self) -> "PromiseQuerySet":
        """Open ones of a cycle whose meeting was held since anybody last looked."""
        held = Meeting.objects.filter(
            state=MeetingState.HELD,
            plans__paper__cycle__wave=OuterRef("wave"),
            ends_at__gt=OuterRef("updated_at"),
        )
        return self.published().open().filter(Exists(held))

    def late(self, on: date) -> "PromiseQuerySet":
        """Open ones whose day has passed."""
        return self.open().filter(due_on__lt=on)


class Promise(Stamped):
    """One line of *You said, we did*: a topic that was heard and what follows."""

    wave = models.ForeignKey(
        Wave, on_delete=models.CASCADE, related_name="promises", verbose_name=_("wave")
    )
    topic = models.ForeignKey(
        Topic,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("topic"),
    )
    theme = models.ForeignKey(
        Theme,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("theme"),
    )
    theme_name = models.CharField(max_length=120, blank=True, editable=False)
    heard = models.TextField(_("what you said"))
    doing = models.TextField(_("what we do"), blank=True)
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=PromiseState.choices,
        default=PromiseState.HEARD,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("owner"),
    )
    due_on = models.DateField(_("by"), null=True, blank=True)
    reason = models.TextField(
        _("why not"), blank=True, help_text=_("Everyone can read this reason.")
    )
    is_published = models.BooleanField(_("shown to everyone"), default=False)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "topic"],
                name="cycles_promise_one_line_a_topic",
                violation_error_message=_("This topic has its line for this wave."),
            ),
            models.UniqueConstraint(
                fields=["wave", "theme"],
                name="cycles_promise_one_line_a_theme",
                violation_error_message=_("This theme has its line for this wave."),
            ),
            models.CheckConstraint(
                condition=Q(topic__isnull=False) | ~Q(theme_name=""),
                name="cycles_promise_is_about_something",
                violation_error_message=_("Choose a topic."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=PromiseState.values),
                name="cycles_promise_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=PromiseState.NOT_DOING) | ~Q(reason=""),
                name="cycles_promise_not_doing_says_why",
                violation_error_message=_(
                    "Say why it is not done: everyone can read it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.get_state_display()}"

    @property
    def title(self) -> str:
        """What the line is about; a theme that is gone leaves its name."""
        return self.topic.label if self.topic is not None else self.theme_name
