"""Whether suggestions reach everybody: who has none, who has many."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from localities.models import Locality, Region
from loci.accounts.models import User
from matchmaking.choices import LIVE_SUGGESTIONS
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
    needs = Statement.objects.for_introductions().filter(
        kind=StatementKind.NEED, locality=OuterRef("pk")
    )
    live = Count("help_suggested", filter=Q(help_suggested__state__in=LIVE_SUGGESTIONS))
    counts = (
        Locality.objects.filter(
            Exists(needs), region__in=Region.objects.coordinated_by(person)
        )
        .order_by()
        .annotate(live=live)
        .values_list("live", flat=True)
    )
    numbers = list(counts)
    return Fairness(
        asking=len(numbers),
        with_none=sum(number == 0 for number in numbers),
        with_many=sum(number > MANY for number in numbers),
    )
