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
    needs: Collection[Need], unserved: Collection[Unit] = (), *, interpreted: bool
) -> tuple[Group, ...]:
    """Groups over topics; a unit is in one circle at most, whatever it asks.

    Topics are taken by how many units without a helper ask them, then by how many ask
    at all, then by code. Within a topic first those who share a language sit together,
    the language of most units first; who is left over meets with interpretation, if
    that can be had. Of n units every one gets a place (for n of 3 and more), in as few
    circles as hold them, as even in size as can be. The order of `needs` is no matter.
    """
    waiting = set(unserved)
    placed: set[Unit] = set()
    found: list[Group] = []
    for topic in _topics(needs, waiting):
        left = _one_each(need for need in needs if need.topic == topic)
        left = [need for need in left if need.unit not in placed]
        for language in _languages(left):
            left = [need for need in left if need.unit not in placed]
            speakers = [need for need in left if language in need.languages]
            found += _shared(topic, language, speakers, placed)
        left = [need for need in left if need.unit not in placed]
        if interpreted:
            found += _shared(topic, "", left, placed)
    return tuple(found)


def _shared(
    topic: str, language: str, needs: Sequence[Need], placed: set[Unit]
) -> list[Group]:
    groups = [Group(topic, language, tuple(part)) for part in evenly(needs)]
    placed.update(need.unit for need in needs if groups)
    return groups


def evenly(needs: Sequence[Need]) -> list[Sequence[Need]]:
    """As few parts of 3 to 8 as hold all, as even as can be; none under 3."""
    count = len(needs)
    if count < LEAST:
        return []
    parts = ceil(count / MOST)
    bounds = [round(count * part / parts) for part in range(parts + 1)]
    return [needs[begin:end] for begin, end in pairwise(bounds)]


def _topics(needs: Collection[Need], waiting: set[Unit]) -> list[str]:
    asking: dict[str, set[Unit]] = {}
    for need in needs:
        asking.setdefault(need.topic, set()).add(need.unit)
    return sorted(
        asking,
        key=lambda topic: (
            -len(asking[topic] & waiting),
            -len(asking[topic]),
            topic,
        ),
    )


def _one_each(needs: Iterable[Need]) -> list[Need]:
    """The first need of each unit by id."""
    first: dict[Unit, Need] = {}
    for need in sorted(needs, key=lambda row: row.id):
        first.setdefault(need.unit, need)
    return list(first.values())


def _languages(needs: Sequence[Need]) -> list[str]:
    """Languages by how many of these speak them, most first."""
    speakers: dict[str, int] = {}
    for need in needs:
        for language in need.languages:
            speakers[language] = speakers.get(language, 0) + 1
    return sorted(speakers, key=lambda code: (-speakers[code], code))
