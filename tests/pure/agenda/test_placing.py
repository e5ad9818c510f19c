"""Placing sessions: equal to trying everything on small days, provable on large ones."""

from itertools import product

import pytest
from hypothesis import given, settings, strategies as st

from meetings.agenda.placing import (
    Day,
    Left,
    Placed,
    Room,
    Session,
    Slot,
    Why,
    place,
    programme_of,
)
from meetings.agenda.programme import is_allowed, solve
from meetings.agenda.proof import prices_for, proven_bounds
from tests.bench.agenda import made_up_day

pairs = st.frozensets(st.integers(0, 4), max_size=3)
sessions = st.lists(
    st.tuples(
        st.sampled_from([30, 60]), st.integers(0, 4), pairs, pairs,
        st.sampled_from([5, 15]), st.integers(0, 3),
    ),
    max_size=4,
)  # fmt: skip
days = st.builds(
    lambda rows, seats, minutes, at_once: Day(
        tuple(Session(key, *row) for key, row in enumerate(rows)),
        tuple(Room(100 + key, one) for key, one in enumerate(seats)),
        tuple(Slot(200 + key, one) for key, one in enumerate(minutes)),
        at_once,
    ),
    sessions,
    st.lists(st.sampled_from([10, 20]), min_size=1, max_size=2),
    st.lists(st.sampled_from([30, 60]), min_size=1, max_size=3),
    st.integers(1, 2),
)


def best_by_trying(day: Day) -> tuple[int, int]:
    """Every way to give each session a cell or none."""
    cells = [None, *product(day.slots, day.rooms)]
    best = (0, 0)
    for choice in product(cells, repeat=len(day.sessions)):
        placed = [
            (row, *cell)
            for row, cell in zip(day.sessions, choice, strict=True)
            if cell is not None
        ]
        if not fits(placed, day.at_once):
            continue
        order = [slot.key for slot in day.slots]
        needs = sum(row.needs for row, _slot, _room in placed)
        wishes = sum(
            row.wanted * (len(order) - order.index(slot.key))
            for row, slot, _room in placed
        )
        best = max(best, (needs, wishes))
    return best


def fits(placed: list[tuple[Session, Slot, Room]], at_once: int) -> bool:
    cells = [(slot.key, room.key) for _row, slot, room in placed]
    work = [(pair, slot.key) for row, slot, _room in placed for pair in row.pairs]
    return (
        len(set(cells)) == len(cells)
        and all(work.count(one) <= at_once for one in set(work))
        and all(
            row.minutes <= slot.minutes and row.size <= room.seats
            for row, slot, room in placed
        )
    )


def checked(day: Day, placed: Placed) -> tuple[int, int]:
    """What a placing comes to, after a check of every rule by other means."""
    rows = {row.key: row for row in day.sessions}
    slots = {slot.key: slot for slot in day.slots}
    rooms = {room.key: room for room in day.rooms}
    found = [(rows[key], slots[at], rooms[in_]) for key, at, in_ in placed.places]
    assert fits(found, day.at_once)
    left = {one.session for one in placed.left}
    assert left | {key for key, _at, _in in placed.places} == set(rows)
    return placed.needs, placed.wishes


@settings(max_examples=60, deadline=None)
@given(days)
def test_a_small_day_is_placed_as_well_as_by_trying_everything(day):
    placed = place(day)

    assert checked(day, placed) == best_by_trying(day)
    assert placed.is_proven
    assert placed == place(day)  # the same again


def day(*rows: Session, rooms: int = 1, slots: int = 1, **more) -> Day:
    return Day(
        rows,
        tuple(Room(100 + key, 10) for key in range(rooms)),
        tuple(Slot(200 + key, 60) for key in range(slots)),
        **more,
    )


def test_what_has_no_place_says_why():
    long, large = Session(1, 90, 1), Session(2, 60, 1, size=11)
    first = Session(3, 60, 5, leaders=frozenset({7}))
    clashing = Session(4, 60, 1, askers=frozenset({7}))

    placed = place(day(long, large, first, clashing, rooms=2))
    full = place(day(Session(1, 60, 2), Session(2, 60, 1)))

    assert placed.left == (
        Left(1, Why.TOO_LONG),
        Left(2, Why.TOO_LARGE),
        Left(4, Why.CLASH, (3,)),
    )
    assert full.left == (Left(2, Why.FULL),)


def test_pins_stay_and_push_others_aside():
    pinned = Session(1, 60, 1, frozenset({7}), slot=200, room=100)
    others = [Session(key, 60, 11 - key, frozenset({7})) for key in (2, 3)]

    placed = place(day(pinned, *others, rooms=2, slots=2))

    assert placed.places == ((1, 200, 100), (2, 201, 100))
    assert placed.left == (Left(3, Why.CLASH, (1, 2)),)
    assert (placed.needs, placed.needs_bound) == (10, 10)


def test_pins_that_clash_with_each_other_are_named_not_moved():
    first = Session(1, 60, 1, frozenset({7}), slot=200, room=100)
    second = Session(2, 60, 1, frozenset({7}), slot=200, room=101)

    placed = place(day(first, second, rooms=2, slots=2))

    assert placed.places == ((1, 200, 100), (2, 200, 101))
    assert placed.clashing_pins == (
        Left(1, Why.PINS_CLASH, (2,)),
        Left(2, Why.PINS_CLASH, (1,)),
    )


def test_prices_prove_the_bound_without_the_solver():
    large = made_up_day()
    _columns, programme = programme_of(large)
    solved = solve(programme)

    prices = prices_for(programme, solved.values)
    bounds = proven_bounds(programme, solved.values, prices)

    assert is_allowed(programme, solved.chosen)
    assert solved.values[0] == bounds[0] == sum(row.needs for row in large.sessions)
    assert solved.values[1] <= bounds[1] <= solved.values[1] * 1.02


def test_a_false_proof_is_refused():
    _columns, programme = programme_of(day(Session(1, 60, 2), Session(2, 60, 1)))
    prices = prices_for(programme, (2, 0))

    below = tuple(tuple(-1 for _one in tier) for tier in prices)
    for false in (below, tuple(tier[:-1] for tier in prices)):
        with pytest.raises(ValueError, match="prices are at least 0"):
            proven_bounds(programme, (2, 0), false)
