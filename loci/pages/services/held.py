"""Every column that names a person: what it is called, and what is told of its rows."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import models
from django.utils.functional import Promise as Promised
from django.utils.translation import gettext_lazy as _

from localities.models import (
    Fact,
    FactVersion,
    Invitation,
    Membership,
    Milestone,
    ProfileAgreement,
)
from loci.accounts.models import AuditEntry
from loci.cycles.models import Promise, Reading, ReportReader
from loci.notices.models import Notice, Stop
from matchmaking.models import (
    CheckIn,
    CircleMember,
    Expertise,
    IntroductionNote,
    Pin,
    Reply,
    Round,
    Suggestion,
    WeightTable,
)
from meetings.models import Feed, Place, PrivateNote
from surveys.models import (
    Answer,
    AnswerVersion,
    Part,
    Reminder,
    Snooze,
    Statement,
    ThemeChange,
)

StrOrPromise = str | Promised


@dataclass(frozen=True)
class Kind:
    """One kind of rows about a person: what it is called, how found, what is told."""

    code: str
    label: StrOrPromise
    model: type[models.Model]
    column: str
    told: tuple[str, ...]
    stays: bool = False  # after erasing: without the name


KINDS = (
    Kind("addresses", _("Addresses"), EmailAddress, "user", ("email", "verified")),
    Kind("keys", _("Ways to sign in"), Authenticator, "user", ("type", "created_at")),
    Kind(
        "sessions",
        _("Where you are signed in"),
        UserSession,
        "user",
        ("ip", "user_agent", "last_seen_at"),
    ),
    Kind(
        "memberships",
        _("Places in organisations"),
        Membership,
        "person",
        ("organisation", "role", "since", "until"),
    ),
    Kind(
        "invitations",
        _("Invitations to you"),
        Invitation,
        "person",
        ("kind", "role", "organisation", "locality", "note", "expires_at"),
    ),
    Kind(
        "invited",
        _("Invitations you wrote"),
        Invitation,
        "by",
        ("kind", "role", "organisation", "note", "created_at"),
        stays=True,
    ),
    Kind(
        "facts",
        _("Lines of the profile, last said by you"),
        Fact,
        "by",
        ("kind", "side", "text", "sources", "visibility", "checked_on"),
        stays=True,
    ),
    Kind(
        "fact_versions",
        _("Every version of such a line by you"),
        FactVersion,
        "by",
        ("text", "visibility", "at"),
        stays=True,
    ),
    Kind(
        "agreements",
        _("Where you agreed to publish"),
        ProfileAgreement,
        "by",
        ("locality", "side", "at"),
        stays=True,
    ),
    Kind(
        "milestones",
        _("Milestones you noted"),
        Milestone,
        "by",
        ("kind", "on", "text"),
        stays=True,
    ),
    Kind(
        "expertise",
        _("What you can help with"),
        Expertise,
        "person",
        ("topic", "words", "hours_a_month", "withdrawn_at"),
    ),
    Kind(
        "mails",
        _("Mails to you"),
        Notice,
        "recipient",
        ("kind", "parameters", "created_at", "sent_at"),
    ),
    Kind("stops", _("Mails you have stopped"), Stop, "person", ("kind", "created_at")),
    Kind(
        "reminders",
        _("Reminders to you"),
        Reminder,
        "person",
        ("wave", "locality", "number", "at"),
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
    ),
    Kind(
        "saves",
        _("Every save of an answer by you"),
        AnswerVersion,
        "by",
        ("answer", "version", "value", "visibility", "at"),
        stays=True,
    ),
    Kind(
        "statements",
        _("Needs and offers you wrote"),
        Statement,
        "by",
        ("kind", "text", "tried", "visibility", "created_at"),
        stays=True,
    ),
    Kind(
        "replies",
        _("Replies to suggestions"),
        Reply,
        "by",
        ("suggestion", "answer", "reason", "words", "at"),
        stays=True,
    ),
    Kind(
        "confirmed",
        _("Replies you confirmed"),
        Reply,
        "confirmed_by",
        ("suggestion", "confirmed_at"),
        stays=True,
    ),
    Kind(
        "notes",
        _("Notes on introductions"),
        IntroductionNote,
        "by",
        ("suggestion", "text", "at"),
        stays=True,
    ),
    Kind(
        "check_ins",
        _("What you said of introductions"),
        CheckIn,
        "by",
        ("suggestion", "outcome", "ending", "evidence", "answered_at"),
        stays=True,
    ),
    Kind(
        "circles",
        _("Answers to circles"),
        CircleMember,
        "by",
        ("circle", "answer", "answered_at"),
        stays=True,
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
        "places",
        _("Meetings you were asked to"),
        Place,
        "person",
        ("invitation", "state", "answered_at"),
    ),
    Kind(
        "for_hosts",
        _("What you wrote for hosts of meetings"),
        PrivateNote,
        "place__person",
        ("dietary", "access", "travel"),
    ),
    Kind(
        "calendars",
        _("Addresses of your calendar"),
        Feed,
        "person",
        ("region", "created_at", "revoked_at"),
    ),
    Kind("promises", _("Promises you own"), Promise, "owner", ("heard",), stays=True),
    Kind(
        "approved",
        _("Suggestions you approved"),
        Suggestion,
        "approved_by",
        ("seeker", "helper", "approved_at"),
        stays=True,
    ),
    Kind(
        "rounds",
        _("Rounds you started"),
        Round,
        "started_by",
        ("created_at",),
        stays=True,
    ),
    Kind(
        "words_on_pairs",
        _("What you settled on pairs"),
        Pin,
        "by",
        ("kind", "seeker", "helper", "why"),
        stays=True,
    ),
    Kind("weights", _("Weights you adopted"), WeightTable, "by", ("why",), stays=True),
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
)
