"""What a person has saved of the directory, for that person alone."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Subquery

from localities.models import Locality, SavedPlace, SavedSearch
from loci.accounts.models import User
from loci.pages.queries.directory import Row, rows_of
from loci.pages.queries.filters import FACETS, Filters, Labels, asked_for
from loci.pages.queries.matching_places import Own, audience_of, own_of
from matchmaking.queries.requests import Asked, requests_of

SHOWN = 100


@dataclass(frozen=True)
class Search:
    """A search that was saved: in words, its address, when it was answered."""

    pk: int
    words: str
    address: str
    since: datetime
    told_at: datetime | None


@dataclass(frozen=True)
class Saved:
    """The page of what one person keeps."""

    rows: tuple[Row, ...]
    own: Own | None
    waiting: tuple[Search, ...]
    told: tuple[Search, ...]
    requests: tuple[Asked, ...]


def saved_by(person: User, known: Labels) -> Saved:
    """Saved localities that this person may still see, the newest first."""
    own = own_of(person)
    kept = SavedPlace.objects.filter(person=person, locality=OuterRef("pk"))
    places = (
        Locality.objects.visible_to(person)
        .annotate(saved_at=Subquery(kept.values("created_at")), is_saved=Exists(kept))
        .filter(is_saved=True)
        .select_related("region")
        .order_by("-saved_at", "pk")
    )
    searches = [
        _search(row, known)
        for row in SavedSearch.objects.filter(person=person).order_by(
            "-created_at", "-pk"
        )[:SHOWN]
    ]
    return Saved(
        rows=rows_of(list(places[:SHOWN]), audience_of(person, own), own),
        own=own,
        waiting=tuple(row for row in searches if row.told_at is None),
        told=tuple(row for row in searches if row.told_at is not None),
        requests=requests_of(person),
    )


def _search(row: SavedSearch, known: Labels) -> Search:
    filters = asked_for(row.asked, known)
    return Search(
        pk=row.pk,
        words=filters_in_words(filters, known),
        address=filters.address(),
        since=row.created_at,
        told_at=row.told_at,
    )


def filters_in_words(filters: Filters, known: Labels) -> str:
    """“words” · Topic: X · Region: Y, in the language that is on."""
    words = [f"“{filters.words}”"] if filters.words else []
    named = [
        f"{FACETS[name]}: {known.get(name, {}).get(value, value)}"
        for name, value in filters.chosen.items()
    ]
    return " · ".join([*words, *named])
