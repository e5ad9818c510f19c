"""Why a need and an offer go together: codes and parameters; words live elsewhere."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from matchmaking.engine.candidates import Candidates
from matchmaking.engine.factors import bars, factors
from matchmaking.engine.learning import Bars
from matchmaking.engine.statements import FACTORS, Context, Need, Offer, Unit
from matchmaking.engine.tables import Columns, Compared, compared

Confidence: TypeAlias = Literal["strong", "good", "look"]
Parameters: TypeAlias = dict[str, Any]

SPEAKS_FOR = 0.6  # a factor from here on is a reason
SPEAKS_AGAINST = 0.35  # and up to here it is a misfit
STRONG_MATCH, STRONG_EXPERIENCE = 0.8, 0.8
GOOD_MATCH = 0.5
PLAIN_BARS = Bars(strong=0.7, good=0.5)


@dataclass(frozen=True)
class Reason:
    """A factor that speaks for the pair: `share` of the score, `value` 0 to 1."""

    code: str
    share: float
    value: float
    parameters: Parameters


@dataclass(frozen=True)
class Misfit:
    """A factor that speaks against the pair, or cannot be known."""

    code: str
    value: float
    parameters: Parameters


@dataclass(frozen=True)
class GiveBack:
    """What the receiver could do for the helper: ids of the need and the offer."""

    need: str
    offer: str
    score: float


@dataclass(frozen=True)
class Explanation:
    """Reasons in the order of what they add, misfits, what could be given back."""

    need: str
    offer: str
    score: float
    reasons: tuple[Reason, ...]
    misfits: tuple[Misfit, ...]
    give_back: tuple[GiveBack, ...]
    confidence: Confidence


def explain_candidate(
    candidates: Candidates, row: int, called: Bars = PLAIN_BARS
) -> Explanation:
    """Explain one candidate by its row (for a pair: its `best`)."""
    need = candidates.needs[candidates.need[row]]
    offer = candidates.offers[candidates.offer[row]]
    value = dict(zip(FACTORS, candidates.factors[row].tolist(), strict=True))
    share = dict(zip(FACTORS, candidates.contributions[row].tolist(), strict=True))
    order = sorted(FACTORS, key=lambda name: -share[name])
    score = float(candidates.score[row])
    return Explanation(
        need=need.id,
        offer=offer.id,
        score=score,
        reasons=tuple(
            Reason(
                _code(name, value[name]),
                share[name],
                value[name],
                _seen(name, need, offer),
            )
            for name in order
            if share[name] > 0 and value[name] >= SPEAKS_FOR
        ),
        misfits=tuple(
            Misfit(name, value[name], _seen(name, need, offer))
            for name in _by_weight(candidates)
            if value[name] <= SPEAKS_AGAINST and candidates.weights[name] > 0
        ),
        give_back=_give_back(candidates, need.unit, offer.unit),
        confidence=confidence(score, value, called),
    )


def confidence(
    score: float, value: dict[str, float], called: Bars = PLAIN_BARS
) -> Confidence:
    """Three words instead of a number.

    `strong`: the score reaches the bar (0.7, until answers have shown a better one),
    topic or text at least 0.8, and the helper has done it. `good`: the score reaches
    the lower bar (0.5) and topic or text at least 0.5. `look`: worth a look, all the
    rest.
    """
    match = max(value["topic"], value["text"])
    tried = value["experience"] >= STRONG_EXPERIENCE
    if score >= called.strong and match >= STRONG_MATCH and tried:
        return "strong"
    if score >= called.good and match >= GOOD_MATCH:
        return "good"
    return "look"


def _by_weight(candidates: Candidates) -> list[str]:
    return sorted(FACTORS, key=lambda name: -candidates.weights[name])


def _code(name: str, value: float) -> str:
    if name == "topic":
        return "same_topic" if value == 1 else "related_topic"
    return name


SEEN = {
    "topic": "topic",
    "phase": "phase",
    "sector": "sector",
    "stage": "stage",
    "side": "side",
    "zone": "utc_offset",
    "language": "languages",
    "formats": "formats",
    "text": "id",
}


def _seen(name: str, need: Need, offer: Offer) -> Parameters:
    """What a sentence about this factor may quote from both statements."""
    if name == "experience":
        return {"experience": offer.experience}
    if name == "context":
        return {
            each: (getattr(need, each), getattr(offer, each))
            for each in ("government", "system", "size")
        }
    if name in ("evidence", "new"):
        return {}
    one, two = getattr(need, SEEN[name]), getattr(offer, SEEN[name])
    found: Parameters = {"need": one, "offer": two}
    if name in ("language", "formats"):
        found["shared"] = tuple(sorted(set(one) & set(two)))
    return found


def _give_back(
    candidates: Candidates, receiver: Unit, helper: Unit
) -> tuple[GiveBack, ...]:
    """At most three candidates the other way round, the best first."""
    wanting = {n for n, each in enumerate(candidates.needs) if each.unit == helper}
    giving = {o for o, each in enumerate(candidates.offers) if each.unit == receiver}
    rows = np.flatnonzero(
        np.isin(candidates.need, list(wanting))
        & np.isin(candidates.offer, list(giving))
    )
    best = rows[np.argsort(-candidates.score[rows], kind="stable")][:3]
    return tuple(
        GiveBack(
            candidates.needs[candidates.need[row]].id,
            candidates.offers[candidates.offer[row]].id,
            float(candidates.score[row]),
        )
        for row in best.tolist()
    )


def obstacles(need: Need, offer: Offer, context: Context) -> tuple[str, ...]:
    """The codes of all that forbids this need and this offer; empty if nothing does."""
    both = compared([need], [offer], context)
    return tuple(code for code, count in _barred(both, context).items() if count)


def obstacle_counts(
    needs: list[Need], offers: list[Offer], context: Context
) -> dict[str, int]:
    """How many combinations each code forbids, of one receiver's needs and all offers."""
    return _barred(compared(needs, offers, context), context)


def _barred(both: Compared, context: Context) -> dict[str, int]:
    need: Columns = both.need[np.arange(len(both.needs))[:, None]]
    offer: Columns = both.offer[np.arange(len(both.offers))[None, :]]
    found = factors(both, context, need, offer)
    shape = len(both.needs), len(both.offers)
    barred = bars(both, context, need, offer, found)
    return {
        code: int(np.broadcast_to(where, shape).sum()) for code, where in barred.items()
    }
