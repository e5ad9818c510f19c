"""Who is here: places, organisations, seats, persons' places, topics."""

from localities.models.doubts import FactDoubt
from localities.models.imports import ImportDraft
from localities.models.invitations import GuestInvitationQuerySet, Invitation
from localities.models.keeping import SavedPlace, SavedSearch
from localities.models.milestones import Milestone
from localities.models.organisations import (
    Membership,
    MembershipQuerySet,
    Organisation,
)
from localities.models.places import (
    Locality,
    LocalityQuerySet,
    Region,
    RegionQuerySet,
)
from localities.models.profiles import (
    Fact,
    FactQuerySet,
    FactVersion,
    ProfileAgreement,
)
from localities.models.seats import Seat, SeatQuerySet
from localities.models.taxonomy import LearningArea, Sector, Topic

__all__ = [
    "Fact",
    "FactDoubt",
    "FactQuerySet",
    "FactVersion",
    "GuestInvitationQuerySet",
    "ImportDraft",
    "Invitation",
    "LearningArea",
    "Locality",
    "LocalityQuerySet",
    "Membership",
    "MembershipQuerySet",
    "Milestone",
    "Organisation",
    "ProfileAgreement",
    "Region",
    "RegionQuerySet",
    "SavedPlace",
    "SavedSearch",
    "Seat",
    "SeatQuerySet",
    "Sector",
    "Topic",
]
