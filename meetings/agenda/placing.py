"""Sessions into rooms and slots: nobody in two places, most needs served, then wishes."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from meetings.agenda.programme import EFFORT, Programme, Row, Solved, solve
from meetings.agenda.proof import prices_for, proven_bounds


@dataclass(frozen=True)
class Room:
    """A room and how many people it seats."""

    key: int
    seats: int


@dataclass(frozen=True)
class Slot:
    """A time that does not overlap any other; earlier ones come first in the list."""

    key: int
    minutes: int


@dataclass(frozen=True)
class Session:
    """One session to place.

    `leaders` and `askers` are pairs; a pair is at most `Day.at_once` times at work in
    one slot. `slot` and `room` are given where a coordinator has pinned them.
    """

    key: int
    minutes: int
    needs: int
    leaders: frozenset[int] = frozenset()
    askers: frozenset[int] = frozenset()
    size: int = 0
    wanted: int = 0
    slot: int | None = None
    room: int | None = None

    @property
    def pairs(self) -> frozenset[int]:
        return self.leaders | self.askers

    @property
    def is_pinned(self) -> bool:
        return self.slot is not None and self.room is not None


@dataclass(frozen=True)
class Day:
    """All that is to be placed, and where."""

    sessions: tuple[Session, ...]
    rooms: tuple[Room, ...]
    slots: tuple[Slot, ...]
    at_once: int = 1


class Why(StrEnum):
    """Why a session has no place, or why a pinned one is in somebody's way."""

    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    CLASH = "clash"
    FULL = "full"
    PINS_CLASH = "pins_clash"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Left:
    """One session without a place, why, and which sessions stand in its way."""

    session: int
    why: Why
    others: tuple[int, ...] = ()


@dataclass(frozen=True)
class Placed:
    """Where each session is, what it is worth, what nobody can exceed, what was left."""

    places: tuple[tuple[int, int, int], ...]
    """Session, slot, room, in the order of the sessions."""
    left: tuple[Left, ...]
    clashing_pins: tuple[Left, ...]
    needs: int
    needs_bound: int
    wishes: int
    wishes_bound: int

    @property
    def is_proven(self) -> bool:
        return self.needs == self.needs_bound and self.wishes == self.wishes_bound


def place(day: Day, effort: float = EFFORT) -> Placed:
    """The best placing; pins stay where they are.

    Most needs served come first, then wishes met early in the meeting. The bounds are
    the lower of what CP-SAT has proven and of what prices prove (see `proof`).
    """
    columns, programme = programme_of(day)
    solved = solve(programme, effort=effort)
    prices = prices_for(programme, solved.values)
    proven = proven_bounds(programme, solved.values, prices)
    free = _free_places(day, columns, solved)
    places = {row.key: (row.slot, row.room) for row in day.sessions if row.is_pinned}
    places |= free
    pinned = [row for row in day.sessions if row.is_pinned]
    return Placed(
        places=tuple(
            (row.key, *_known(places[row.key]))
            for row in day.sessions
            if row.key in places
        ),
        left=tuple(
            _why(day, row, places) for row in day.sessions if row.key not in places
        ),
        clashing_pins=tuple(_clashing_pins(pinned, day.at_once)),
        needs=solved.values[0] + sum(row.needs for row in pinned),
        needs_bound=min(solved.bounds[0], proven[0]) + sum(row.needs for row in pinned),
        wishes=solved.values[1],
        wishes_bound=min(solved.bounds[1], proven[1]),
    )


def _known(place: tuple[int | None, int | None]) -> tuple[int, int]:
    slot, room = place
    if slot is None or room is None:
        raise ValueError("a placed session has a slot and a room")
    return slot, room


def programme_of(day: Day) -> tuple[list[tuple[Session, Slot]], Programme]:
    """A column for each session that is free and each slot that is long enough.

    Rooms need no columns: in one slot, sessions fit into rooms if and only if for each
    size no more sessions need it than there are rooms that have it.
    """
    free = [row for row in day.sessions if not row.is_pinned]
    columns = [
        (row, slot)
        for row in free
        for slot in day.slots
        if slot.minutes >= row.minutes and row.slot in {None, slot.key}
    ]
    rows = [*_once(columns), *_pairs(day, columns), *_sizes(day, columns)]
    count = len(day.slots)
    order = {slot.key: number for number, slot in enumerate(day.slots)}
    needs = tuple((at, row.needs) for at, (row, _slot) in enumerate(columns))
    wishes = tuple(
        (at, row.wanted * (count - order[slot.key]))
        for at, (row, slot) in enumerate(columns)
    )
    return columns, Programme(len(columns), tuple(rows), (needs, wishes))


Columns = list[tuple[Session, Slot]]


def _once(columns: Columns) -> Iterator[Row]:
    by_session = defaultdict(list)
    for at, (row, _slot) in enumerate(columns):
        by_session[row.key].append(at)
    for together in by_session.values():
        yield Row(tuple(together), 1)


def _pairs(day: Day, columns: Columns) -> Iterator[Row]:
    """A pair is not in two sessions of one slot, pinned ones counted."""
    busy: dict[tuple[int, int | None], int] = defaultdict(int)
    for row in day.sessions:
        if row.is_pinned:
            for pair in row.pairs:
                busy[pair, row.slot] += 1
    by_pair = defaultdict(list)
    for at, (row, slot) in enumerate(columns):
        for pair in sorted(row.pairs):
            by_pair[pair, slot.key].append(at)
    for (pair, slot_key), together in by_pair.items():
        limit = max(day.at_once - busy[pair, slot_key], 0)
        if len(together) > limit:
            yield Row(tuple(together), limit)


def _sizes(day: Day, columns: Columns) -> Iterator[Row]:
    taken = {(row.slot, row.room) for row in day.sessions if row.is_pinned}
    by_slot = defaultdict(list)
    for at, (row, slot) in enumerate(columns):
        by_slot[slot.key].append((row.size, at))
    for slot_key, sized in by_slot.items():
        free = [room for room in day.rooms if (slot_key, room.key) not in taken]
        for size in sorted({size for size, _at in sized}):
            rooms = sum(room.seats >= size for room in free)
            need = tuple(at for one, at in sized if one >= size)
            if len(need) > rooms:
                yield Row(need, rooms)


def _free_places(
    day: Day, columns: Columns, solved: Solved
) -> dict[int, tuple[int | None, int | None]]:
    """In each slot the largest session into the largest room that is left."""
    taken = {(row.slot, row.room) for row in day.sessions if row.is_pinned}
    by_slot = defaultdict(list)
    for at in sorted(solved.chosen):
        row, slot = columns[at]
        by_slot[slot.key].append(row)
    places: dict[int, tuple[int | None, int | None]] = {}
    for slot_key, rows in by_slot.items():
        rooms = sorted(
            (room for room in day.rooms if (slot_key, room.key) not in taken),
            key=lambda room: (-room.seats, room.key),
        )
        ranked = sorted(rows, key=lambda row: (-row.size, -row.wanted, row.key))
        for row, room in zip(ranked, rooms, strict=False):
            places[row.key] = (slot_key, room.key)
    return places


def _why(
    day: Day, row: Session, places: dict[int, tuple[int | None, int | None]]
) -> Left:
    """The first thing that stands in the way in every slot."""
    long_enough = [slot for slot in day.slots if slot.minutes >= row.minutes]
    large_enough = {room.key for room in day.rooms if room.seats >= row.size}
    if not long_enough:
        return Left(row.key, Why.TOO_LONG)
    if not large_enough:
        return Left(row.key, Why.TOO_LARGE)
    at = defaultdict(list)
    for other in day.sessions:
        if other.key in places:
            at[places[other.key][0]].append(other)
    clashing: set[int] = set()
    is_full = True
    for slot in long_enough:
        rooms = {places[other.key][1] for other in at[slot.key]}
        if not large_enough - rooms:
            continue
        is_full = False
        clashing |= {other.key for other in at[slot.key] if other.pairs & row.pairs}
    if is_full:
        return Left(row.key, Why.FULL)
    why = Why.CLASH if clashing else Why.LEFT_OUT
    return Left(row.key, why, tuple(sorted(clashing)))


def _clashing_pins(pinned: list[Session], at_once: int) -> Iterator[Left]:
    for row in pinned:
        others = [
            other for other in pinned if other.key != row.key and other.slot == row.slot
        ]
        same_room = {other.key for other in others if other.room == row.room}
        crowd = {
            other.key
            for other in others
            for pair in row.pairs & other.pairs
            if sum(pair in one.pairs for one in others) >= at_once
        }
        if same_room | crowd:
            yield Left(row.key, Why.PINS_CLASH, tuple(sorted(same_room | crowd)))
