"""What visitors read: the landing page and the localities."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max

from localities.choices import Side
from localities.models import Locality, Region, Seat, Topic
from loci.cycles.choices import PromiseState
from loci.cycles.models import Promise
from loci.cycles.queries.cycles import CycleRow, network_cycle
from loci.cycles.queries.ledger import published_promises

LISTED_AT_MOST = 60  # more are found in the directory


@dataclass(frozen=True)
class LocalityRow:
    """One locality in the list."""

    locality: Locality
    has_government: bool
    has_civil_society: bool


@dataclass(frozen=True)
class RegionGroup:
    name: str
    rows: tuple[LocalityRow, ...]


@dataclass(frozen=True)
class Landing:
    """The landing page: three dated numbers and the places."""

    localities: int
    topics: int
    changes: int
    as_of: date | None
    regions: tuple[RegionGroup, ...]  # none of them when there are too many to list
    promises: tuple[Promise, ...]
    cycle: CycleRow | None


def landing() -> Landing:
    """What the landing page shows to everybody."""
    counted = Locality.objects.listed().aggregate(
        count=Count("pk"), as_of=Max("updated_at")
    )
    promises = Promise.objects.published()
    return Landing(
        localities=counted["count"],
        topics=Topic.objects.count(),
        changes=promises.filter(state=PromiseState.DONE).count(),
        as_of=counted["as_of"].date() if counted["as_of"] else None,
        regions=localities_by_region() if counted["count"] <= LISTED_AT_MOST else (),
        promises=tuple(published_promises().order_by("-updated_at", "pk")[:3]),
        cycle=network_cycle(),
    )


def localities_by_region() -> tuple[RegionGroup, ...]:
    """Listed localities, by region and name."""
    rows = Locality.objects.listed().select_related("region").order_by("name", "pk")
    taken = set(Seat.objects.current().values_list("locality", "side"))
    groups: dict[int, list[LocalityRow]] = {}
    for row in rows:
        groups.setdefault(row.region_id, []).append(
            LocalityRow(
                row,
                has_government=(row.pk, Side.GOVERNMENT) in taken,
                has_civil_society=(row.pk, Side.CIVIL_SOCIETY) in taken,
            )
        )
    return tuple(
        RegionGroup(region.name, tuple(groups[region.pk]))
        for region in Region.objects.order_by("name", "pk")
        if region.pk in groups
    )
