"""Needs, offers and what surrounds them, as the engine reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from matchmaking.engine.arrays import Integers, Reals

Unit: TypeAlias = str | int
UnitPair: TypeAlias = tuple[Unit, Unit]  # receiver, helper
EXPERIENCE = ("planning", "doing", "done", "taught")
PHASES = 6
EITHER_SIDE = "both"
EVERY = "cross"  # a sector or stage that cuts across all


class BadStatements(ValueError):
    """Needs, offers or their surroundings that cannot be compared."""


class RepeatedStatement(BadStatements):
    """Two needs, or two offers, share an id."""


class UnknownCode(BadStatements):
    """A phase, an experience or a factor that is not in the list."""


class TooManyCodes(BadStatements):
    """More languages or formats than there is room for."""


class BadWeights(BadStatements):
    """A weight that is negative or not a number."""


class NoWeights(BadStatements):
    """Every weight is zero: nothing would count."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What needs and offers have in common; empty or None where not known.

    `phase` runs from 0 (explore) to 5 (use); `size` is a band, neighbours differ by
    1; `utc_offset` in hours; `vector` is a row of the text affinity.
    """

    id: str
    unit: Unit
    side: str
    topic: str
    area: str
    stage: str = ""
    sector: str = ""
    phase: int | None = None
    government: str = ""
    system: str = ""
    size: int | None = None
    languages: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    utc_offset: float | None = None
    vector: int | None = None


@dataclass(frozen=True, kw_only=True)
class Need(Statement):
    """Something a locality wants to learn."""


@dataclass(frozen=True, kw_only=True)
class Offer(Statement):
    """Something a locality can pass on; `hours` a month, `experience` as listed."""

    experience: str
    has_evidence: bool = False
    hours: float = 0.0


class Affinity(Protocol):
    """How close texts are, calibrated to 0-1, by the rows of their vectors."""

    def between(self, needs: Integers, offers: Integers) -> Reals:
        """float[broadcast of both]: 0 (unlike) to 1 (alike)."""
        ...


DEFAULT_WEIGHTS: Mapping[str, float] = {
    "topic": 0.24,
    "text": 0.22,
    "experience": 0.14,
    "phase": 0.07,
    "context": 0.07,
    "evidence": 0.06,
    "sector": 0.05,
    "stage": 0.04,
    "language": 0.04,
    "formats": 0.03,
    "zone": 0.02,
    "new": 0.01,
    "side": 0.01,
}
FACTORS = tuple(DEFAULT_WEIGHTS)


@dataclass(frozen=True, kw_only=True)
class Context:
    """What is known beside the statements; all pairs are (receiver, helper) units.

    `related` topics hold in both directions. `introduced` gives the months since.
    `proposed` pairs stand in the current round. `interpreted` languages can be
    interpreted into each other. A pair needs `least_match` of topic or text, a helper
    `least_hours` a month, an office day `least_overlap` hours in common.
    """

    related: frozenset[tuple[str, str]] = frozenset()
    introduced: Mapping[UnitPair, float] = field(default_factory=dict[UnitPair, float])
    proposed: frozenset[UnitPair] = frozenset()
    vetoes: frozenset[UnitPair] = frozenset()
    paused: frozenset[Unit] = frozenset()
    interpreted: frozenset[str] = frozenset()
    weights: Mapping[str, float] = field(default_factory=lambda: DEFAULT_WEIGHTS)
    affinity: Affinity | None = None
    least_match: float = 0.2
    least_hours: float = 0.0
    least_overlap: float = 0.0
    months_apart: float = 3.0
    reciprocity: float = 0.2
    repeat_penalty: float = 0.15
    repeat_half_life: float = 12.0
    proposed_bonus: float = 0.0


def normalised(weights: Mapping[str, float]) -> dict[str, float]:
    """The weight of every factor, in order, summing to 1; absent ones weigh nothing."""
    strange = sorted(set(weights) - set(FACTORS))
    if strange:
        raise UnknownCode(f"no such factor: {', '.join(strange)}")
    for name, weight in weights.items():
        if not 0 <= weight < float("inf"):
            raise BadWeights(f"the weight of {name} must be 0 or more")
    whole = sum(weights.values())
    if whole <= 0:
        raise NoWeights("at least one factor must weigh something")
    return {name: weights.get(name, 0.0) / whole for name in FACTORS}
