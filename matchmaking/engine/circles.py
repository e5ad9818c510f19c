"""Circles: three to eight units that share one need and look for the answer together."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from matchmaking.engine.statements import Need, Unit

LEAST, MOST = 3, 8


@dataclass(frozen=True)
class Group:
    """One circle: its topic, a language all share ("" where interpretation is needed).

    `needs` holds one need of each unit, in the order of their ids.
    """

    topic: str
    language: str
    needs: tuple[Need, ...]

    @property
    def units(self) -> tuple[Unit, ...]:
        return tuple(need.unit for need in self.needs)


def circles(
    needs: Collection[Need],
    unserved: Collection[Unit] = (),
    *,
    interpreted: bool,
    related: Collection[tuple[str, str]] = (),
) -> tuple[Group, ...]:
    """Groups over topics; a unit is in one circle at most, whatever it asks.

    Topics are taken by how many units without a helper ask them, then by how many ask
    at all, then by code; those left over then sit around a topic that theirs is
    `related` to (in both directions). Within a topic first those who share a language
    sit together, the language of most units first; who is left over meets with
    interpretation, if that can be had. Of n units every one gets a place (for n of 3
    and more), in as few circles as hold them, as even in size as can be. The order of
    `needs` is no matter.
    """
    near: dict[str, set[str]] = {need.topic: {need.topic} for need in needs}
    table = _Table(needs, set(unserved), interpreted=interpreted)
    table.seat(near)
    for one, other in related:
        near.setdefault(one, {one}).add(other)
        near.setdefault(other, {other}).add(one)
    table.seat(near)
    return tuple(table.found)


class _Table:
    """Who sits where so far."""

    def __init__(
        self, needs: Collection[Need], waiting: set[Unit], *, interpreted: bool
    ) -> None:
        self.needs = needs
        self.waiting = waiting
        self.interpreted = interpreted
        self.placed: set[Unit] = set()
        self.found: list[Group] = []

    def seat(self, near: dict[str, set[str]]) -> None:
        """Seat the units not yet placed around each topic and what is near it."""
        for topic in _topics(self._left(), self.waiting, near):
            for language in _languages(self._around(topic, near)):
                speakers = [
                    need
                    for need in self._around(topic, near)
                    if language in need.languages
                ]
                self._share(topic, language, speakers)
            if self.interpreted:
                self._share(topic, "", self._around(topic, near))

    def _left(self) -> list[Need]:
        return [need for need in self.needs if need.unit not in self.placed]

    def _around(self, topic: str, near: dict[str, set[str]]) -> list[Need]:
        around = [need for need in self._left() if need.topic in near[topic]]
        return _one_each(around, topic)

    def _share(self, topic: str, language: str, needs: Sequence[Need]) -> None:
        for part in evenly(needs):
            self.found.append(Group(topic, language, tuple(part)))
            self.placed.update(need.unit for need in part)


def evenly(needs: Sequence[Need]) -> list[Sequence[Need]]:
    """As few parts of 3 to 8 as hold all, as even as can be; none under 3."""
    count = len(needs)
    if count < LEAST:
        return []
    parts = ceil(count / MOST)
    bounds = [round(count * part / parts) for part in range(parts + 1)]
    return [needs[begin:end] for begin, end in pairwise(bounds)]


def _topics(
    needs: Collection[Need], waiting: set[Unit], near: dict[str, set[str]]
) -> list[str]:
    asking: dict[str, set[Unit]] = {
        topic: {need.unit for need in needs if need.topic in around}
        for topic, around in near.items()
    }
    return sorted(
        asking,
        key=lambda topic: (
            -len(asking[topic] & waiting),
            -len(asking[topic]),
            topic,
        ),
    )


def _one_each(needs: Iterable[Need], topic: str) -> list[Need]:
    """One need of each unit: of the topic itself if there is one, then by id."""
    first: dict[Unit, Need] = {}
    for need in sorted(needs, key=lambda row: (row.topic != topic, row.id)):
        first.setdefault(need.unit, need)
    return sorted(first.values(), key=lambda row: row.id)


def _languages(needs: Sequence[Need]) -> list[str]:
    """Languages by how many of these speak them, most first."""
    speakers: dict[str, int] = {}
    for need in needs:
        for language in need.languages:
            speakers[language] = speakers.get(language, 0) + 1
    return sorted(speakers, key=lambda code: (-speakers[code], code))
