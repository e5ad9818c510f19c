"""When they meet."""

from meetings.models.after import Feedback, Review
from meetings.models.agenda import (
    AgendaRun,
    Room,
    Session,
    SessionPair,
    SessionWish,
    Slot,
)
from meetings.models.clinics import (
    Attempt,
    Clinic,
    ClinicPeer,
    ClinicTime,
    ClinicWord,
)
from meetings.models.meeting import Material, Meeting, MeetingQuerySet
from meetings.models.places import Feed, Invitation, Place, PlaceQuerySet, PrivateNote
from meetings.models.talks import Talk, TalkSeat, TalkTime, TalkWish

__all__ = [
    "AgendaRun",
    "Attempt",
    "Clinic",
    "ClinicPeer",
    "ClinicTime",
    "ClinicWord",
    "Feed",
    "Feedback",
    "Invitation",
    "Material",
    "Meeting",
    "MeetingQuerySet",
    "Place",
    "PlaceQuerySet",
    "PrivateNote",
    "Review",
    "Room",
    "Session",
    "SessionPair",
    "SessionWish",
    "Slot",
    "Talk",
    "TalkSeat",
    "TalkTime",
    "TalkWish",
]
