"""Whether suggestions reach everybody: who has none, who has many."""

from collections import Counter
from dataclasses import dataclass

from localities.models import Region
from loci.accounts.models import User
from matchmaking.choices import LIVE_SUGGESTIONS
from matchmaking.models import Suggestion
from surveys.choices import StatementKind
from surveys.models import Statement

MANY = 3


@dataclass(frozen=True)
class Fairness:
    """Localities with a need, and how many of them have no or many suggestions."""

    asking: int
    with_none: int
    with_many: int


def fairness_for(person: User) -> Fairness:
    """Of the regions that this person coordinates; suggestions that are open or came true."""
    regions = Region.objects.coordinated_by(person)
    asking = set(
        Statement.objects.for_introductions()
        .filter(kind=StatementKind.NEED, locality__region__in=regions)
        .values_list("locality", flat=True)
    )
    live = Suggestion.objects.filter(state__in=LIVE_SUGGESTIONS, seeker__in=asking)
    counted = Counter(live.values_list("seeker", flat=True))
    return Fairness(
        asking=len(asking),
        with_none=len(asking - set(counted)),
        with_many=sum(count > MANY for count in counted.values()),
    )
