"""What replies teach about the weights: a logistic model that stays near the old ones.

Nothing here changes a weight: it says what the answers so far speak for, and how much
better those weights would have ordered later rounds that they had not seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from matchmaking.engine.arrays import Reals
from matchmaking.engine.statements import FACTORS, normalised

LEAST_EXAMPLES, LEAST_OF_EACH = 30, 8
STRENGTH = 20.0  # how many clear answers it takes to move a weight by a good part
STRONG_CHANCE, GOOD_CHANCE = 2 / 3, 1 / 3
LEAST_BAR, MOST_BAR = 0.3, 0.95


@dataclass(frozen=True)
class Example:
    """One answered suggestion: the factors 0 to 1 in the order of `FACTORS`.

    `when` orders the rounds; `counts` is how many answers this one is worth.
    """

    when: int
    values: tuple[float, ...]
    is_good: bool
    counts: float = 1.0


@dataclass(frozen=True)
class FactorLearned:
    """A factor before and after, and its mean among the welcome and the declined."""

    name: str
    before: float
    after: float
    welcome: float
    declined: float


@dataclass(frozen=True)
class Learned:
    """Weights that sum to 1, and what speaks for each change, largest change first."""

    weights: dict[str, float]
    factors: tuple[FactorLearned, ...]
    examples: int
    welcome: int


@dataclass(frozen=True)
class RoundScored:
    """A round seen with weights learned from the rounds before it only.

    `ndcg` of the list of that round's suggestions, welcome ones being relevant;
    `upper_half`: share of welcome ones in the better half; both before and after.
    """

    when: int
    examples: int
    welcome: int
    ndcg_before: float
    ndcg_after: float
    upper_half_before: float
    upper_half_after: float


@dataclass(frozen=True)
class Bars:
    """Scores from which a suggestion is called strong, or good."""

    strong: float
    good: float


def is_enough(examples: Sequence[Example]) -> bool:
    """At least 30 answers, 8 of them welcome and 8 declined."""
    good = sum(example.is_good for example in examples)
    return (
        len(examples) >= LEAST_EXAMPLES
        and min(good, len(examples) - good) >= LEAST_OF_EACH
    )


def learn(examples: Sequence[Example], before: Mapping[str, float]) -> Learned | None:
    """The weights that the answers speak for; None while there are too few.

    Minimises the logistic loss plus a ridge that pulls to the weights `before`; no
    weight falls under 0. The order of the examples is no matter.
    """
    if not is_enough(examples):
        return None
    ordered = sorted(examples, key=lambda row: (row.values, row.is_good, row.counts))
    prior = np.array(list(normalised(before).values()))
    seen = np.array([row.values for row in ordered])
    good = np.array([row.is_good for row in ordered], float)
    counts = np.array([row.counts for row in ordered])
    fitted = _fitted(seen, good, counts, prior)
    after = dict(zip(FACTORS, (fitted / fitted.sum()).tolist(), strict=True))
    rows = [
        FactorLearned(
            name,
            float(prior[place]),
            after[name],
            float(seen[good == 1, place].mean()),
            float(seen[good == 0, place].mean()),
        )
        for place, name in enumerate(FACTORS)
    ]
    rows.sort(key=lambda row: (-abs(row.after - row.before), row.name))
    return Learned(after, tuple(rows), len(ordered), int(good.sum()))


def _fitted(seen: Reals, good: Reals, counts: Reals, prior: Reals) -> Reals:
    """Unscaled weights, 0 or more; the slope of the old score sets their scale."""
    start, slope = _line(seen @ prior, good, counts)
    centre = slope * prior

    def loss(point: Reals) -> tuple[float, Reals]:
        weights, shift = point[:-1], point[-1]
        value, slopes = _logistic(seen @ weights + shift, good, counts)
        pull = weights - centre
        inside = np.append(seen.T @ slopes + STRENGTH / slope**2 * pull, slopes.sum())
        return value + STRENGTH / slope**2 * float(pull @ pull) / 2, inside

    bounds = [(0.0, None)] * len(prior) + [(None, None)]
    found = minimize(
        loss, np.append(centre, start), jac=True, bounds=bounds, method="L-BFGS-B"
    )
    weights: Reals = found.x[:-1]
    return weights if weights.sum() > 0 else prior


def _line(score: Reals, good: Reals, counts: Reals) -> tuple[float, float]:
    """Shift and slope of the chance of a yes over one score; the slope is 1 or more."""

    def loss(point: Reals) -> tuple[float, Reals]:
        value, slopes = _logistic(point[0] + point[1] * score, good, counts)
        pull = 0.01 * (point[1] - 4.0)
        return (
            value + 0.005 * float(point[1] - 4.0) ** 2,
            np.array([slopes.sum(), slopes @ score + pull]),
        )

    found = minimize(
        loss, np.array([0.0, 4.0]), jac=True, bounds=[(None, None), (1.0, 60.0)]
    )
    return float(found.x[0]), float(found.x[1])


def _logistic(line: Reals, good: Reals, counts: Reals) -> tuple[float, Reals]:
    value = float(counts @ (np.logaddexp(0.0, line) - good * line))
    slopes: Reals = counts * (expit(line) - good)
    return value, slopes


def evaluate(
    examples: Sequence[Example], before: Mapping[str, float]
) -> tuple[RoundScored, ...]:
    """Each round with the weights that the rounds before it would have taught.

    Rounds with too little before them, or of one kind of answer only, are left out.
    """
    rounds = sorted({row.when for row in examples})
    prior = np.array(list(normalised(before).values()))
    found = []
    for _earlier, when in pairwise(rounds):
        seen = [row for row in examples if row.when == when]
        welcome = sum(row.is_good for row in seen)
        learned = learn([row for row in examples if row.when < when], before)
        if learned is None or welcome in {0, len(seen)}:
            continue
        values = np.array([row.values for row in seen])
        good = np.array([row.is_good for row in seen], float)
        after = np.array(list(learned.weights.values()))
        found.append(
            RoundScored(
                when=when,
                examples=len(seen),
                welcome=welcome,
                ndcg_before=ndcg(values @ prior, good),
                ndcg_after=ndcg(values @ after, good),
                upper_half_before=_upper_half(values @ prior, good),
                upper_half_after=_upper_half(values @ after, good),
            )
        )
    return tuple(found)


def ndcg(score: Reals, good: Reals) -> float:
    """Normalised discounted gain of a list ordered by score; equal scores share a place.

    1 where every welcome one comes first; 0 without any.
    """
    discount = 1 / np.log2(np.arange(2, len(score) + 2))
    ideal = float(discount[: int(good.sum())].sum())
    if not ideal:
        return 0.0
    levels, place = np.unique(-score, return_inverse=True)
    sizes = np.bincount(place, minlength=len(levels))
    ends = np.cumsum(sizes)
    shared = [
        discount[end - size : end].mean()
        for end, size in zip(ends.tolist(), sizes.tolist(), strict=True)
    ]
    return float(good @ np.array(shared)[place]) / ideal


def _upper_half(score: Reals, good: Reals) -> float:
    half = max(1, len(score) // 2)
    best = np.argsort(-score, kind="stable")[:half]
    return float(good[best].mean())


def bars_of(
    examples: Sequence[Example], weights: Mapping[str, float], plain: Bars
) -> Bars:
    """Scores from which two of three, and one of three, were welcome.

    `plain` while there are too few answers. Never lower than 0.3 nor above 0.95.
    """
    if not is_enough(examples):
        return plain
    beta = np.array(list(normalised(weights).values()))
    ordered = sorted(examples, key=lambda row: (row.values, row.is_good, row.counts))
    score = np.array([row.values for row in ordered]) @ beta
    good = np.array([row.is_good for row in ordered], float)
    counts = np.array([row.counts for row in ordered])
    shift, slope = _line(score, good, counts)

    def bar(chance: float) -> float:
        at = (float(np.log(chance / (1 - chance))) - shift) / slope
        return round(min(max(at, LEAST_BAR), MOST_BAR), 3)

    return Bars(strong=bar(STRONG_CHANCE), good=bar(GOOD_CHANCE))
