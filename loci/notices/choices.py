"""What a message can be about, and the states it goes through."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    SIGN_IN = "sign_in", _("Sign-in code")
    PART_SENT = "part_sent", _("Copy of what was sent")
    SUGGESTION = "suggestion", _("A suggestion waits")
    PARTNER_ASKED = "partner_asked", _("Your partner said yes: do you agree?")
    INTRODUCTION = "introduction", _("Introduction")
    TIME_AGREED = "time_agreed", _("A time is agreed")
    CIRCLE = "circle", _("A circle with one need")
    CIRCLE_FORMED = "circle_formed", _("The circle is formed")
    EXPERT_ASKED = "expert_asked", _("An expert is asked")
    CHECK_IN = "check_in", _("How did it go?")
    REPORT_TO_READ = "report_to_read", _("A report to read")
    REPORT_PUBLISHED = "report_published", _("A report is published")
    PROMISE_LATE = "promise_late", _("A promise is late")


class NoticeState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


LONGEST_TRYING_HOURS = 72
FIRST_PAUSE_MINUTES = 1
LONGEST_PAUSE_MINUTES = 60
