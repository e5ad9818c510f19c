"""When they meet."""

from meetings.models.agenda import (
    AgendaRun,
    Room,
    Session,
    SessionPair,
    SessionWish,
    Slot,
)
from meetings.models.meeting import Material, Meeting, MeetingQuerySet
from meetings.models.places import Feed, Invitation, Place, PlaceQuerySet, PrivateNote

__all__ = [
    "AgendaRun",
    "Feed",
    "Invitation",
    "Material",
    "Meeting",
    "MeetingQuerySet",
    "Place",
    "PlaceQuerySet",
    "PrivateNote",
    "Room",
    "Session",
    "SessionPair",
    "SessionWish",
    "Slot",
]
