"""Timetables of talks: equal to trying everything on small ones, provable on large."""

from itertools import product

from hypothesis import given, settings, strategies as st

from meetings.agenda.seating import Tables, Talk
from meetings.agenda.talks import Seated, most_talks, seat
from tests.bench.agenda import made_up_tables

talks = st.lists(
    st.tuples(
        st.lists(st.integers(0, 4), min_size=2, max_size=3, unique=True).map(tuple),
        st.booleans(),
        st.frozensets(st.integers(0, 3), max_size=2),
    ),
    max_size=5,
)
tables = st.builds(
    lambda rows, blocks, count, in_a_row, away: Tables(
        tuple(Talk(key, *row) for key, row in enumerate(rows)),
        blocks,
        count,
        in_a_row,
        away,
    ),
    talks,
    st.sampled_from([((0, 1, 2),), ((0, 1), (2,)), ((0,),)]),
    st.integers(1, 2),
    st.integers(1, 2),
    st.dictionaries(
        st.integers(0, 4), st.frozensets(st.integers(0, 2), max_size=2), max_size=2
    ),
)


def is_kept(given: Tables, times: dict[int, int]) -> bool:
    """Nobody twice at a time or while away, breaks kept, no more talks than tables."""
    held = [talk for talk in given.talks if talk.key in times]
    at = [(person, times[talk.key]) for talk in held for person in talk.people]
    if len(set(at)) < len(at):
        return False
    if any(slot in given.away.get(person, frozenset()) for person, slot in at):
        return False
    slots = list(times.values())
    if any(slots.count(slot) > given.tables for slot in set(slots)):
        return False
    window = given.in_a_row + 1
    return not any(
        all((person, slot) in at for slot in block[begin : begin + window])
        for person in {person for person, _slot in at}
        for block in given.blocks
        for begin in range(len(block) - given.in_a_row)
    )


def comes_to(given: Tables, times: dict[int, int]) -> tuple[int, int]:
    held = [talk for talk in given.talks if talk.key in times]
    covered = {need for talk in held for need in talk.needs}
    return sum(talk.is_mutual for talk in held), len(covered)


def best_by_trying(given: Tables) -> tuple[int, int]:
    best = (0, 0)
    for choice in product([None, *given.slots], repeat=len(given.talks)):
        times = {
            talk.key: slot
            for talk, slot in zip(given.talks, choice, strict=True)
            if slot is not None
        }
        if is_kept(given, times):
            best = max(best, comes_to(given, times))
    return best


def checked(given: Tables, seated: Seated) -> tuple[int, int]:
    times = {key: slot for key, slot, _table in seated.places}
    cells = [(slot, table) for _key, slot, table in seated.places]
    assert is_kept(given, times)
    assert len(set(cells)) == len(cells)
    assert all(1 <= table <= given.tables for _slot, table in cells)
    assert comes_to(given, times) == (seated.mutual, seated.needs)
    return seated.mutual, seated.needs


@settings(max_examples=100, deadline=None)
@given(tables)
def test_a_small_timetable_is_as_good_as_by_trying_everything(given_):
    seated = seat(given_)

    best = best_by_trying(given_)
    assert checked(given_, seated) == best
    assert best <= (seated.mutual_bound, seated.needs_bound)
    assert seated == seat(given_)  # the same again


def test_a_mutual_yes_comes_before_needs_of_one_side():
    both = Talk(1, (1, 2), is_mutual=True)
    one = Talk(2, (1, 3), is_mutual=False, needs=frozenset({7, 8, 9}))

    seated = seat(Tables((both, one), ((0,),), tables=2))

    assert seated.places == ((1, 0, 1),)
    assert seated.is_proven


def test_a_talk_that_adds_nothing_is_not_held():
    first = Talk(1, (1, 2), is_mutual=False, needs=frozenset({7}))
    same = Talk(2, (3, 4), is_mutual=False, needs=frozenset({7}))

    assert len(seat(Tables((first, same), ((0, 1),), tables=2)).places) == 1


def test_breaks_are_counted_from_pauses_and_absences():
    given_ = Tables((), ((0, 1, 2, 3), (4, 5)), 1, in_a_row=2, away={1: frozenset({1})})

    assert most_talks(given_, 0) == 5
    assert most_talks(given_, 1) == 5  # 0, 2, 3, 4, 5: the absence is the break


def test_400_people_and_20_slots_are_proven_best():
    given_ = made_up_tables()

    seated = seat(given_)

    checked(given_, seated)
    assert seated.is_proven
