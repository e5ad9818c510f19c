"""Who is here: places, organisations, seats, persons' places, topics."""

from localities.models.invitations import Invitation, InvitationQuerySet
from localities.models.organisations import (
    Membership,
    MembershipQuerySet,
    Organisation,
)
from localities.models.places import (
    Fact,
    Locality,
    LocalityQuerySet,
    Region,
    RegionQuerySet,
)
from localities.models.seats import Seat, SeatQuerySet
from localities.models.taxonomy import LearningArea, Sector, Topic

__all__ = [
    "Fact",
    "Invitation",
    "InvitationQuerySet",
    "LearningArea",
    "Locality",
    "LocalityQuerySet",
    "Membership",
    "MembershipQuerySet",
    "Organisation",
    "Region",
    "RegionQuerySet",
    "Seat",
    "SeatQuerySet",
    "Sector",
    "Topic",
]
