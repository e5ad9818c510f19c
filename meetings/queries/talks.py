"""Who sits at which table when, as one person reads it or as the whole plan."""

from collections import defaultdict
from dataclasses import dataclass

from loci.accounts.models import User
from meetings.choices import PlaceState
from meetings.models import Meeting, Place, Talk, TalkTime


@dataclass(frozen=True)
class Table:
    """One table at one time, and who sits there: pairs and sides, no names."""

    number: int
    people: tuple[str, ...]
    is_own: bool


@dataclass(frozen=True)
class AtOnce:
    """All tables of one time."""

    time: TalkTime
    tables: tuple[Table, ...]


def called(place: Place) -> str:
    """How others know a person before both have met: the pair and the side."""
    return f"{place.invitation.locality.name}, {place.get_side_display()}"


def table_plan(meeting: Meeting, *, own: Place | None) -> tuple[AtOnce, ...]:
    """The whole plan, or with `own` the talks of one person."""
    talks = Talk.objects.filter(meeting=meeting).select_related("time")
    if own is not None:
        talks = talks.filter(seats__place=own)
    rows = talks.prefetch_related("seats__place__invitation__locality")
    by_time: dict[TalkTime, list[Table]] = defaultdict(list)
    for talk in rows.order_by("time__day", "time__begins", "table", "pk"):
        places = [seat.place for seat in talk.seats.all()]
        is_own = own in places
        shown = [place for place in places if place != own]
        people = tuple(sorted(called(place) for place in shown))
        by_time[talk.time].append(Table(talk.table, people, is_own))
    return tuple(AtOnce(at, tuple(tables)) for at, tables in by_time.items())


def place_with_a_yes(meeting: Meeting, person: User) -> Place | None:
    rows = Place.objects.held().filter(
        invitation__meeting=meeting, person=person, state=PlaceState.YES
    )
    return rows.select_related("invitation__meeting").order_by("pk").first()


def others_coming(place: Place) -> list[Place]:
    """Who comes of other pairs."""
    rows = (
        Place.objects.held()
        .filter(invitation__meeting=place.invitation.meeting_id, state=PlaceState.YES)
        .exclude(invitation=place.invitation_id)
    )
    return list(
        rows.select_related("invitation__locality").order_by(
            "invitation__locality__name", "side", "pk"
        )
    )
