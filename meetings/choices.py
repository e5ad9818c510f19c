"""The words of `when they meet`, and the moves between states."""

from django.db import models
from django.utils.translation import gettext_lazy as _

OFFER_HOURS = 48  # how long a freed place is kept for the next on the list
NOTES_KEPT_DAYS = 30  # private notes, after the last day
JOIN_HOURS_BEFORE = 24
LONGEST_DAYS = 14
REMIND_DAYS_BEFORE = 7  # before answers close, to who has not said


class MeetingKind(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    SIDE_EVENT = "side_event", _("Side event of another meeting")


class MeetingState(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    OPEN = "open", _("Open for answers")
    CLOSED = "closed", _("Answers are closed")
    HELD = "held", _("Took place")
    CANCELLED = "cancelled", _("Cancelled")


MEETING_MOVES = {
    MeetingState.DRAFT: frozenset({MeetingState.OPEN, MeetingState.CANCELLED}),
    MeetingState.OPEN: frozenset({MeetingState.CLOSED, MeetingState.CANCELLED}),
    MeetingState.CLOSED: frozenset(
        {MeetingState.OPEN, MeetingState.HELD, MeetingState.CANCELLED}
    ),
}
ANNOUNCED = (
    MeetingState.OPEN,
    MeetingState.CLOSED,
    MeetingState.HELD,
    MeetingState.CANCELLED,
)
TO_COME = (MeetingState.OPEN, MeetingState.CLOSED)


class Photos(models.TextChoices):
    NONE = "none", _("No photos")
    ASKED = "asked", _("Photos only of those who agreed on the day")


class Answer(models.TextChoices):
    """What a person, or a pair, says to an invitation."""

    YES = "yes", _("We are coming")
    MAYBE = "maybe", _("Maybe")
    NO = "no", _("Not this time")


class PlaceState(models.TextChoices):
    """Where one person stands; *yes* and *offered* hold a place."""

    YES = "yes", _("Coming")
    OFFERED = "offered", _("A place is kept")
    WAITING = "waiting", _("On the waiting list")
    MAYBE = "maybe", _("Maybe")
    NO = "no", _("Not this time")


HOLDING = (PlaceState.YES, PlaceState.OFFERED)


class SessionFormat(models.TextChoices):
    """How a session runs; its run sheet is in `meetings.agenda.runsheets`."""

    MARKET = "market", _("Market of needs and offers")
    PEER_ASSIST = "peer_assist", _("Peer assist")
    TROIKA = "troika", _("Troika (three people, turn by turn)")
    DEMO = "demo", _("Demonstration")
    CLINIC = "clinic", _("Clinic")
    COUNTRY = "country", _("Country group")
    PLENARY = "plenary", _("Plenary")


STEPS = {
    "welcome": _("Welcome: who is here, what we want to leave with"),
    "market": _("Everybody walks: needs on one wall, offers on the other"),
    "pairs": _("Three talks of five minutes with who could help"),
    "case": _("The case: one pair says what it is stuck with"),
    "questions": _("Questions, to understand; no advice yet"),
    "ideas": _("Ideas from all; the pair with the case only listens"),
    "takes": _("The pair says what it takes along"),
    "turn": _("One person's question: two minutes to say it, eight for ideas"),
    "show": _("Those who have done it show how, with what went wrong"),
    "country": _("What we can do together in our country"),
    "next": _("Next step: who does what until when"),
}


class PairRole(models.TextChoices):
    ASKS = "asks", _("Asked for it")
    LEADS = "leads", _("Has done it and can lead")


class RunState(models.TextChoices):
    QUEUED = "queued", _("Waiting to be computed")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be computed")


RUN_MOVES = {
    RunState.QUEUED: frozenset({RunState.READY, RunState.FAILED}),
    RunState.FAILED: frozenset({RunState.QUEUED}),
}


CASES_AT_ONCE = 3  # open ones of one pair
PEERS_LEAST, PEERS_MOST = 3, 6
TIMES_PROPOSED = 3
CLINIC_MINUTES = 60
ASK_AGAIN_DAYS = 3  # peers that have not said which time suits
TRIED_AFTER_DAYS = 30
FEEDBACK_AFTER_DAYS = {"two_weeks": 14, "three_months": 91, "nine_months": 274}


class HelpWanted(models.TextChoices):
    IDEAS = "ideas", _("Ideas")
    CHECK = "check", _("A check of our plan")
    TEMPLATE = "template", _("A template or a document")
    CONTACTS = "contacts", _("Contacts")


class ClinicState(models.TextChoices):
    ASKING = "asking", _("Looking for a time")
    SETTLED = "settled", _("The time is settled")
    CLOSED = "closed", _("Closed")


CLINIC_MOVES = {
    ClinicState.ASKING: frozenset({ClinicState.SETTLED, ClinicState.CLOSED}),
    ClinicState.SETTLED: frozenset({ClinicState.CLOSED}),
}


class Suits(models.TextChoices):
    YES = "yes", _("Yes")
    IF_NEEDED = "if_needed", _("If needed")
    NO = "no", _("No")


class Did(models.TextChoices):
    YES = "yes", _("Yes")
    PARTLY = "partly", _("In part")
    NO = "no", _("No")


class Occasion(models.TextChoices):
    TWO_WEEKS = "two_weeks", _("after two weeks")
    THREE_MONTHS = "three_months", _("after three months")
    NINE_MONTHS = "nine_months", _("after nine months")


class OfUse(models.TextChoices):
    YES = "yes", _("Yes, we use it")
    SOME = "some", _("Somewhat")
    NO = "no", _("No")


class RunOf(models.TextChoices):
    AGENDA = "agenda", _("Agenda")
    TALKS = "talks", _("Talks at tables")
