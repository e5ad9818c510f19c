"""From a round's input to its suggestions: no database, the same answer every time."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from matchmaking.engine.affinity import Known
from matchmaking.engine.assemble import problem_of
from matchmaking.engine.candidates import Candidates, build_candidates
from matchmaking.engine.fit import explain_candidate
from matchmaking.engine.result import Result
from matchmaking.engine.solve import solve
from matchmaking.engine.statements import Context, Need, Offer

Snapshot = dict[str, Any]


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
    """Run the engine over a stored input."""
    if not snapshot["needs"] or not snapshot["offers"]:
        return _nothing(snapshot)
    candidates = build_candidates(
        _statements(Need, snapshot["needs"]),
        _statements(Offer, snapshot["offers"]),
        _context(snapshot),
    )
    if not len(candidates.receiver):
        return _nothing(snapshot)
    problem = problem_of(
        candidates,
        want={int(unit): count for unit, count in snapshot["want"].items()},
        capacity={int(unit): count for unit, count in snapshot["capacity"].items()},
    )
    result = solve(problem)
    chosen = np.flatnonzero(result.chosen)
    return Computed(
        tuple(_proposal(candidates, int(pair)) for pair in chosen),
        _figures(candidates, result),
    )


def _nothing(snapshot: Snapshot) -> Computed:
    unmet = [{"unit": int(unit), "code": "no_candidates"} for unit in snapshot["want"]]
    return Computed((), {"coverage": 0, "wanting": len(unmet), "unmet": unmet})


def _statements(kind: type[Any], rows: list[dict[str, Any]]) -> list[Any]:
    return [
        kind(
            **{
                **row,
                "languages": tuple(row["languages"]),
                "formats": tuple(row["formats"]),
                "vector": position,
            }
        )
        for position, row in enumerate(rows)
    ]


def _context(snapshot: Snapshot) -> Context:
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


def _proposal(candidates: Candidates, pair: int) -> Proposal:
    row = int(candidates.best[pair])
    found = explain_candidate(candidates, row)
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


def _figures(candidates: Candidates, result: Result) -> dict[str, Any]:
    figures = result.figures
    return {
        "coverage": figures.coverage,
        "wanting": figures.wanting,
        "pairs": figures.pairs,
        "total": round(figures.total, 6),
        "histogram": list(figures.histogram),
        "digest": result.digest,
        "unmet": [
            {"unit": int(candidates.units[row.receiver]), "code": row.code}
            for row in result.unmet
        ],
    }
