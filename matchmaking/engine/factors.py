"""What speaks for a need and an offer, each factor from 0 to 1, and what forbids it.

Every function takes rows of needs and of offers that broadcast against each other:
a column against a row for all pairs of two blocks, or two lists for given pairs.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from matchmaking.engine.arrays import Bools, Integers, Reals
from matchmaking.engine.statements import FACTORS, PHASES, Context
from matchmaking.engine.tables import EITHER, Columns, Compared

NEUTRAL = 0.5  # neither for nor against: not known, or open to all
INTERPRETED = 0.4
EXPERIENCE_WORTH = np.array([0.0, 0.5, 0.8, 1.0])  # planning, doing, done, taught
PHASES_AHEAD = {-1: 0.3, 0: 0.6, 1: 1.0, 2: 1.0, 3: 0.7, 4: 0.5, 5: 0.5}
FAR_BEHIND = 0.1
NEAR_HOURS, FAR_HOURS = 3.0, 9.0
OFFICE_DAY = 8.0


def _phase_worth() -> Reals:
    """float64[phases + 1, phases + 1] by phase of need and offer; the last: unknown."""
    worth = np.full((PHASES + 1, PHASES + 1), NEUTRAL)
    for need in range(PHASES):
        for offer in range(PHASES):
            worth[need, offer] = PHASES_AHEAD.get(offer - need, FAR_BEHIND)
    return worth


PHASE_WORTH = _phase_worth()


def _same(need: Any, offer: Any) -> Reals:
    alike = np.where(need == offer, 1.0, 0.0)
    return np.where((need < 0) | (offer < 0), NEUTRAL, alike)


def _side(need: Columns, offer: Columns) -> Reals:
    either = (need.side == EITHER) | (offer.side == EITHER)
    return np.where(either, 1.0, _same(need.side, offer.side))


def _zone_gap(need: Columns, offer: Columns) -> Reals:
    """Hours between the clocks, the short way round; NaN where not known."""
    apart = np.abs(need.utc_offset - offer.utc_offset) % 24
    short: Reals = np.minimum(apart, 24 - apart)
    return short


def _zone(need: Columns, offer: Columns) -> Reals:
    near = (FAR_HOURS - _zone_gap(need, offer)) / (FAR_HOURS - NEAR_HOURS)
    worth: Reals = np.nan_to_num(near.clip(0, 1), nan=NEUTRAL)
    return worth


def _apart(need: Columns, offer: Columns, least_overlap: float) -> Bools:
    """Whether two office days share too few hours; what is not known does not bar."""
    if least_overlap <= 0:
        return np.zeros((1,) * need.unit.ndim, np.bool_)
    return OFFICE_DAY - _zone_gap(need, offer) < least_overlap


def _context(need: Columns, offer: Columns) -> Reals:
    """The mean over what is known of level of government, system and size."""
    known: Any = 0
    alike: Any = 0
    for one, two in ((need.government, offer.government), (need.system, offer.system)):
        both = (one >= 0) & (two >= 0)
        known, alike = known + both, alike + (both & (one == two))
    apart = np.abs(need.size - offer.size)
    sized = ~np.isnan(apart)
    near = np.nan_to_num((1 - apart / 3).clip(0, 1))
    return np.where(
        known + sized, (alike + near) / np.maximum(known + sized, 1), NEUTRAL
    )


def _shares_language(need: Columns, offer: Columns) -> Bools:
    shared: Bools = (need.languages & offer.languages) != 0
    return shared


def _silent(need: Columns, offer: Columns) -> Bools:
    silent: Bools = (need.languages == 0) | (offer.languages == 0)
    return silent


def _language(need: Columns, offer: Columns) -> Reals:
    spoken = np.where(_shares_language(need, offer), 1.0, INTERPRETED)
    return np.where(_silent(need, offer), NEUTRAL, spoken)


def _formats(need: Columns, offer: Columns) -> Reals:
    silent = (need.formats == 0) | (offer.formats == 0)
    return np.where(silent, NEUTRAL, np.where(need.formats & offer.formats, 1.0, 0.0))


def _text(need: Columns, offer: Columns, context: Context) -> Reals:
    shape = np.broadcast(need.vector, offer.vector).shape
    known = (need.vector >= 0) & (offer.vector >= 0)
    if context.affinity is None or not known.any():
        return np.zeros(shape)
    alike = context.affinity.between(need.vector.clip(0), offer.vector.clip(0))
    return np.where(known, np.clip(alike, 0.0, 1.0), 0.0)


def _flagged(both: Compared, flags: Integers, need: Columns, offer: Columns) -> Bools:
    """Whether a pair of units is among the flagged ones."""
    if len(flags) == 0:
        return np.zeros((1,) * need.unit.ndim, np.bool_)
    pair = need.unit * np.int64(len(both.units)) + offer.unit
    place = np.searchsorted(flags, pair).clip(max=len(flags) - 1)
    found: Bools = flags[place] == pair
    return found


def factors(
    both: Compared, context: Context, need: Columns, offer: Columns
) -> dict[str, Reals]:
    """Every factor by its name."""
    shape = np.broadcast(need.unit, offer.unit).shape
    found = {
        "topic": both.topics[need.topic, offer.topic].astype(np.float64),
        "text": _text(need, offer, context),
        "experience": EXPERIENCE_WORTH[offer.experience],
        "phase": PHASE_WORTH[need.phase, offer.phase],
        "context": _context(need, offer),
        "evidence": offer.evidence.astype(np.float64),
        "sector": _same(need.sector, offer.sector),
        "stage": _same(need.stage, offer.stage),
        "language": _language(need, offer),
        "formats": _formats(need, offer),
        "zone": _zone(need, offer),
        "new": 1.0 - _flagged(both, both.introduced, need, offer),
        "side": _side(need, offer),
    }
    return {name: np.broadcast_to(found[name], shape) for name in FACTORS}


def bars(
    both: Compared,
    context: Context,
    need: Columns,
    offer: Columns,
    found: Mapping[str, Reals],
) -> dict[str, Bools]:
    """Per code, whether it forbids the pair; `found` are its factors."""
    spoken = (need.languages & both.spoken) != 0
    understood = (offer.languages & both.spoken) != 0
    talk = _shares_language(need, offer) | (spoken & understood) | _silent(need, offer)
    return {
        "same_locality": need.unit == offer.unit,
        "vetoed": _flagged(both, both.vetoed, need, offer),
        "paused": both.paused[need.unit] | both.paused[offer.unit],
        "only_planning": offer.experience == 0,
        "no_hours": offer.hours < context.least_hours,
        "no_shared_language": ~talk,
        "office_hours": _apart(need, offer, context.least_overlap),
        "too_soon": _flagged(both, both.too_soon, need, offer),
        "too_far": np.maximum(found["topic"], found["text"]) < context.least_match,
    }
