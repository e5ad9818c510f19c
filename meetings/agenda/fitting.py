"""Times for talks that are chosen: a first fit, then talks push each other on.

A search, not a proof: what it finds is allowed, and may be all there is to find.
"""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from meetings.agenda.seating import Tables, Talk

PUSHES_A_TALK = 40


@dataclass
class Fit:
    """Who is where so far; every state of it is allowed."""

    tables: Tables
    times: dict[int, int] = field(default_factory=dict)
    busy: dict[int, dict[int, Talk]] = field(default_factory=lambda: defaultdict(dict))
    held: dict[int, dict[int, Talk]] = field(default_factory=lambda: defaultdict(dict))

    def put(self, talk: Talk, slot: int) -> None:
        self.times[talk.key] = slot
        self.held[slot][talk.key] = talk
        for person in talk.people:
            self.busy[person][slot] = talk

    def take(self, talk: Talk) -> None:
        slot = self.times.pop(talk.key)
        del self.held[slot][talk.key]
        for person in talk.people:
            del self.busy[person][slot]

    def in_the_way(self, talk: Talk, slot: int, turn: int) -> dict[int, Talk]:
        """Talks that must go before this one fits."""
        found: dict[int, Talk] = {}
        for person in talk.people:
            there = self.busy[person].get(slot)
            if there is not None:
                found[there.key] = there
            for other in self._without_break(person, slot, turn):
                found[other.key] = other
        is_full = len(self.held[slot]) >= self.tables.tables
        if is_full and not any(self.times[key] == slot for key in found):
            here = list(self.held[slot].values())
            victim = here[turn % len(here)]
            found[victim.key] = victim
        return found

    def _without_break(self, person: int, slot: int, turn: int) -> list[Talk]:
        """Neighbours to push, so that with this slot a person keeps a break."""
        mine, (block, at) = self.busy[person], self.tables.place_of[slot]
        before, after = [], []
        step = at - 1
        while step >= 0 and block[step] in mine:
            before.append(mine[block[step]])
            step -= 1
        step = at + 1
        while step < len(block) and block[step] in mine:
            after.append(mine[block[step]])
            step += 1
        pushed = []
        while len(before) + len(after) + 1 > self.tables.in_a_row:
            cut_before = bool(before) and (not after or turn % 2 == 0)
            side = before if cut_before else after
            at_most = (
                self.tables.in_a_row - 1 - (len(after) if cut_before else len(before))
            )
            nearest = min(max(at_most, 0), len(side) - 1)
            pushed.append(side[nearest])
            del side[nearest:]
        return pushed


def fit(tables: Tables, talks: Sequence[Talk]) -> dict[int, int]:
    """The slot of each talk that found one: often all of them."""
    state = Fit(tables)
    load: dict[int, int] = defaultdict(int)
    for talk in talks:
        for person in talk.people:
            load[person] += 1
    ranked = sorted(
        talks, key=lambda talk: (-sum(load[one] for one in talk.people), talk.key)
    )
    waiting = deque(ranked)
    pushes = PUSHES_A_TALK * len(ranked)
    best: dict[int, int] = {}
    turn = 0
    while waiting and turn <= pushes:
        turn += 1
        _place(state, waiting, turn)
        if len(state.times) > len(best):
            best = dict(state.times)
    return best


def _place(state: Fit, waiting: deque[Talk], turn: int) -> None:
    """Give the first that waits the slot where it pushes fewest, which wait anew."""
    talk = waiting.popleft()
    options = []
    slots = state.tables.slots
    for number in range(len(slots)):
        slot = slots[(number + turn) % len(slots)]
        if state.tables.all_free(talk, slot):
            pushed = state.in_the_way(talk, slot, turn)
            options.append((len(pushed), number, slot, pushed))
            if not pushed:
                break
    if not options:
        return
    _count, _number, slot, pushed = min(options, key=lambda one: one[:2])
    for other in pushed.values():
        state.take(other)
        waiting.append(other)
    state.put(talk, slot)
