"""Every column that names a person: what it is called, and what is told of its rows."""

from django.utils.translation import gettext_lazy as _

from loci.accounts.models import AuditEntry
from loci.cycles.models import (
    Cycle,
    CycleStep,
    Lesson,
    Promise,
    Reading,
    ReportReader,
)
from loci.notices.models import Notice, Stop
from loci.pages.services.held_matching import MATCHING
from loci.pages.services.held_meetings import MEETINGS
from loci.pages.services.held_who import WHO
from loci.pages.services.kinds import Kind
from surveys.models import (
    Answer,
    AnswerVersion,
    Conversation,
    Part,
    Reminder,
    Snooze,
    Statement,
    ThemeChange,
)

KINDS = (
    *WHO,
    *MATCHING,
    Kind(
        "mails",
        _("Mails to you"),
        Notice,
        "recipient",
        ("kind", "subject", "body", "created_at", "sent_at"),
    ),
    Kind("stops", _("Mails you have stopped"), Stop, "person", ("kind", "created_at")),
    Kind(
        "reminders",
        _("Reminders to you"),
        Reminder,
        "person",
        ("wave", "locality", "number", "at"),
    ),
    Kind(
        "conversations",
        _("Conversations you wrote down"),
        Conversation,
        "by",
        ("kind", "locality", "held_on"),
        stays=True,
    ),
    Kind(
        "confirmed_answers",
        _("Entered answers you confirmed"),
        Conversation,
        "confirmed_by",
        ("locality", "held_on", "confirmed_at"),
        stays=True,
    ),
    Kind("snoozes", _("Reminders put off"), Snooze, "person", ("wave", "until")),
    Kind(
        "reminded",
        _("Reminders you sent by hand"),
        Reminder,
        "by",
        ("wave", "locality", "at"),
        stays=True,
    ),
    Kind(
        "parts",
        _("Parts you sent"),
        Part,
        "sent_by",
        ("reference", "sent_at"),
        stays=True,
    ),
    Kind(
        "answers",
        _("Answers as they stand, last saved by you"),
        Answer,
        "by",
        ("part", "question", "value", "visibility", "updated_at"),
        stays=True,
        not_for=("part__conversations__by",),
    ),
    Kind(
        "saves",
        _("Every save of an answer by you"),
        AnswerVersion,
        "by",
        ("answer", "version", "value", "visibility", "at"),
        stays=True,
        not_for=("answer__part__conversations__by",),
    ),
    Kind(
        "statements",
        _("Needs and offers you wrote"),
        Statement,
        "by",
        ("kind", "text", "tried", "visibility", "created_at"),
        stays=True,
        not_for=("part__conversations__by", "conversation__by"),
    ),
    Kind(
        "readings",
        _("Remarks on reports"),
        Reading,
        "reader__person",
        ("section", "verdict", "words", "created_at"),
        stays=True,
    ),
    Kind(
        "reports",
        _("Reports you were asked to read"),
        ReportReader,
        "person",
        ("report", "created_at"),
        stays=True,
    ),
    Kind(
        "promises",
        _("Promises you own"),
        Promise,
        "owner",
        ("wave", "topic", "due_on"),
        stays=True,
    ),
    Kind("cycles", _("Cycles you own"), Cycle, "owner", ("title",), stays=True),
    Kind(
        "steps", _("Steps you own"), CycleStep, "owner", ("cycle", "kind"), stays=True
    ),
    Kind(
        "lessons",
        _("Practice cards you wrote"),
        Lesson,
        "by",
        ("locality", "topic", "created_at"),
        stays=True,
    ),
    Kind(
        "lessons_agreed",
        _("Practice cards you agreed to show"),
        Lesson,
        "agreed_by",
        ("locality", "topic", "agreed_at"),
        stays=True,
    ),
    Kind(
        "themes",
        _("Changes to themes"),
        ThemeChange,
        "by",
        ("created_at",),
        stays=True,
    ),
    Kind(
        "deeds",
        _("Deeds"),
        AuditEntry,
        "by",
        ("at", "verb", "about", "note"),
        stays=True,
    ),
    *MEETINGS,
)
