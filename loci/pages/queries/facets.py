"""How many localities each further filter would leave, and where they lie."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import Avg, CharField, Count, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast

from localities.models import Locality, LocalityQuerySet
from loci.pages.queries.filters import FACETS, Filters, Labels, size_range
from loci.pages.queries.matching_places import (
    COLUMNS,
    STATEMENT_COLUMNS,
    Audience,
    asked_statements,
    does,
    fitting,
)

Rows = QuerySet[Locality, Any]
KEPT_SECONDS = 60  # what is taken back is gone from counts within a minute
POINTS_AT_MOST = 120
WIDTH, WEST, NORTH, STRETCH = 1000, -169, 78, 1.2  # of static/img/world.svg


@dataclass(frozen=True)
class Choice:
    """One value of a facet: how many localities it would leave."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Point:
    """A place on the map: one locality, or a country with several."""

    label: str
    address: str
    x: str
    y: str
    radius: str
    count: int


def facets(filters: Filters, audience: Audience, known: Labels) -> tuple[Facet, ...]:
    """Every facet with the counts of its values (one query, kept for a minute)."""
    counts = _kept_counts(filters, audience)
    found = []
    for name, label in FACETS.items():
        values = known.get(name, {})
        chosen = filters.get(name)
        choices = tuple(
            Choice(value, str(words), counts.get((name, value), 0), value == chosen)
            for value, words in values.items()
            if counts.get((name, value)) or value == chosen
        )
        if choices:
            found.append(Facet(name, str(label), choices))
    return tuple(found)


def _kept_counts(filters: Filters, audience: Audience) -> dict[tuple[str, str], int]:
    key = f"facets:{audience.is_member}:{hash_of(filters)}"
    kept: dict[tuple[str, str], int] | None = cache.get(key)
    if kept is None:
        kept = _counts(filters, audience)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def hash_of(filters: Filters) -> str:
    """A key for a cache: the address without its page and order."""
    asked = Filters(words=filters.words, chosen=filters.chosen)
    return hashlib.sha256(asked.address().encode()).hexdigest()


def _counts(filters: Filters, audience: Audience) -> dict[tuple[str, str], int]:
    every = [
        *(_by_column(filters, audience, name) for name in COLUMNS if name != "country"),
        _by_language(filters, audience),
        *_by_size(filters, audience),
        *(_by_statement(filters, audience, name) for name in STATEMENT_COLUMNS),
        *_by_deed(filters, audience),
    ]
    rows = every[0].union(*every[1:], all=True)
    return {(facet, value): count for facet, value, count in rows if value}


def _counted(rows: Rows, facet: str, value: object) -> Rows:
    """Rows of (facet, value, how many)."""
    words = Cast(value, CharField()) if not isinstance(value, str) else Value(value)  # type: ignore[arg-type]
    return (
        rows.order_by()
        .annotate(facet=Value(facet, CharField()), value=words)
        .values("facet", "value")
        .annotate(count=Count("pk", distinct=True))
        .values_list("facet", "value", "count")
    )


def _by_column(filters: Filters, audience: Audience, name: str) -> Rows:
    rows = fitting(filters.without(name), audience)
    return _counted(rows, name, F(COLUMNS[name]))


def _by_language(filters: Filters, audience: Audience) -> Rows:
    rows = fitting(filters.without("language"), audience)
    return _counted(
        rows,
        "language",
        Func(F("languages"), function="unnest", output_field=CharField()),
    )


def _by_size(filters: Filters, audience: Audience) -> list[Rows]:
    rows = fitting(filters.without("size"), audience)
    found = []
    for band in range(5):
        low, below = size_range(str(band))
        size = Q(population__gte=low)
        size = size if below is None else size & Q(population__lt=below)
        found.append(_counted(rows.filter(size), "size", str(band)))
    return found


def _by_statement(filters: Filters, audience: Audience, name: str) -> Rows:
    """Localities by a word of their needs and offers, as the other filters leave them."""
    rest = filters.without(name)
    said = asked_statements(rest, audience)
    rows = fitting(rest, audience).filter(statements__in=said)
    return _counted(rows, name, F(f"statements__{STATEMENT_COLUMNS[name]}"))


def _by_deed(filters: Filters, audience: Audience) -> list[Rows]:
    rest = filters.without("does")
    return [
        _counted(
            fitting(rest, audience).filter(
                pk__in=asked_statements(rest, audience)
                .filter(does(deed))
                .values("locality")
            ),
            "does",
            deed,
        )
        for deed in ("can_help", "wants_help", "doing")
    ]


def count_and_points(
    rows: LocalityQuerySet, filters: Filters, audience: Audience
) -> tuple[int, tuple[Point, ...]]:
    """How many fit and where they lie.

    Many, which are shown by country, are counts as those of facets, and kept as long;
    a few are a list, which is never kept.
    """
    key = f"places:{audience.is_member}:{filters.sort}:{hash_of(filters)}"
    kept: tuple[int, tuple[Point, ...]] | None = cache.get(key)
    if kept is None:
        count = rows.count()
        kept = (count, points(rows, filters, count))
        if count > POINTS_AT_MOST:
            cache.set(key, kept, KEPT_SECONDS)
    return kept


def points(rows: LocalityQuerySet, filters: Filters, count: int) -> tuple[Point, ...]:
    """Where they lie: each, or by country when they are many (one query)."""
    placed = rows.filter(latitude__isnull=False, longitude__isnull=False).order_by()
    if count <= POINTS_AT_MOST:
        found = placed.values_list("slug", "name", "country", "latitude", "longitude")
        return tuple(
            _point(f"{name}, {country}", f"/localities/{slug}/", lat, lon, 1)
            for slug, name, country, lat, lon in found.order_by("-latitude", "pk")
        )
    grouped = (
        placed.values("country_code", "country")
        .annotate(lat=Avg("latitude"), lon=Avg("longitude"), number=Count("pk"))
        .order_by("-number", "country_code", "country")[:200]
    )
    return tuple(
        _point(
            row["country"],
            filters.adding("country", row["country_code"]).address(),
            row["lat"],
            row["lon"],
            row["number"],
        )
        for row in grouped
    )


def _point(
    label: str, address: str, lat: Decimal | None, lon: Decimal | None, count: int
) -> Point:
    east = float(lon or 0) - WEST
    x = (east if east >= 0 else east + 360) * WIDTH / 360
    y = (NORTH - float(lat or 0)) * WIDTH / 360 * STRETCH
    radius = 8 if count == 1 else min(10 + count**0.5, 24)
    words = label if count == 1 else f"{label}: {count}"
    return Point(words, address, f"{x:.1f}", f"{y:.1f}", f"{radius:.1f}", count)
