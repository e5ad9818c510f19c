"""The words of `who should talk to whom`, and the moves between states."""

from django.db import models
from django.utils.translation import gettext_lazy as _

EXPIRES_AFTER_DAYS = 21
PARTNER_DAYS = 7
OPEN_SUGGESTIONS_AT_MOST = 3
HOURS_AN_INTRODUCTION = 2  # a month: a call and its follow-up
HOURS_TAKEN_FOR_DAYS = 91


class RoundState(models.TextChoices):
    QUEUED = "queued", _("Waiting for the engine")
    READY = "ready", _("Ready for review")
    FAILED = "failed", _("Could not be computed")


ROUND_MOVES = {
    RoundState.QUEUED: frozenset({RoundState.READY, RoundState.FAILED}),
    RoundState.FAILED: frozenset({RoundState.QUEUED}),
}


class SuggestionState(models.TextChoices):
    PROPOSED = "proposed", _("To review")
    HELD = "held", _("Held")
    APPROVED = "approved", _("With the pairs")
    INTRODUCED = "introduced", _("Introduced")
    DECLINED = "declined", _("Not this time")
    EXPIRED = "expired", _("No answer")
    REPLACED = "replaced", _("Replaced by a newer round")


SUGGESTION_MOVES = {
    SuggestionState.PROPOSED: frozenset(
        {
            SuggestionState.APPROVED,
            SuggestionState.HELD,
            SuggestionState.EXPIRED,
            SuggestionState.REPLACED,
        }
    ),
    SuggestionState.HELD: frozenset(
        {SuggestionState.APPROVED, SuggestionState.PROPOSED, SuggestionState.EXPIRED}
    ),
    SuggestionState.APPROVED: frozenset(
        {
            SuggestionState.INTRODUCED,
            SuggestionState.DECLINED,
            SuggestionState.EXPIRED,
            SuggestionState.HELD,
            SuggestionState.PROPOSED,
        }
    ),
    SuggestionState.DECLINED: frozenset({SuggestionState.APPROVED}),
    SuggestionState.REPLACED: frozenset({SuggestionState.PROPOSED}),
}
LIVE_SUGGESTIONS = (
    SuggestionState.PROPOSED,
    SuggestionState.HELD,
    SuggestionState.APPROVED,
    SuggestionState.INTRODUCED,
)


class Confidence(models.TextChoices):
    STRONG = "strong", _("Strong fit")
    GOOD = "good", _("Good fit")
    LOOK = "look", _("Worth a look")


class ReplyAnswer(models.TextChoices):
    YES = "yes", _("Yes, introduce us")
    NOT_NOW = "not_now", _("Not now")
    NOT_FOR_US = "not_for_us", _("Not for us")


class WaitsFor(models.TextChoices):
    """What a *not now* waits for."""

    DAY = "day", _("A day")
    WAVE = "wave", _("The next survey")
    MEETING = "meeting", _("The next meeting of our region")


class PinKind(models.TextChoices):
    """What a coordinator settles before the engine runs."""

    PIN = "pin", _("Always suggest")
    VETO = "veto", _("Never suggest")


class RequestState(models.TextChoices):
    """What becomes of a side's wish to be introduced."""

    WAITING = "waiting", _("With the coordinators")
    TAKEN_UP = "taken_up", _("Taken up")
    NOT_POSSIBLE = "not_possible", _("Not possible this time")
    WITHDRAWN = "withdrawn", _("Taken back")


REQUEST_MOVES = {
    RequestState.WAITING: frozenset(
        {RequestState.TAKEN_UP, RequestState.NOT_POSSIBLE, RequestState.WITHDRAWN}
    ),
}
REQUESTS_AT_MOST = 5


class CircleState(models.TextChoices):
    PROPOSED = "proposed", _("To review")
    APPROVED = "approved", _("Asked")
    FORMED = "formed", _("Formed")
    CLOSED = "closed", _("Closed")


CIRCLE_MOVES = {
    CircleState.PROPOSED: frozenset({CircleState.APPROVED, CircleState.CLOSED}),
    CircleState.APPROVED: frozenset({CircleState.FORMED, CircleState.CLOSED}),
    CircleState.FORMED: frozenset({CircleState.CLOSED}),
}
CIRCLE_LEAST, CIRCLE_MOST = 3, 8


class DeclineReason(models.TextChoices):
    """Why a suggestion does not suit; seen only by coordinators."""

    SOLVED = "solved", _("We have solved it")
    IN_CONTACT = "in_contact", _("We are already in contact")
    TOPIC = "topic", _("The topic is wrong")
    PLACE = "place", _("The place is too different")
    LANGUAGE = "language", _("Language")
    NO_TIME = "no_time", _("No time this year")
    CONFLICT = "conflict", _("A side that we should not meet (confidential)")
    OTHER = "other", _("Another reason")


class Occasion(models.TextChoices):
    """When people are asked how an introduction went."""

    TWO_WEEKS = "two_weeks", _("after two weeks")
    THREE_MONTHS = "three_months", _("after three months")
    NINE_MONTHS = "nine_months", _("after nine months")
    ANY_TIME = "any_time", _("at any time")


ASKED_AFTER_DAYS = {
    Occasion.TWO_WEEKS: 14,
    Occasion.THREE_MONTHS: 91,
    Occasion.NINE_MONTHS: 274,
}


class Ending(models.TextChoices):
    """Honest ends of an introduction."""

    NO_REPLY = "no_reply", _("They did not reply")
    NOT_USEFUL = "not_useful", _("It was not useful")
    PAUSED = "paused", _("We paused it")


class Outcome(models.IntegerChoices):
    """The ladder of an introduction."""

    SUGGESTED = 0, _("Suggested")
    ACCEPTED = 1, _("Accepted")
    FIRST_CONTACT = 2, _("First contact")
    USEFUL = 3, _("Useful")
    SUSTAINED = 4, _("Sustained")
    LEARNED = 5, _("Learned")
    APPLIED = 6, _("Applied")
    RESULT_VISIBLE = 7, _("Result visible")
    PASSED_ON = 8, _("Passed on")


EVIDENCE_FROM = Outcome.APPLIED
