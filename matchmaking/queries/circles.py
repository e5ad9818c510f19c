"""A circle as one of its pairs reads it."""

from dataclasses import dataclass

from django.db.models import QuerySet

from localities.models import Locality
from localities.queries.people import people_of, side_of
from loci.accounts.models import User
from matchmaking.choices import CircleState, ReplyAnswer
from matchmaking.models import Circle, CircleMember
from surveys.queries.quoting import Quote, quotes_for


@dataclass(frozen=True)
class Seated:
    """One pair of the circle; its people only for those who agreed, once formed."""

    locality: Locality
    quote: Quote
    has_agreed: bool
    is_own: bool
    people: tuple[User, ...]


@dataclass(frozen=True)
class CirclePage:
    """The circle, who was asked, and what the reader's pair said."""

    circle: Circle
    own: CircleMember
    seated: tuple[Seated, ...]
    agreed: int

    @property
    def is_formed(self) -> bool:
        return self.circle.state == CircleState.FORMED

    @property
    def said_yes(self) -> bool:
        return self.own.answer == ReplyAnswer.YES

    @property
    def said_no(self) -> bool:
        return self.own.answer == ReplyAnswer.NOT_FOR_US


def places_in_circles(locality: Locality) -> QuerySet[CircleMember]:
    """The places of this locality in circles that its people are shown."""
    return CircleMember.objects.filter(
        locality=locality,
        circle__state__in=[CircleState.APPROVED, CircleState.FORMED],
    )


def asked_into(locality: Locality) -> tuple[CircleMember, ...]:
    """The same with what they are about."""
    rows = places_in_circles(locality)
    return tuple(rows.select_related("circle__topic").order_by("circle"))


def circle_page(person: User, circle: Circle) -> CirclePage | None:
    """The circle as this person's pair reads it; None for people of no such pair."""
    members = list(
        circle.members.select_related("locality__region", "need").order_by(
            "locality__name", "pk"
        )
    )
    own = next((row for row in members if side_of(person, row.locality)), None)
    if own is None:
        return None
    quotes = quotes_for(person, [row.need for row in members])
    is_open_to_own = (
        circle.state == CircleState.FORMED and own.answer == ReplyAnswer.YES
    )
    return CirclePage(
        circle=circle,
        own=own,
        seated=tuple(
            _seated(row, own, quotes[row.need_id], with_people=is_open_to_own)
            for row in members
            if row == own or row.answer != ReplyAnswer.NOT_FOR_US
        ),
        agreed=sum(row.answer == ReplyAnswer.YES for row in members),
    )


def _seated(
    row: CircleMember, own: CircleMember, quote: Quote, *, with_people: bool
) -> Seated:
    has_agreed = row.answer == ReplyAnswer.YES
    shows_people = with_people and has_agreed and row != own
    return Seated(
        locality=row.locality,
        quote=quote,
        has_agreed=has_agreed,
        is_own=row == own,
        people=tuple(people_of(row.locality)) if shows_people else (),
    )
