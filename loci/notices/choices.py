"""What a message can be about, and the states it goes through."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    SIGN_IN = "sign_in", _("Sign-in code")
    INVITATION = "invitation", _("Invitation")
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
    WAVE_OPENED = "wave_opened", _("A survey is open")
    REMINDER = "reminder", _("A part is still missing")
    PART_COPY = "part_copy", _("Copy of your answers")
    ENTERED_FOR_YOU = "entered_for_you", _("Answers were entered for your side")
    STILL_TRUE = "still_true", _("Is your profile still true?")
    PROFILE_AGREE = "profile_agree", _("Your partner agrees to publish the profile")
    MEETING_INVITED = "meeting_invited", _("Invited to a meeting")
    MEETING_UNANSWERED = "meeting_unanswered", _("Are you coming?")
    MEETING_COMING = "meeting_coming", _("Your place at a meeting")
    MEETING_OFFERED = "meeting_offered", _("A place came free")
    MEETING_CHANGED = "meeting_changed", _("A meeting changed")
    MEETING_CANCELLED = "meeting_cancelled", _("A meeting is cancelled")
    MEETING_AFTER = "meeting_after", _("What came of a meeting?")
    CLINIC_ASKED = "clinic_asked", _("A case for a clinic")
    CLINIC_SETTLED = "clinic_settled", _("The time of a clinic")
    CLINIC_TRIED = "clinic_tried", _("Did you try it?")
    STEP_LATE = "step_late", _("A step of the loop is late")
    LESSON_TO_AGREE = "lesson_to_agree", _("A practice card to agree to")
    FOUND_FOR_YOU = "found_for_you", _("Somebody fits what you looked for")
    REQUEST_ANSWERED = "request_answered", _("Your request for an introduction")


class NoticeState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    WITHHELD = "withheld", _("Not sent: this person has stopped such mails")
    OVER = "over", _("Not sent: no longer for this person")


class WorkerName(models.TextChoices):
    """The kinds of Celery workers; each shows its pulse under its name."""

    WORKER = "worker"
    MAILER = "mailer"


LONGEST_TRYING_HOURS = 72
FIRST_PAUSE_MINUTES = 1
LONGEST_PAUSE_MINUTES = 60

CLAIMS_AT_MOST = 3  # a mail that ends its process this often is put aside
TRIES_AT_MOST = 3  # of a job that ends its process each time
LONGEST_RUN_SECONDS = 45  # then other jobs have their turn, and another run goes on
FAILURES_IN_A_ROW = 3  # then the mail server is away: the rest waits for the next run

# Asked for by the person's own deed: always sent, and no part of anybody's budget.
RECEIPTS = (
    NoticeKind.SIGN_IN,
    NoticeKind.PART_SENT,
    NoticeKind.PART_COPY,
    NoticeKind.MEETING_COMING,
)
# What the person has said yes to, or must be able to contradict, is not stopped either.
ALWAYS_SENT = (
    *RECEIPTS,
    NoticeKind.INVITATION,
    NoticeKind.INTRODUCTION,
    NoticeKind.TIME_AGREED,
    NoticeKind.ENTERED_FOR_YOU,
    NoticeKind.MEETING_OFFERED,
    NoticeKind.MEETING_CHANGED,
    NoticeKind.MEETING_CANCELLED,
    NoticeKind.CLINIC_SETTLED,
)
# What these said goes once sent.
NOT_KEPT = (NoticeKind.SIGN_IN, NoticeKind.INVITATION, NoticeKind.PART_COPY)

BUDGET_MESSAGES = 3  # to one person, over the whole platform,
BUDGET_DAYS = 7  # in so many days
