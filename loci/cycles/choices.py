"""The words of the loop: promises, reports, plans, steps of a cycle, practice cards."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PromiseState(models.TextChoices):
    HEARD = "heard", _("Heard")
    DISCUSSED = "discussed", _("Discussed")
    DOING = "doing", _("Doing")
    DONE = "done", _("Done")
    NOT_DOING = "not_doing", _("Not doing")


FEW = 3  # fewer localities than this are not told
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


class ReportKind(models.TextChoices):
    """What goes to readers before it is published."""

    REPORT = "report", _("Report")
    PLAN = "plan", _("Activity plan")


class SectionKind(models.TextChoices):
    """The parts of a report, then those of an activity plan, in their order."""

    SHORT = "short", _("In short")
    ACTIVITIES = "activities", _("What was done")
    TOPICS = "topics", _("Needs and offers")
    THEMES = "themes", _("Themes")
    DIFFERENCES = "differences", _("Where the two sides differ")
    PLAN = "plan", _("Proposed activity plan")
    METHOD = "method", _("How this was counted")
    OUTCOME = "outcome", _("What should be different afterwards")
    FORMAT = "format", _("How we go about it")
    WHOM = "whom", _("Whose needs it serves")
    MEANS = "means", _("Who does it, with what")


OF_A_PLAN = (
    SectionKind.OUTCOME,
    SectionKind.FORMAT,
    SectionKind.WHOM,
    SectionKind.MEANS,
)
OF_A_REPORT = tuple(kind for kind in SectionKind if kind not in OF_A_PLAN)


class Verdict(models.TextChoices):
    """What a reader says of one section."""

    AGREE = "agree", _("I agree")
    COMMENT = "comment", _("I have a comment")
    CORRECT = "correct", _("Something is wrong")


class ActivityFormat(models.TextChoices):
    """How what was asked for is tried."""

    MEETING = "meeting", _("Regional meeting")
    ONLINE = "online", _("Online meeting")
    SIDE_EVENT = "side_event", _("Side event")
    TRAINING = "training", _("Training")
    CLINICS = "clinics", _("Clinics with peers")
    VISIT = "visit", _("Visit to a peer")


class StepKind(models.TextChoices):
    """The loop: ask, reflect, attempt, and again."""

    ASK = "ask", _("Ask")
    REFLECT = "reflect", _("Reflect")
    ATTEMPT = "attempt", _("Attempt")


DAYS_TO_REFLECT = 30
DAYS_TO_ATTEMPT = 90


class LessonState(models.TextChoices):
    DRAFT = "draft", _("Being written")
    AGREED = "agreed", _("Its side agrees to show it")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


LESSON_MOVES = {
    LessonState.DRAFT: frozenset({LessonState.AGREED, LessonState.WITHDRAWN}),
    LessonState.AGREED: frozenset(
        {LessonState.DRAFT, LessonState.PUBLISHED, LessonState.WITHDRAWN}
    ),
    LessonState.PUBLISHED: frozenset({LessonState.DRAFT, LessonState.WITHDRAWN}),
    LessonState.WITHDRAWN: frozenset({LessonState.DRAFT}),
}
