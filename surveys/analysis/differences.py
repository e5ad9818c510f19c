"""Where the two sides of a pair, or of the network, speak of different things."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surveys.analysis.tables import KINDS, SIDES, Spoken


@dataclass(frozen=True)
class Sides:
    """Topics (or localities) that one side alone speaks of, and both."""

    both: tuple[Any, ...]
    civil_society: tuple[Any, ...]
    government: tuple[Any, ...]


def of_a_pair(rows: Iterable[Spoken], unit: int, kind: str) -> Sides:
    """Topics of one locality's needs or offers.

    For coordinators, and for a pair whose sides have shown each other their parts.
    """
    topics: dict[str, set[str]] = {side: set() for side in SIDES}
    for row in rows:
        if row.unit == unit and row.kind == kind:
            for side in row.sides:
                topics[side].add(row.topic)
    return _sides(topics)


def behind_the_network(
    rows: Iterable[Spoken], topics: Sequence[str], kind: str
) -> dict[str, Sides]:
    """For coordinators: by topic, the localities where one side alone says it, or both."""
    units: dict[str, dict[str, set[int]]] = {
        topic: {side: set() for side in SIDES} for topic in sorted(topics)
    }
    for row in rows:
        if row.kind == kind and row.topic in units:
            for side in row.sides:
                units[row.topic][side].add(row.unit)
    return {topic: _sides(of_topic) for topic, of_topic in units.items()}


def of_the_network(published: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """For everybody: topics by how many more localities one side speaks of them.

    Reads the published table alone, so it shows nothing that is hidden there: a topic
    with a hidden side is left out.
    """
    name = KINDS[kind]
    found = []
    for row in published["topics"]:
        cells = {side: row["by_side"][side][name] for side in SIDES}
        if all("count" in cell for cell in cells.values()):
            counts = {side: cells[side]["count"] for side in SIDES}
            gap = counts["government"] - counts["civil_society"]
            found.append({"gap": gap, "topic": row["topic"], **counts})
    return sorted(found, key=lambda row: (-abs(row["gap"]), row["topic"]))


def _sides(said: Mapping[str, set[Any]]) -> Sides:
    civil_society, government = (said[side] for side in SIDES)
    return Sides(
        both=tuple(sorted(civil_society & government)),
        civil_society=tuple(sorted(civil_society - government)),
        government=tuple(sorted(government - civil_society)),
    )
