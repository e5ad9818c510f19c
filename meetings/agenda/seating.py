"""Who could talk to whom, when, at how many tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Talk:
    """People who could talk; `is_mutual` if all of them said yes."""

    key: int
    people: tuple[int, ...]
    is_mutual: bool
    needs: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Tables:
    """Slots in order, in blocks without a pause inside; tables; what each cannot."""

    talks: tuple[Talk, ...]
    blocks: tuple[tuple[int, ...], ...]
    tables: int
    in_a_row: int = 3
    away: Mapping[int, frozenset[int]] = field(default_factory=dict)

    @cached_property
    def slots(self) -> tuple[int, ...]:
        return tuple(slot for block in self.blocks for slot in block)

    def is_free(self, person: int, slot: int) -> bool:
        return slot not in self.away.get(person, frozenset())

    def all_free(self, talk: Talk, slot: int) -> bool:
        return all(self.is_free(person, slot) for person in talk.people)

    @cached_property
    def place_of(self) -> Mapping[int, tuple[tuple[int, ...], int]]:
        """For each slot its block and its number in it."""
        return {
            slot: (block, at) for block in self.blocks for at, slot in enumerate(block)
        }
