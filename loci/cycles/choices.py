"""The states of a promise."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PromiseState(models.TextChoices):
    HEARD = "heard", _("Heard")
    DISCUSSED = "discussed", _("Discussed")
    DOING = "doing", _("Doing")
    DONE = "done", _("Done")
    NOT_DOING = "not_doing", _("Not doing")


STILL_OPEN = (PromiseState.HEARD, PromiseState.DISCUSSED, PromiseState.DOING)
LARGEST_UNMET = 5


class ReportState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    READING = "reading", _("With its readers")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Replaced by a newer version")


REPORT_MOVES = {
    ReportState.DRAFT: frozenset({ReportState.READING}),
    ReportState.READING: frozenset({ReportState.PUBLISHED}),
    ReportState.PUBLISHED: frozenset({ReportState.SUPERSEDED}),
}
BEING_WRITTEN = (ReportState.DRAFT, ReportState.READING)
FROZEN = (ReportState.PUBLISHED, ReportState.SUPERSEDED)
READING_DAYS = 10


class SectionKind(models.TextChoices):
    """The parts of a report, in their order."""

    SHORT = "short", _("In short")
    ACTIVITIES = "activities", _("What was done")
    TOPICS = "topics", _("Needs and offers")
    THEMES = "themes", _("Themes")
    DIFFERENCES = "differences", _("Where the two sides differ")
    PLAN = "plan", _("Proposed activity plan")
    METHOD = "method", _("How this was counted")


class Verdict(models.TextChoices):
    """What a reader says of one section."""

    AGREE = "agree", _("I agree")
    COMMENT = "comment", _("I have a comment")
    CORRECT = "correct", _("Something is wrong")
