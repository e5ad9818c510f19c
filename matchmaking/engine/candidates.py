"""Which needs and offers are worth putting together, and how well they go together."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matchmaking.engine.arrays import Bools, Counts, Integers, Reals
from matchmaking.engine.factors import bars, factors
from matchmaking.engine.statements import (
    FACTORS,
    Context,
    Need,
    Offer,
    Unit,
    normalised,
)
from matchmaking.engine.tables import Columns, Compared, compared

BLOCK = 400_000  # need-offer pairs looked at together
BARRED = -1.0


@dataclass(frozen=True, eq=False)
class Candidates:
    """Candidates in rows (a need and an offer), then pairs in rows (two units).

    `need` and `offer` are positions in `needs` and `offers`, both in the order of
    their ids; `factors` float64[c, f] in the order of `FACTORS`. A pair's `best` is
    the candidate that speaks most for it; `affinity` is that candidate's score,
    `mutual` counts in what could be given back, `weight` what the matching adds up.
    """

    needs: tuple[Need, ...]
    offers: tuple[Offer, ...]
    units: tuple[Unit, ...]
    weights: Mapping[str, float]
    need: Counts
    offer: Counts
    factors: Reals
    receiver: Counts
    helper: Counts
    best: Counts
    affinity: Reals
    mutual: Reals
    weight: Reals

    @cached_property
    def contributions(self) -> Reals:
        """float64[c, f]: each factor times its weight; a row sums to the score."""
        weights = np.array([self.weights[name] for name in FACTORS])
        rows: Reals = self.factors * weights
        return rows

    @cached_property
    def score(self) -> Reals:
        """float64[c]: how well a need and an offer go together, 0 to 1."""
        whole: Reals = self.contributions.sum(axis=1)
        return whole

    def pair(self, receiver: Unit, helper: Unit) -> int | None:
        """The row of two units among the pairs, if they are candidates."""
        place = {unit: at for at, unit in enumerate(self.units)}
        if receiver not in place or helper not in place:
            return None
        here = (self.receiver == place[receiver]) & (self.helper == place[helper])
        rows = np.flatnonzero(here)
        return int(rows[0]) if len(rows) else None


def build_candidates(
    needs: Iterable[Need],
    offers: Iterable[Offer],
    context: Context,
    per_need: int = 30,
    per_helper: int = 10,
    receivers: Collection[Unit] | None = None,
) -> Candidates:
    """The best offers for each need and the best needs for each offer.

    With `receivers` only pairs that help one of these are made, and little else is
    looked at: all that the whole would have for them, and what an offer's best askers
    elsewhere would have kept out. Order of the statements does not matter. Raises
    `BadStatements` and its kinds.
    """
    weights = normalised(context.weights)
    both = compared(needs, offers, context)
    limits = (per_need, per_helper)
    if receivers is None:
        every = np.arange(len(both.needs)), np.arange(len(both.offers))
        need, offer = _nearest(both, context, weights, limits, *every)
    else:
        need, offer = _around(both, context, weights, limits, set(receivers))
    found = factors(both, context, both.need[need], both.offer[offer])
    table = np.column_stack([found[name] for name in FACTORS])
    score = (table * np.array(list(weights.values()))).sum(axis=1)
    receiver, helper = both.need.unit[need], both.offer.unit[offer]
    order = np.lexsort((offer, need, -score, helper, receiver))
    code = (receiver.astype(np.int64) * len(both.units) + helper)[order]
    pair, leading = np.unique(code, return_index=True)
    best = order[leading]
    affinity = score[best]
    mutual = _mutual(pair, affinity, len(both.units), context.reciprocity)
    weight = _weight(both, context, pair, mutual)
    if receivers is not None:
        wanted = np.array([unit in set(receivers) for unit in both.units], np.bool_)
        kept = wanted[receiver[best]]
        best, affinity = best[kept], affinity[kept]
        mutual, weight = mutual[kept], weight[kept]
    return Candidates(
        needs=both.needs,
        offers=both.offers,
        units=both.units,
        weights=weights,
        need=need,
        offer=offer,
        factors=table,
        receiver=receiver[best],
        helper=helper[best],
        best=best.astype(np.int32),
        affinity=affinity,
        mutual=mutual,
        weight=weight,
    )


def _around(
    both: Compared,
    context: Context,
    weights: Mapping[str, float],
    limits: tuple[int, int],
    receivers: set[Unit],
) -> tuple[Counts, Counts]:
    """Candidates of some receivers, and what they could give back to others."""
    wanted = np.array([unit in receivers for unit in both.units], np.bool_)
    theirs, other = wanted[both.need.unit], wanted[both.offer.unit]
    there = _nearest(
        both,
        context,
        weights,
        limits,
        np.flatnonzero(theirs),
        np.arange(len(both.offers)),
    )
    back = _nearest(
        both, context, weights, limits, np.flatnonzero(~theirs), np.flatnonzero(other)
    )
    need, offer = (np.concatenate(two) for two in zip(there, back, strict=True))
    return need, offer


def _blocks(
    both: Compared, needs: Integers, width: int
) -> Iterator[tuple[Integers, Columns]]:
    rows = max(1, BLOCK // max(1, width))
    for start in range(0, len(needs), rows):
        block = needs[start : start + rows]
        yield block, both.need[block[:, None]]


def scores(
    both: Compared,
    context: Context,
    weights: Mapping[str, float],
    need: Columns,
    offers: Integers,
) -> Reals:
    """float64[needs, offers] for a column of needs; `BARRED` where forbidden."""
    offer = both.offer[offers[None, :]]
    found = factors(both, context, need, offer)
    score = np.zeros((len(need.unit), len(offers)))
    for name, weight in weights.items():
        if weight:
            score += weight * found[name]
    for barred in bars(both, context, need, offer, found).values():
        score[np.broadcast_to(barred, score.shape)] = BARRED
    return score


def _nearest(
    both: Compared,
    context: Context,
    weights: Mapping[str, float],
    limits: tuple[int, int],
    need_rows: Integers,
    offer_rows: Integers,
) -> tuple[Counts, Counts]:
    """Among these rows, candidates that are the best of their need or of their offer."""
    per_need, per_helper = limits
    offers = len(offer_rows)
    kept: list[Integers] = [np.empty(0, np.int64)]
    leading = np.full((offers, per_helper), BARRED)
    asking = np.zeros((offers, per_helper), np.int64)
    for block, need in _blocks(both, need_rows, offers):
        score = scores(both, context, weights, need, offer_rows)
        row, column = np.nonzero(_largest(score, per_need) & (score >= 0))
        kept.append(block[row] * offers + column)
        every = np.concatenate([leading, score.T], axis=1)
        asked = np.broadcast_to(block, (offers, len(block)))
        best = _largest(every, per_helper)
        leading = every[best].reshape(leading.shape)
        asking = np.concatenate([asking, asked], axis=1)[best].reshape(leading.shape)
    offer, place = np.nonzero(leading >= 0)
    kept.append(asking[offer, place] * offers + offer)
    code = np.unique(np.concatenate(kept))
    asked_for, given = np.divmod(code, max(1, offers))
    return asked_for.astype(np.int32), offer_rows[given].astype(np.int32)


def _largest(score: Reals, count: int) -> Bools:
    """The `count` largest of each row; among equals those that come first."""
    if score.shape[1] <= count or count == 0:
        return np.full(score.shape, count > 0)
    least = np.partition(score, -count, axis=1)[:, [-count]]
    above, level = score > least, score == least
    left = count - above.sum(axis=1, keepdims=True)
    largest: Bools = above | (level & (np.cumsum(level, axis=1) <= left))
    return largest


def _mutual(pair: Integers, affinity: Reals, units: int, share: float) -> Reals:
    """(1 - share) x affinity + share x its harmonic mean with the way back."""
    receiver, helper = np.divmod(pair, max(1, units))
    back = helper * units + receiver
    place = np.searchsorted(pair, back).clip(max=max(0, len(pair) - 1))
    returned = (
        np.where(pair[place] == back, affinity[place], 0.0) if len(pair) else affinity
    )
    whole = affinity + returned
    mean = np.divide(
        2 * affinity * returned, whole, out=np.zeros_like(whole), where=whole > 0
    )
    return (1 - share) * affinity + share * mean


def _weight(both: Compared, context: Context, pair: Integers, mutual: Reals) -> Reals:
    """Less for who met before, fading with time; more for who stands proposed."""
    place = {unit: at for at, unit in enumerate(both.units)}
    weight = mutual.copy()

    def at(one: Unit, two: Unit) -> Integers:
        if one not in place or two not in place:
            return np.empty(0, np.int64)
        return np.flatnonzero(pair == place[one] * len(both.units) + place[two])

    for (receiver, helper), months in context.introduced.items():
        fading = 2.0 ** (-months / context.repeat_half_life)
        weight[at(receiver, helper)] -= context.repeat_penalty * fading
    for receiver, helper in context.proposed:
        weight[at(receiver, helper)] += context.proposed_bonus
    return weight
