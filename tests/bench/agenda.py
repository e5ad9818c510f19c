"""Figures of the agenda and of talks at tables, on made-up meetings."""

import random
from time import process_time

from meetings.agenda.placing import Day, Room, Session, Slot, place
from meetings.agenda.seating import Tables, Talk
from meetings.agenda.talks import seat


def made_up_day(
    sessions: int = 60, rooms: int = 5, slots: int = 12, pairs: int = 120, seed: int = 1
) -> Day:
    """A meeting whose rooms and slots would just suffice, the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311  # made-up numbers, no secret
    made = []
    for key in range(sessions):
        count = min(1 + int(dice.expovariate(0.3)), 12)
        people = dice.sample(range(pairs), count + 2)
        made.append(
            Session(
                key=key,
                minutes=dice.choice((45, 50, 60)),
                needs=count,
                leaders=frozenset(people[:2]),
                askers=frozenset(people[2:]),
                size=2 * (count + 2),
                wanted=dice.randrange(2 * count + 1),
            )
        )
    return Day(
        sessions=tuple(made),
        rooms=tuple(
            Room(key, seats) for key, seats in enumerate((60, 40, 30, 30, 20)[:rooms])
        ),
        slots=tuple(Slot(key, 60) for key in range(slots)),
    )


def agenda_row(seed: int) -> str:
    day = made_up_day(seed=seed)
    start = process_time()
    placed = place(day)
    seconds = process_time() - start
    asked = sum(row.needs for row in day.sessions)
    return (
        f"| {seed} | {len(placed.places)} of {len(day.sessions)} | {placed.needs} of {asked} "
        f"| {placed.needs_bound} | {placed.wishes} | {placed.wishes_bound} | {seconds:.1f} |"
    )


def made_up_tables(
    people: int = 400, slots: int = 20, tables: int = 130, seed: int = 1
) -> Tables:
    """Wishes among so many people; some are away for a while, breaks are kept."""
    dice = random.Random(seed)  # noqa: S311  # made-up numbers, no secret
    pairs: dict[tuple[int, int], bool] = {}
    for one in range(people):
        for other in dice.sample(range(people), 9):
            if one != other:
                pair = (min(one, other), max(one, other))
                pairs[pair] = pair in pairs or dice.random() < 0.3
    talks = [
        Talk(
            key,
            pair,
            is_mutual=mutual,
            needs=frozenset(
                person * 2 + dice.randrange(2) for person in pair if dice.random() < 0.4
            ),
        )
        for key, (pair, mutual) in enumerate(sorted(pairs.items()))
    ]
    talks += [
        Talk(
            len(talks) + number,
            tuple(sorted(dice.sample(range(people), 4))),
            is_mutual=True,
        )
        for number in range(people // 10)
    ]
    away = {
        person: frozenset(dice.sample(range(slots), 4))
        for person in range(0, people, 5)
    }
    half = slots // 2
    blocks = (tuple(range(half)), tuple(range(half, slots)))
    return Tables(tuple(talks), blocks, tables, in_a_row=3, away=away)


def talks_row(seed: int) -> str:
    tables = made_up_tables(seed=seed)
    start = process_time()
    seated = seat(tables)
    seconds = process_time() - start
    return (
        f"| {seed} | {len(tables.talks)} | {len(seated.places)} | {seated.mutual} "
        f"| {seated.mutual_bound} | {seated.needs} | {seated.needs_bound} | {seconds:.1f} |"
    )


AGENDA = """\
60 sessions, 5 rooms, 12 slots, 120 pairs: as many sessions as there are places.
*bound*: the lower of what CP-SAT has proven and of what the prices of `proof.py` prove
in whole-number arithmetic."""
TALKS = """\
400 people, 20 slots, 130 tables, no more than 3 talks without a break, a fifth of the
people away for 4 slots."""
SEEDS = (1, 2, 3)


def run() -> str:
    """Tables for docs/benchmarks.md."""
    days = "\n".join(agenda_row(seed) for seed in SEEDS)
    tables = "\n".join(talks_row(seed) for seed in SEEDS)
    return f"""{AGENDA}

| seed | placed | needs served | bound | wishes | bound | CPU s |
|---|---|---|---|---|---|---|
{days}

{TALKS}

| seed | possible | held | mutual yes | bound | needs covered | bound | CPU s |
|---|---|---|---|---|---|---|---|
{tables}
"""
