"""1:1 and small-group talks at tables: most mutual yeses, then needs covered.

Nobody is twice at a time, nobody talks longer without a break than is kept. First it
is chosen which talks take place at all, as if only the number of slots counted; then
they are given times. If all that were chosen get one, the choice was the best.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from meetings.agenda.fitting import fit
from meetings.agenda.programme import EFFORT, Goal, Programme, Row, solve
from meetings.agenda.proof import prices_for, proven_bounds
from meetings.agenda.seating import Tables, Talk


@dataclass(frozen=True)
class Seated:
    """Talk, slot and table; what it comes to and what nobody can exceed."""

    places: tuple[tuple[int, int, int], ...]
    mutual: int
    mutual_bound: int
    needs: int
    needs_bound: int

    @property
    def is_proven(self) -> bool:
        return (self.mutual, self.needs) == (self.mutual_bound, self.needs_bound)


def seat(tables: Tables, effort: float = EFFORT) -> Seated:
    """Times and tables for the best talks, with a bound that prices prove."""
    choice = _choice(tables)
    best = solve(choice, effort=effort)
    reached = best.values[:2]
    proof = Programme(choice.size, choice.rows, choice.tiers[:2])
    proven = proven_bounds(proof, reached, prices_for(proof, reached))
    bounds = [min(pair) for pair in zip(best.bounds[:2], proven, strict=True)]
    chosen = [talk for at, talk in enumerate(tables.talks) if at in best.chosen]
    times = _timed(tables, chosen, effort)
    if len(times) < len(chosen):
        times = _timed_anew(tables, times, effort)
    mutual, needs = _comes_to(tables, times)
    if mutual < bounds[0]:
        bounds[1] = len({need for talk in tables.talks for need in talk.needs})
    return Seated(_tables(tables, times), mutual, bounds[0], needs, bounds[1])


Times = dict[int, int]
"""The slot of each talk that takes place."""


def _comes_to(tables: Tables, times: Times) -> tuple[int, int]:
    held = [talk for talk in tables.talks if talk.key in times]
    covered = {need for talk in held for need in talk.needs}
    return sum(talk.is_mutual for talk in held), len(covered)


def _choice(tables: Tables) -> Programme:
    """Which talks: a column for each, then one for each need; no times yet."""
    talks = tables.talks
    by_person = defaultdict(list)
    for at, talk in enumerate(talks):
        for person in talk.people:
            by_person[person].append(at)
    rows = [
        Row(tuple(mine), most_talks(tables, person))
        for person, mine in sorted(by_person.items())
    ]
    everything = tuple(range(len(talks)))
    rows.append(Row(everything, tables.tables * len(tables.slots)))
    for at, talk in enumerate(talks):
        if not any(tables.all_free(talk, slot) for slot in tables.slots):
            rows.append(Row((at,), 0))
    covers, needs = _coverage([(at, talk) for at, talk in enumerate(talks)], len(talks))
    mutual = tuple((at, int(talk.is_mutual)) for at, talk in enumerate(talks))
    fewest = tuple((at, -1) for at in everything)
    size = len(talks) + len(needs)
    return Programme(size, (*rows, *covers), (mutual, needs, fewest))


def most_talks(tables: Tables, person: int) -> int:
    """How many slots one person can be at work in, with the breaks that are kept."""
    total = 0
    for block in tables.blocks:
        run = 0
        for slot in (*block, None):
            if slot is not None and tables.is_free(person, slot):
                run += 1
                continue
            total += run - run // (tables.in_a_row + 1)
            run = 0
    return total


def _coverage(columns: list[tuple[int, Talk]], first: int) -> tuple[list[Row], Goal]:
    """A column for each need from `first` on; it counts once if any talk covers it."""
    by_need = defaultdict(list)
    for at, talk in columns:
        for need in talk.needs:
            by_need[need].append(at)
    rows, goal = [], []
    for number, (_need, covering) in enumerate(sorted(by_need.items())):
        column = first + number
        rows.append(Row((column, *covering), 0, (1, *(-1 for _at in covering))))
        goal.append((column, 1))
    return rows, tuple(goal)


def _timed(tables: Tables, chosen: list[Talk], effort: float) -> Times:
    """Times for as many of these as can be."""
    found = fit(tables, chosen)
    if len(found) == len(chosen):
        return found
    columns, rows = _timetable(tables, chosen)
    goal = tuple((at, 1) for at in range(len(columns)))
    best = solve(
        Programme(len(columns), tuple(rows), (goal,)), _at(columns, found), effort
    )
    return {columns[at][0].key: columns[at][1] for at in sorted(best.chosen)}


def _at(columns: list[tuple[Talk, int]], times: Times) -> frozenset[int]:
    return frozenset(
        at for at, (talk, slot) in enumerate(columns) if times.get(talk.key) == slot
    )


def _timed_anew(tables: Tables, times: Times, effort: float) -> Times:
    """Times for any talks, chosen and timed at once; begins at what was found."""
    columns, rows = _timetable(tables, list(tables.talks))
    covers, needs = _coverage(
        [(at, talk) for at, (talk, _slot) in enumerate(columns)], len(columns)
    )
    mutual = tuple(
        (at, int(talk.is_mutual)) for at, (talk, _slot) in enumerate(columns)
    )
    programme = Programme(len(columns) + len(needs), (*rows, *covers), (mutual, needs))
    best = solve(programme, _at(columns, times), effort)
    found = {
        columns[at][0].key: columns[at][1] for at in best.chosen if at < len(columns)
    }
    kept = _comes_to(tables, times)
    return found if _comes_to(tables, found) > kept else times


def _timetable(
    tables: Tables, talks: list[Talk]
) -> tuple[list[tuple[Talk, int]], list[Row]]:
    """A column for each talk in each slot in which all its people are free."""
    columns = [
        (talk, slot)
        for talk in talks
        for slot in tables.slots
        if tables.all_free(talk, slot)
    ]
    by_talk, by_slot = defaultdict(list), defaultdict(list)
    by_person: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for at, (talk, slot) in enumerate(columns):
        by_talk[talk.key].append(at)
        by_slot[slot].append(at)
        for person in talk.people:
            by_person[person][slot].append(at)
    rows = [Row(tuple(group), 1) for group in by_talk.values()]
    rows += [Row(tuple(group), tables.tables) for group in by_slot.values()]
    for mine in by_person.values():
        rows += [Row(tuple(group), 1) for group in mine.values()]
        rows += _breaks(tables, mine)
    return columns, rows


def _breaks(tables: Tables, mine: Mapping[int, list[int]]) -> Iterator[Row]:
    """In so many slots that follow each other, one is free."""
    window = tables.in_a_row + 1
    for block in tables.blocks:
        for begin in range(len(block) - tables.in_a_row):
            slots = block[begin : begin + window]
            together = tuple(at for slot in slots for at in mine.get(slot, ()))
            if together and all(slot in mine for slot in slots):
                yield Row(together, tables.in_a_row)


def _tables(tables: Tables, times: Times) -> tuple[tuple[int, int, int], ...]:
    """A table for each talk, numbered from 1 in each slot."""
    found = []
    for slot in tables.slots:
        here = sorted(key for key, at in times.items() if at == slot)
        found += [(key, slot, number) for number, key in enumerate(here, start=1)]
    return tuple(sorted(found))
