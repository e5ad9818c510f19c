"""Statements as columns of small numbers, ready to be compared many at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.arrays import Bools, Counts, Integers, Reals
from matchmaking.engine.statements import (
    EITHER_SIDE,
    EVERY,
    EXPERIENCE,
    PHASES,
    Context,
    Need,
    Offer,
    RepeatedStatement,
    Statement,
    TooManyCodes,
    Unit,
    UnitPair,
    UnknownCode,
)

MOST_BITS = 64
UNKNOWN, EITHER = -1, -2
SAME_TOPIC, RELATED_TOPIC, SAME_AREA = 1.0, 0.6, 0.2
S = TypeVar("S", bound=Statement)


@dataclass(frozen=True, eq=False)
class Columns:
    """One row per statement. Unknown: -1 in codes, NaN in numbers, no bit in sets."""

    unit: Counts
    topic: Counts
    side: Counts
    stage: Counts
    sector: Counts
    government: Counts
    system: Counts
    phase: Counts
    vector: Counts
    size: Reals
    utc_offset: Reals
    languages: NDArray[np.uint64]
    formats: NDArray[np.uint64]
    experience: Counts
    evidence: Bools
    hours: Reals

    def __getitem__(self, rows: object) -> "Columns":
        """The same columns of some rows, in any shape."""
        return Columns(*(getattr(self, name)[rows] for name in COLUMNS))


COLUMNS = tuple(Columns.__dataclass_fields__)


@dataclass(frozen=True, eq=False)
class Compared:
    """Needs and offers in the order of their ids, and what both are compared by."""

    needs: tuple[Need, ...]
    offers: tuple[Offer, ...]
    units: tuple[Unit, ...]
    need: Columns
    offer: Columns
    topics: NDArray[np.float32]  # likeness of two topics
    spoken: np.uint64  # bits of the languages with interpretation
    vetoed: Integers
    introduced: Integers
    too_soon: Integers
    paused: Bools


def compared(
    needs: Iterable[Need], offers: Iterable[Offer], context: Context
) -> Compared:
    """Sort by id and encode; refuses repeated ids and unknown codes."""
    asked, given = _by_id(needs), _by_id(offers)
    units = tuple(sorted({s.unit for s in (*asked, *given)}, key=_unit_order))
    both: list[Statement] = [*asked, *given]
    topics = _codes({s.topic for s in both})
    coder = _Coder(
        unit={unit: place for place, unit in enumerate(units)},
        topic=topics,
        words=_codes(
            {w for s in both for w in (s.stage, s.sector, s.government, s.system)}
            | {s.side for s in both}
        ),
        languages=_bits("languages", (s.languages for s in both), context.interpreted),
        formats=_bits("formats", (s.formats for s in both), ()),
    )
    recent = {p for p, age in context.introduced.items() if age < context.months_apart}
    return Compared(
        needs=asked,
        offers=given,
        units=units,
        need=_columns(asked, coder),
        offer=_columns(given, coder),
        topics=_topic_likeness(both, topics, context.related),
        spoken=_mask(context.interpreted, coder.languages),
        vetoed=_flags(context.vetoes, coder.unit),
        introduced=_flags(context.introduced, coder.unit),
        too_soon=_flags(recent, coder.unit),
        paused=np.array([u in context.paused for u in units], np.bool_),
    )


@dataclass(frozen=True)
class _Coder:
    unit: dict[Unit, int]
    topic: dict[str, int]
    words: dict[str, int]
    languages: dict[str, int]
    formats: dict[str, int]


def _by_id(statements: Iterable[S]) -> tuple[S, ...]:
    rows = tuple(sorted(statements, key=lambda each: each.id))
    for before, after in pairwise(rows):
        if before.id == after.id:
            raise RepeatedStatement(f"two statements have the id {after.id}")
    return rows


def _unit_order(unit: Unit) -> tuple[str, Unit]:
    return type(unit).__name__, unit


def _codes(words: Iterable[str]) -> dict[str, int]:
    known = {word: place for place, word in enumerate(sorted(words))}
    return {**known, "": UNKNOWN, EVERY: EITHER, EITHER_SIDE: EITHER}


def _bits(
    name: str, sets: Iterable[Sequence[str]], more: Iterable[str]
) -> dict[str, int]:
    words = sorted({word for each in sets for word in each} | set(more))
    if len(words) > MOST_BITS:
        raise TooManyCodes(f"more than {MOST_BITS} {name}")
    return {word: 1 << place for place, word in enumerate(words)}


def _mask(words: Iterable[str], bits: dict[str, int]) -> np.uint64:
    return np.uint64(sum({bits[word] for word in words}))


def _columns(rows: Sequence[Statement], coder: _Coder) -> Columns:
    for row in rows:
        if row.phase is not None and not 0 <= row.phase < PHASES:
            raise UnknownCode(f"{row.id}: no phase {row.phase}")
    words = coder.words

    def whole(values: Iterable[int]) -> Counts:
        return np.fromiter(values, np.int32, len(rows))

    def real(values: Iterable[float | None]) -> Reals:
        return np.array([np.nan if v is None else v for v in values], np.float64)

    return Columns(
        unit=whole(coder.unit[r.unit] for r in rows),
        topic=whole(coder.topic[r.topic] for r in rows),
        side=whole(words[r.side] for r in rows),
        stage=whole(words[r.stage] for r in rows),
        sector=whole(words[r.sector] for r in rows),
        government=whole(words[r.government] for r in rows),
        system=whole(words[r.system] for r in rows),
        phase=whole(-1 if r.phase is None else r.phase for r in rows),
        vector=whole(-1 if r.vector is None else r.vector for r in rows),
        size=real(r.size for r in rows),
        utc_offset=real(r.utc_offset for r in rows),
        languages=np.array(
            [_mask(r.languages, coder.languages) for r in rows], np.uint64
        ),
        formats=np.array([_mask(r.formats, coder.formats) for r in rows], np.uint64),
        experience=whole(_experience(r) for r in rows),
        evidence=np.array([getattr(r, "has_evidence", False) for r in rows], np.bool_),
        hours=real(getattr(r, "hours", 0.0) for r in rows),
    )


def _experience(row: Statement) -> int:
    if not isinstance(row, Offer):
        return UNKNOWN
    if row.experience not in EXPERIENCE:
        raise UnknownCode(f"{row.id}: no experience called {row.experience}")
    return EXPERIENCE.index(row.experience)


def _topic_likeness(
    rows: Sequence[Statement], codes: dict[str, int], related: Iterable[tuple[str, str]]
) -> NDArray[np.float32]:
    """float32[topics, topics]; a topic that is not known matches nothing."""
    size = len(codes)
    area = {codes[row.topic]: row.area for row in rows if row.topic and row.area}
    likeness = np.zeros((size, size), np.float32)
    for place, name in area.items():
        for other, its in area.items():
            likeness[place, other] = SAME_AREA if name == its else 0.0
    for one, two in related:
        if one in codes and two in codes:
            likeness[codes[one], codes[two]] = RELATED_TOPIC
            likeness[codes[two], codes[one]] = RELATED_TOPIC
    np.fill_diagonal(likeness, SAME_TOPIC)
    likeness[UNKNOWN, :] = likeness[:, UNKNOWN] = 0.0
    return likeness


def _flags(pairs: Iterable[UnitPair], units: dict[Unit, int]) -> Integers:
    """The pairs as numbers, sorted: receiver x units + helper."""
    known = [(units[u], units[h]) for u, h in pairs if u in units and h in units]
    return np.array(sorted(u * len(units) + h for u, h in known), np.int64)
