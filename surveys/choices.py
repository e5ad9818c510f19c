"""The words of `what they say`, and the moves between states."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuestionKind(models.TextChoices):
    SHORT = "short", _("Short text")
    LONG = "long", _("Long text")
    ONE_OF = "one_of", _("One of")
    SEVERAL_OF = "several_of", _("Several of")
    SCALE = "scale", _("0 to 10")
    NEED = "need", _("Needs")
    OFFER = "offer", _("Offers")
    LANGUAGES = "languages", _("List of languages")
    DATE = "date", _("Date in three boxes")
    CALL = "call", _("Ask me in a call")

    @property
    def holds_statements(self) -> bool:
        return self in {QuestionKind.NEED, QuestionKind.OFFER}


class Visibility(models.TextChoices):
    """Who may read an answer, from the narrowest to the widest."""

    SIDE = "side", _("Only our side")
    COORDINATORS = "coordinators", _("Hub and coordinators")
    PAIR = "pair", _("Our pair")
    NETWORK = "network", _("The network")
    PUBLIC = "public", _("Everyone")

    @property
    def seen_by(self) -> str:
        """The line under a field."""
        return str(SEEN_BY[self])


SEEN_BY = {
    Visibility.SIDE: _("your side and the network coordinators, nobody else"),
    Visibility.COORDINATORS: _(
        "your side, your hub and the network coordinators; not the other side"
    ),
    Visibility.PAIR: _("both sides of your pair, your hub and the coordinators"),
    Visibility.NETWORK: _("members of the network, and possible helpers"),
    Visibility.PUBLIC: _("everyone, also visitors"),
}
# Each lets fewer people read than the next.
FEWEST_READERS_FIRST = (
    Visibility.SIDE,
    Visibility.COORDINATORS,
    Visibility.PAIR,
    Visibility.NETWORK,
    Visibility.PUBLIC,
)
# Minutes that one question takes, as a rule; an author sees the sum beside each side.
MINUTES = {
    QuestionKind.SHORT: 0.5,
    QuestionKind.LONG: 1.5,
    QuestionKind.ONE_OF: 0.25,
    QuestionKind.SEVERAL_OF: 0.5,
    QuestionKind.SCALE: 0.25,
    QuestionKind.NEED: 2.0,
    QuestionKind.OFFER: 2.0,
    QuestionKind.LANGUAGES: 0.25,
    QuestionKind.DATE: 0.25,
    QuestionKind.CALL: 0.25,
}
MINUTES_AT_MOST = 10
LANGUAGES_SPOKEN = [
    "en",
    "es",
    "fr",
    "id",
    "ru",
    "uk",
    "ar",
    "sq",
    "hy",
    "az",
    "bn",
    "bg",
    "zh-hans",
    "hr",
    "nl",
    "ka",
    "de",
    "hi",
    "it",
    "kk",
    "ky",
    "mk",
    "ms",
    "ne",
    "fa",
    "pl",
    "pt",
    "ro",
    "sr",
    "sw",
    "ta",
    "th",
    "tr",
    "ur",
    "uz",
    "vi",
]
USED_FOR_INTRODUCTIONS = (Visibility.NETWORK, Visibility.PUBLIC)
QUOTED_FROM = (Visibility.NETWORK, Visibility.PUBLIC)


class StatementKind(models.TextChoices):
    NEED = "need", _("Need")
    OFFER = "offer", _("Offer")


class StatementState(models.TextChoices):
    OPEN = "open", _("Open")
    MET = "met", _("Met")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class StatementSide(models.TextChoices):
    """Who says it; a pair can say something together."""

    GOVERNMENT = "government", _("Government")
    CIVIL_SOCIETY = "civil_society", _("Civil society")
    JOINT = "joint", _("Both sides")


class Weekday(models.IntegerChoices):
    """Days of the week, as Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Urgency(models.TextChoices):
    THIS_MONTH = "this_month", _("This month")
    THIS_QUARTER = "this_quarter", _("This quarter")
    THIS_YEAR = "this_year", _("This year")


class Experience(models.TextChoices):
    PLANNING = "planning", _("We are planning to")
    DOING = "doing", _("We are doing it now")
    DONE = "done", _("We have done it once")
    TAUGHT = "taught", _("We have done it and taught others")


class Format(models.TextChoices):
    CALL = "call", _("A call")
    DOCUMENT = "document", _("A document with a call")
    PEER_ASSIST = "peer_assist", _("Peer assist")
    TROIKA = "troika", _("Troika (three people, turn by turn)")
    WORKSHOP = "workshop", _("Workshop")
    DEMO = "demo", _("Demonstration")
    MENTORING = "mentoring", _("Mentoring")
    TWINNING = "twinning", _("Twinning")
    STUDY_VISIT = "study_visit", _("Study visit")
    CIRCLE = "circle", _("Circle of 3 to 8 localities")


class ConversationKind(models.TextChoices):
    INTERVIEW = "interview", _("Interview")
    CALL = "call", _("Call")
    NOTE = "note", _("Note")


class WaveState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    SHARED_BACK = "shared_back", _("Shared back")


SHOWN_IN = (WaveState.CLOSED, WaveState.SHARED_BACK)  # what everybody may read
WAVE_MOVES = {
    WaveState.DRAFT: frozenset({WaveState.OPEN}),
    WaveState.OPEN: frozenset({WaveState.CLOSED}),
    WaveState.CLOSED: frozenset({WaveState.SHARED_BACK}),
}


class PartState(models.TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    SENT = "sent", _("Sent")


PART_MOVES = {
    PartState.NOT_STARTED: frozenset({PartState.IN_PROGRESS, PartState.SENT}),
    PartState.IN_PROGRESS: frozenset({PartState.SENT}),
    PartState.SENT: frozenset({PartState.IN_PROGRESS}),
}


class GroupingOutcome(models.TextChoices):
    """What can be said of the texts of a wave together."""

    LIST_ONLY = "list_only", _("Too few texts to group: read the list")
    NO_CLEAR_GROUPS = "no_clear_groups", _("No clear groups")
    DRAFT = "draft", _("A draft: check each")
    CLUSTERS = "clusters", _("Groups")


class ThemeMove(models.TextChoices):
    """How a theme compares with the wave before."""

    NEW = "new", _("new in this wave")
    GROWN = "grown", _("in more localities than last time")
    SMALLER = "smaller", _("in fewer localities than last time")
    AS_BEFORE = "as_before", _("as last time")
