"""When they meet."""

from meetings.models.meeting import Material, Meeting, MeetingQuerySet
from meetings.models.places import Feed, Invitation, Place, PlaceQuerySet, PrivateNote

__all__ = [
    "Feed",
    "Invitation",
    "Material",
    "Meeting",
    "MeetingQuerySet",
    "Place",
    "PlaceQuerySet",
    "PrivateNote",
]
