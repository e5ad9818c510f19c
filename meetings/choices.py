"""The words of `when they meet`, and the moves between states."""

from django.db import models
from django.utils.translation import gettext_lazy as _

OFFER_HOURS = 48  # how long a freed place is kept for the next on the list
NOTES_KEPT_DAYS = 30  # private notes, after the last day
JOIN_HOURS_BEFORE = 24
REMIND_DAYS_BEFORE = 7  # before answers close, to who has not said


class MeetingKind(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    SIDE_EVENT = "side_event", _("Side event of another meeting")


class MeetingState(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    OPEN = "open", _("Open for answers")
    CLOSED = "closed", _("Answers are closed")
    HELD = "held", _("Held")
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
