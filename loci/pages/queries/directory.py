"""The directory: who has done it, who asks for it, and why they may be useful to you."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _, ngettext

from localities.choices import Level, Phase
from localities.models import Fact, Locality, SavedPlace, SavedSearch, Seat
from loci.accounts.models import User
from loci.pages.queries.facets import Facet, Point, count_and_points, facets
from loci.pages.queries.filters import (
    BY_NAME,
    CAN_HELP,
    FACETS,
    USEFUL,
    WANTS_HELP,
    Filters,
    Labels,
    asked_of,
)
from loci.pages.queries.matching_places import (
    Audience,
    Own,
    asked_statements,
    audience_of,
    fitting,
    ordered,
    own_of,
)
from surveys.models import Statement

ROWS = 25
OFFERS_SHOWN, NEEDS_SHOWN = 2, 1


@dataclass(frozen=True)
class Row:
    """One locality of the list."""

    locality: Locality
    level: str
    phase: str
    organisations: tuple[str, ...]
    has_government: bool
    has_civil_society: bool
    offers: tuple[Statement, ...]
    needs: tuple[Statement, ...]
    reasons: tuple[str, ...]
    checked_on: date | None
    is_saved: bool = False


@dataclass(frozen=True)
class Chip:
    """A filter that is on, and the address without it."""

    label: str
    without: str


@dataclass(frozen=True)
class Directory:
    """One page of the directory."""

    filters: Filters
    title: str
    count: int
    rows: tuple[Row, ...]
    facets: tuple[Facet, ...]
    chips: tuple[Chip, ...]
    points: tuple[Point, ...]
    own: Own | None
    sort: str
    others_need: int
    pages: int
    is_waited_for: bool = False  # nobody fits, and this reader has asked to be told

    @property
    def previous(self) -> str:
        page = self.filters.page
        return self.filters.address(page - 1) if page > 1 else ""

    @property
    def following(self) -> str:
        page = self.filters.page
        return self.filters.address(page + 1) if page < self.pages else ""


def directory(reader: User | None, filters: Filters, known: Labels) -> Directory:
    """What fits, what it has to say, and what can be asked next."""
    own = own_of(reader)
    audience = audience_of(reader, own)
    rows = fitting(filters, audience)
    count, lie = count_and_points(rows, filters, audience)
    begin = (filters.page - 1) * ROWS
    checked = (
        Fact.objects.standing()
        .filter(locality=OuterRef("pk"), visibility__in=audience.reads)
        .order_by("-checked_on")
        .values("checked_on")[:1]
    )
    shown = ordered(rows, filters, own, audience)[begin : begin + ROWS]
    if begin:  # what is said of a row is asked of these alone, not of all before them
        these = Locality.objects.filter(pk__in=shown.values("pk"))
        shown = ordered(these, filters, own, audience)
    shown_rows = list(
        shown.select_related("region").annotate(
            checked_on=Subquery(checked), is_saved=Exists(_saved_by(reader))
        )
    )
    return Directory(
        filters=filters,
        title=_title(filters, known, count),
        count=count,
        rows=rows_of(shown_rows, audience, own, filters.get("topic")),
        facets=facets(filters, audience, known),
        chips=_chips(filters, known),
        points=lie,
        own=own,
        sort=USEFUL if own and filters.sort != BY_NAME else BY_NAME,
        others_need=0 if count else _others_need(filters, audience),
        pages=max(1, -(-count // ROWS)),
        is_waited_for=not count and _is_waited_for(filters, reader),
    )


def _saved_by(reader: User | None) -> QuerySet[SavedPlace]:
    own = SavedPlace.objects.filter(locality=OuterRef("pk"))
    return own.filter(person=reader) if reader else own.none()


def _is_waited_for(filters: Filters, reader: User | None) -> bool:
    if reader is None:
        return False
    searches = SavedSearch.objects.waiting().filter(person=reader)
    return searches.filter(asked=asked_of(filters)).exists()


def _title(filters: Filters, known: Labels, count: int) -> str:
    topic = known["topic"].get(filters.get("topic"))
    if topic and filters.get("does") == CAN_HELP:
        words = ngettext(
            "%(count)d locality can help with: %(topic)s",
            "%(count)d localities can help with: %(topic)s",
            count,
        )
    elif topic and filters.get("does") == WANTS_HELP:
        words = ngettext(
            "%(count)d locality wants help with: %(topic)s",
            "%(count)d localities want help with: %(topic)s",
            count,
        )
    elif topic:
        words = ngettext(
            "%(count)d locality with: %(topic)s",
            "%(count)d localities with: %(topic)s",
            count,
        )
    else:
        words = ngettext("%(count)d locality", "%(count)d localities", count)
    return words % {"count": count, "topic": topic}


def _chips(filters: Filters, known: Labels) -> tuple[Chip, ...]:
    words = [Chip(f"“{filters.words}”", filters.without("q").address())]
    named = [
        Chip(
            f"{FACETS[name]}: {known.get(name, {}).get(value, value)}",
            filters.without(name).address(),
        )
        for name, value in filters.chosen.items()
    ]
    return (*(words if filters.words else []), *named)


def _others_need(filters: Filters, audience: Audience) -> int:
    """Where nobody offers it: how many ask for the same."""
    if filters.get("does") != CAN_HELP:
        return 0
    asking = filters.without("does").adding("does", WANTS_HELP)
    said = asked_statements(asking, audience)
    return said.values("locality").distinct().count()


def rows_of(
    places: Sequence[Locality], audience: Audience, own: Own | None, wanted: str = ""
) -> tuple[Row, ...]:
    """What the list says of these localities (two queries for all of them).

    What is said on the topic that is `wanted` comes first.
    """
    held: dict[int, list[Seat]] = {}
    seats = Seat.objects.current().filter(locality__in=places)
    for seat in seats.select_related("organisation").order_by("-side", "pk"):
        held.setdefault(seat.locality_id, []).append(seat)
    said: dict[int, list[Statement]] = {}
    statements = audience.statements().filter(locality__in=places)
    for row in statements.select_related("topic").order_by("pk"):
        said.setdefault(row.locality_id, []).append(row)
    for rows in said.values():
        rows.sort(key=lambda row: (row.topic.code != wanted, row.pk))
    return tuple(
        _row(place, held.get(place.pk, []), said.get(place.pk, []), own)
        for place in places
    )


def _row(
    place: Locality,
    seats: list[Seat],
    said: list[Statement],
    own: Own | None,
) -> Row:
    offers = [row for row in said if not row.is_need]
    sides = {seat.side for seat in seats}
    return Row(
        locality=place,
        level=str(Level(place.level).label),
        phase=str(Phase(place.phase).label),
        organisations=tuple(seat.organisation.name for seat in seats),
        has_government="government" in sides,
        has_civil_society="civil_society" in sides,
        offers=tuple(offers[:OFFERS_SHOWN]),
        needs=tuple(row for row in said if row.is_need)[:NEEDS_SHOWN],
        reasons=tuple(_reasons(place, offers, own)) if own else (),
        checked_on=getattr(place, "checked_on", None),
        is_saved=getattr(place, "is_saved", False),
    )


def _reasons(place: Locality, offers: list[Statement], own: Own) -> list[str]:
    """Why it may be useful, in words; what the order counts."""
    asked = {row.topic.label for row in offers if row.topic_id in own.topics}
    near = {row.topic.label for row in offers if row.topic_id in own.related}
    found = (
        [_("offers what you ask for: %s") % ", ".join(sorted(asked))] if asked else []
    )
    if near:
        found.append(_("offers what is near it: %s") % ", ".join(sorted(near)))
    if set(place.languages) & set(own.locality.languages):
        found.append(_("a language in common"))
    if place.size_band is not None and place.size_band == own.locality.size_band:
        found.append(_("of your size"))
    if place.level == own.locality.level:
        found.append(_("the same level of government"))
    return found
