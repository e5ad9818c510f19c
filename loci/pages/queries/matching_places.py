"""Which localities fit what a reader asks, as far as that reader may read."""

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Exists,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from localities.models import Fact, Locality, LocalityQuerySet, Membership, Seat
from localities.queries.words import likeness, named_like, place_words, plain, said
from loci.accounts.models import User
from loci.core.prepared import Prepared
from loci.pages.queries.filters import (
    BY_NAME,
    CAN_HELP,
    DOING,
    OF_STATEMENTS,
    WANTS_HELP,
    Filters,
    size_range,
)
from surveys.choices import Experience, StatementKind, Visibility
from surveys.models import Statement

TESTED = (Experience.DONE, Experience.TAUGHT)
STATEMENT_COLUMNS = {
    "topic": "topic__code",
    "stage": "stage",
    "sector": "sector__code",
    "side": "side",
}
COLUMNS = {
    "level": "level",
    "phase": "phase",
    "region": "region__code",
    "country": "country_code",
}


@dataclass(frozen=True)
class Audience:
    """Visitors read what is public; members also what is for the network.

    What is for a pair or a side alone takes no part in the directory, not even for
    them: counts would tell of it.
    """

    is_member: bool

    @property
    def reads(self) -> tuple[str, ...]:
        if self.is_member:
            return (Visibility.NETWORK.value, Visibility.PUBLIC.value)
        return (Visibility.PUBLIC.value,)

    def statements(self) -> QuerySet[Statement]:
        return Statement.objects.present().filter(visibility__in=self.reads)


def audience_of(reader: User | None, own: "Own | None") -> Audience:
    """Whoever holds a seat is a member; of the others it is asked."""
    if reader is None or own is not None:
        return Audience(is_member=own is not None)
    return Audience(Membership.objects.current().filter(person=reader).exists())


def fitting(filters: Filters, audience: Audience) -> LocalityQuerySet:
    """Published localities that fit every filter."""
    rows = Locality.objects.listed()
    for facet, column in COLUMNS.items():
        if value := filters.get(facet):
            rows = rows.filter(**{column: value})
    if value := filters.get("size"):
        low, below = size_range(value)
        rows = rows.filter(population__gte=low)
        rows = rows if below is None else rows.filter(population__lt=below)
    if value := filters.get("language"):
        rows = rows.filter(languages__contains=[value])
    if any(filters.get(facet) for facet in OF_STATEMENTS):
        said = asked_statements(filters, audience)
        rows = rows.filter(Exists(said.filter(locality=OuterRef("pk"))))
    if filters.words:
        rows = rows.filter(_has_words(filters.words, audience))
    return rows


def asked_statements(filters: Filters, audience: Audience) -> QuerySet[Statement]:
    """Needs and offers that fit the filters about them."""
    rows = audience.statements()
    for facet, column in STATEMENT_COLUMNS.items():
        if value := filters.get(facet):
            rows = rows.filter(**{column: value})
    return rows.filter(does(filters.get("does")))


def does(what: str) -> Q:
    """Statements of one who can help, wants help, or is at it now."""
    if what == CAN_HELP:
        return Q(kind=StatementKind.OFFER, experience__in=TESTED)
    if what == WANTS_HELP:
        return Q(kind=StatementKind.NEED)
    if what == DOING:
        return Q(kind=StatementKind.OFFER, experience=Experience.DOING)
    return Q()


def _has_words(words: str, audience: Audience) -> Q:
    """In the name (a slip apart), in an organisation's, in a fact or a statement."""
    named = Locality.objects.filter(named_like(place_words(), words))
    seats = Seat.objects.current().filter(named_like(F("organisation__name"), words))
    facts = Fact.objects.standing().filter(said(words), visibility__in=audience.reads)
    statements = audience.statements().filter(said(words))
    return (
        Q(pk__in=named.values("pk"))
        | Q(pk__in=seats.values("locality"))
        | Q(pk__in=facts.values("locality"))
        | Q(pk__in=statements.values("locality"))
    )


@dataclass(frozen=True)
class Own:
    """What a reader's own locality asks for and is: the measure of *useful*."""

    locality: Locality
    topics: frozenset[int]
    related: frozenset[int]


def own_of(reader: User | None) -> Own | None:
    """The reader's first locality with its own open needs; None without one."""
    if reader is None:
        return None
    seat = (
        Seat.objects.held_by(reader)
        .select_related("locality")
        .order_by("locality__name", "pk")
        .first()
    )
    if seat is None:
        return None
    rows: list[Any] = _NEEDS.rows(by=reader.pk, locality=seat.locality_id)
    topics = frozenset(row.topic_id for row in rows)
    related = frozenset(row.near for row in rows if row.near) - topics
    return Own(seat.locality, topics, related)


def _needs(by: int, locality: int) -> QuerySet[Statement]:
    """Open needs that this person may read; one row for each topic near one's own."""
    return (
        Statement.objects.present()
        .visible_to(User(pk=by))
        .filter(locality=locality, kind=StatementKind.NEED)
        .annotate(near=F("topic__related"))
    )


_NEEDS = Prepared(_needs, by=-(2**40), locality=-(2**41))


def ordered(
    rows: LocalityQuerySet, filters: Filters, own: Own | None, audience: Audience
) -> QuerySet[Locality]:
    """By likeness of the name for words; else the most useful first, else by name."""
    by_name = plain(F("name"))
    if filters.words:
        named = Locality.objects.filter(named_like(place_words(), filters.words))
        like = Case(
            When(
                pk__in=named.values("pk"), then=likeness(place_words(), filters.words)
            ),
            default=Value(0.0),
            output_field=FloatField(),
        )
        return rows.annotate(like=like).order_by(F("like").desc(), by_name, "pk")
    if own is None or filters.sort == BY_NAME:
        return rows.order_by(by_name, "pk")
    used = rows.annotate(use=_use(own, audience))
    return used.order_by(F("use").desc(), by_name, "pk")


def _use(own: Own, audience: Audience) -> Any:
    """4 for an offer on what one asks, 2 on what is near it, 1 each for what is alike.

    One's own locality comes last.
    """
    offers = audience.statements().filter(kind=StatementKind.OFFER)
    near = own.locality
    parts = [
        (Q(pk__in=offers.filter(topic__in=own.topics).values("locality")), 4),
        (Q(pk__in=offers.filter(topic__in=own.related).values("locality")), 2),
        (Q(languages__overlap=near.languages), 1),
        (Q(level=near.level), 1),
        (_band(near), 1),
        (Q(pk=near.pk), -20),
    ]
    total: Any = Value(0, output_field=IntegerField())
    for condition, points in parts:
        total = total + Case(
            When(condition, then=Value(points)),
            default=Value(0),
            output_field=IntegerField(),
        )
    return total


def _band(place: Locality) -> Q:
    if place.size_band is None:
        return Q(population__isnull=True)
    low, below = size_range(str(place.size_band.value))
    size = Q(population__gte=low)
    return size if below is None else size & Q(population__lt=below)
