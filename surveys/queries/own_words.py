"""What became of a person's own words in the results of a wave."""

from dataclasses import dataclass

from localities.models import Seat
from loci.accounts.models import User
from surveys.choices import StatementSide
from surveys.models import Statement, Wave
from surveys.queries.results import Cell, Results

SIDES = (StatementSide.GOVERNMENT.value, StatementSide.CIVIL_SOCIETY.value)


@dataclass(frozen=True)
class OwnLine:
    """A topic on which this person's side has spoken, and how many others have."""

    topic: str
    needs: Cell
    offers: Cell
    is_need: bool


def own_lines(person: User, results: Results) -> tuple[OwnLine, ...]:
    """The topics that this person's side of each locality named, needs first."""
    localities = Seat.objects.held_by(person).values("locality")
    named = (
        Statement.objects.spoken()
        .visible_to(person)
        .filter(wave=results.wave, locality__in=localities)
        .order_by("kind", "topic__code")
        .values_list("topic__code", "kind")
        .distinct()
    )
    rows = {row.code: row for row in results.rows}
    return tuple(
        OwnLine(rows[code].topic, rows[code].needs, rows[code].offers, kind == "need")
        for code, kind in named
        if code in rows
    )


@dataclass(frozen=True)
class PairTopics:
    """Topics of one locality's needs: of both sides, and of one side alone."""

    locality: str
    both: tuple[str, ...]
    government: tuple[str, ...]
    civil_society: tuple[str, ...]


def pair_topics(person: User, wave: Wave) -> tuple[PairTopics, ...]:
    """Where the two sides of a person's pair differ, as far as this side may read it."""
    seats = Seat.objects.held_by(person).select_related("locality")
    localities = {seat.locality_id: seat.locality.name for seat in seats}
    rows = (
        Statement.objects.spoken()
        .visible_to(person)
        .filter(wave=wave, kind="need", locality__in=localities)
        .select_related("topic")
        .order_by("topic__position", "pk")
    )
    said: dict[int, dict[str, dict[str, None]]] = {}
    for row in rows:
        sides = SIDES if row.side == StatementSide.JOINT else (row.side,)
        for side in sides:
            topics = said.setdefault(row.locality_id, {side: {} for side in SIDES})
            topics[side][row.topic.label] = None
    return tuple(
        _compared(localities[pk], topics)
        for pk, topics in said.items()
        if all(topics.values())
    )


def _compared(locality: str, topics: dict[str, dict[str, None]]) -> PairTopics:
    government, civil_society = (topics[side] for side in SIDES)
    return PairTopics(
        locality,
        tuple(name for name in government if name in civil_society),
        tuple(name for name in government if name not in civil_society),
        tuple(name for name in civil_society if name not in government),
    )
