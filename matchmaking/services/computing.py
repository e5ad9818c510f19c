"""From a round's input to its suggestions: no database, the same answer every time."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from loci.core.errors import Refused
from matchmaking.engine.affinity import Known
from matchmaking.engine.assemble import problem_of
from matchmaking.engine.candidates import Candidates, build_candidates
from matchmaking.engine.certificate import check
from matchmaking.engine.explain import run_figures
from matchmaking.engine.fit import PLAIN_BARS, explain_candidate
from matchmaking.engine.learning import Bars
from matchmaking.engine.problem import ClashingPins, Problem
from matchmaking.engine.result import Result
from matchmaking.engine.solve import solve
from matchmaking.engine.spread import Spread, spread
from matchmaking.engine.statements import Context, Need, Offer

Snapshot = dict[str, Any]
SPREAD_AT_MOST = 500  # localities; beyond, forty more runs take too long


class StandingWordsClash(Refused):
    """Coordinators settled what cannot all be."""


@dataclass(frozen=True)
class Proposal:
    """One chosen pair with the statements that speak for it."""

    seeker: int
    helper: int
    need: int
    offer: int
    score: float
    confidence: str
    factors: dict[str, float]


@dataclass(frozen=True)
class Computed:
    """The proposals, the figures of the run, and who got none, with the reason."""

    proposals: tuple[Proposal, ...]
    figures: dict[str, Any]


def compute(snapshot: Snapshot) -> Computed:
    """Run the engine over a stored input. Raises StandingWordsClash."""
    pins, left_out = usable_pins(snapshot)
    if not snapshot["needs"] or not snapshot["offers"]:
        return _nothing(snapshot)
    candidates, problem = prepare(snapshot, pins)
    if not len(problem.receiver):
        return _nothing(snapshot)
    first = solve(problem)
    found = spread_over_countries(snapshot, candidates, problem, first)
    problem, result = found.problem, found.result
    called = Bars(**snapshot["called"]) if "called" in snapshot else PLAIN_BARS
    chosen = np.flatnonzero(result.chosen)
    proposals = tuple(
        _proposal(candidates, int(pair), called)
        if pair < len(candidates.best)
        else _pinned(snapshot, candidates, problem, int(pair))
        for pair in chosen
    )
    figures = _figures(problem, result)
    figures["unmet"] = _unmet(candidates, first)
    figures["set_aside_for_neighbours"] = len(found.set_aside)
    figures["doubled_neighbours"] = found.doubled
    figures["proposals"] = [
        [row.seeker, row.helper, row.score, row.confidence] for row in proposals
    ]
    figures["pins_left_out"] = left_out
    return Computed(proposals, figures)


def prepare(
    snapshot: Snapshot, pins: list[tuple[int, int]]
) -> tuple[Candidates, Problem]:
    """The candidates of a stored input and the problem that they make."""
    candidates = build_candidates(
        statements_of(Need, snapshot["needs"]),
        statements_of(Offer, snapshot["offers"]),
        context_of(snapshot),
        receivers=_receivers(snapshot, pins),
    )
    try:
        problem = problem_of(
            candidates,
            want={int(unit): count for unit, count in snapshot["want"].items()},
            capacity={int(unit): count for unit, count in snapshot["capacity"].items()},
            pins=pins,
            kept=[(one, other) for one, other in snapshot.get("kept", [])],
        )
    except ClashingPins as clash:
        raise StandingWordsClash(
            _("More is settled than a locality wants or has hours for: %(problem)s")
            % {"problem": clash}
        ) from clash
    return candidates, problem


def _receivers(snapshot: Snapshot, pins: list[tuple[int, int]]) -> set[int] | None:
    """Who is looked for, where that is not everybody: the rest costs nothing then."""
    wanting = {int(unit) for unit, count in snapshot["want"].items() if count}
    wanting |= {seeker for seeker, _helper in pins}
    return wanting if len(wanting) < len(snapshot["want"]) else None


def usable_pins(
    snapshot: Snapshot,
) -> tuple[list[tuple[int, int]], list[list[Any]]]:
    """Pins that can be kept, and those that cannot now, each with the reason."""
    vetoed = {(one, other) for one, other in snapshot["vetoes"]}
    usable, left_out = [], []
    for seeker, helper in (tuple(pair) for pair in snapshot.get("pins", [])):
        if (seeker, helper) in vetoed:
            raise StandingWordsClash(
                _("Always and never are both said of localities %(one)d and %(other)d.")
                % {"one": seeker, "other": helper}
            )
        if not snapshot["want"].get(str(seeker)):
            left_out.append([seeker, helper, "wants_nothing"])
        elif not snapshot["capacity"].get(str(helper)):
            left_out.append([seeker, helper, "has_no_places"])
        else:
            usable.append((seeker, helper))
    return usable, left_out


def _pinned(
    snapshot: Snapshot, candidates: Candidates, problem: Problem, pair: int
) -> Proposal:
    """A settled pair that the engine would not have compared: nearest by topic."""
    seeker = candidates.units[problem.receiver[pair]]
    helper = candidates.units[problem.helper[pair]]
    needs = [row for row in snapshot["needs"] if row["unit"] == seeker]
    offers = [row for row in snapshot["offers"] if row["unit"] == helper]
    need, offer = min(
        ((need, offer) for need in needs for offer in offers),
        key=lambda two: (
            two[0]["topic"] != two[1]["topic"],
            two[0]["area"] != two[1]["area"],
            two[0]["id"],
            two[1]["id"],
        ),
    )
    return Proposal(
        seeker=int(seeker),
        helper=int(helper),
        need=int(need["id"]),
        offer=int(offer["id"]),
        score=0.0,
        confidence="look",
        factors={},
    )


def _nothing(snapshot: Snapshot) -> Computed:
    unmet = [{"unit": int(unit), "code": "no_candidates"} for unit in snapshot["want"]]
    return Computed((), {"coverage": 0, "wanting": len(unmet), "unmet": unmet})


def statements_of(kind: type[Any], rows: list[dict[str, Any]]) -> list[Any]:
    """Needs or offers of a stored input, as the engine reads them."""
    return [
        kind(
            **{
                **{name: value for name, value in row.items() if name != "country"},
                "languages": tuple(row["languages"]),
                "formats": tuple(row["formats"]),
                "vector": position,
            }
        )
        for position, row in enumerate(rows)
    ]


def context_of(snapshot: Snapshot) -> Context:
    """The rules and surroundings of a stored input."""
    spoken = {
        language
        for row in (*snapshot["needs"], *snapshot["offers"])
        for language in row["languages"]
    }
    return Context(
        related=frozenset((one, other) for one, other in snapshot["related"]),
        introduced={
            (one, other): months for one, other, months in snapshot["introduced"]
        },
        vetoes=frozenset((one, other) for one, other in snapshot["vetoes"]),
        interpreted=frozenset(spoken if snapshot["has_interpretation"] else ()),
        weights=snapshot["weights"],
        affinity=Known(np.array(snapshot["affinity"], np.float64)),
        least_hours=1.0,
    )


def _proposal(candidates: Candidates, pair: int, called: Bars) -> Proposal:
    row = int(candidates.best[pair])
    found = explain_candidate(candidates, row, called)
    shares = zip(
        candidates.weights, candidates.contributions[row].tolist(), strict=True
    )
    return Proposal(
        seeker=int(candidates.units[candidates.receiver[pair]]),
        helper=int(candidates.units[candidates.helper[pair]]),
        need=int(found.need),
        offer=int(found.offer),
        score=round(found.score, 6),
        confidence=found.confidence,
        factors={name: round(share, 6) for name, share in shares},
    )


def _figures(problem: Problem, result: Result) -> dict[str, Any]:
    figures = run_figures(problem, result)
    return {
        "coverage": figures.coverage,
        "wanting": figures.wanting,
        "pairs": result.figures.pairs,
        "total": round(figures.total, 6),
        "histogram": list(figures.histogram),
        "price_of_fairness": round(figures.price_of_fairness, 6),
        "load_gini": round(figures.load_gini, 6),
        "changes": result.figures.changes,
        "proof": check(problem, result),
        "digest": result.digest,
    }


def _unmet(candidates: Candidates, result: Result) -> list[dict[str, Any]]:
    return [
        {"unit": int(candidates.units[row.receiver]), "code": row.code}
        for row in result.unmet
    ]


def spread_over_countries(
    snapshot: Snapshot, candidates: Candidates, problem: Problem, result: Result
) -> Spread:
    """Where it costs nobody a first match: not one helper to two of one country."""
    country = {row["unit"]: row.get("country", "") for row in snapshot["needs"]}
    where = [country.get(int(unit), "") for unit in candidates.units]
    if len(where) > SPREAD_AT_MOST:
        where = [""] * len(where)
    return spread(problem, result, where)
