"""Why a round did not propose a pair, computed again from its stored input."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from localities.models import Locality
from loci.core.errors import Refused
from matchmaking.engine.candidates import Candidates
from matchmaking.engine.explain import what_if, why_not
from matchmaking.engine.fit import obstacle_counts
from matchmaking.engine.problem import ClashingPins, Problem
from matchmaking.engine.solve import solve
from matchmaking.engine.statements import Need, Offer
from matchmaking.models import Round
from matchmaking.services.computing import (
    context_of,
    prepare,
    spread_over_countries,
    statements_of,
    usable_pins,
)

UNITS_AT_MOST = 500


class TooLarge(Refused):
    """The round is too large to be computed again while somebody waits."""


@dataclass(frozen=True)
class WhyNotThese:
    """Why `helper` is not proposed to `seeker`: a code and what stands against it.

    `obstacles` counts, by code, the combinations of a need and an offer that a rule
    forbids; `holders` have the helper's places; `gains` and `loses` are the pairs
    (seeker, helper) that would come and go if this one were settled, `change` what
    the sum of all weights would change by.
    """

    code: str
    obstacles: dict[str, int]
    holders: tuple[int, ...] = ()
    gains: tuple[tuple[int, int], ...] = ()
    loses: tuple[tuple[int, int], ...] = ()
    change: float | None = None


def why_not_these(*, round_: Round, seeker: Locality, helper: Locality) -> WhyNotThese:
    """Raises TooLarge over 500 localities. Nothing is stored."""
    snapshot = round_.snapshot or {"needs": [], "offers": []}
    needs = [row for row in snapshot["needs"] if row["unit"] == seeker.pk]
    offers = [row for row in snapshot["offers"] if row["unit"] == helper.pk]
    if not needs:
        return WhyNotThese("no_need", {})
    if not offers:
        return WhyNotThese("no_offer", {})
    if len(snapshot["want"]) > UNITS_AT_MOST:
        raise TooLarge(_("This round is too large to be computed again here."))
    candidates, problem = prepare(snapshot, usable_pins(snapshot)[0])
    pair = _row_of(candidates, problem, seeker.pk, helper.pk)
    if pair is None:
        return WhyNotThese("forbidden", _obstacles(snapshot, seeker.pk, helper.pk))
    return _weighed(snapshot, candidates, problem, pair)


def _row_of(
    candidates: Candidates, problem: Problem, seeker: int, helper: int
) -> int | None:
    place = {unit: at for at, unit in enumerate(candidates.units)}
    found = np.flatnonzero(
        (problem.receiver == place[seeker]) & (problem.helper == place[helper])
    )
    return int(found[0]) if len(found) else None


def _obstacles(snapshot: dict[str, Any], seeker: int, helper: int) -> dict[str, int]:
    """Read with the whole input, in whose order the affinities lie."""
    needs = statements_of(Need, snapshot["needs"])
    offers = statements_of(Offer, snapshot["offers"])
    counts = obstacle_counts(
        [row for row in needs if row.unit == seeker],
        [row for row in offers if row.unit == helper],
        context_of(snapshot),
    )
    return {code: count for code, count in counts.items() if count}


def _weighed(
    snapshot: dict[str, Any], candidates: Candidates, problem: Problem, pair: int
) -> WhyNotThese:
    units = candidates.units
    apart = spread_over_countries(snapshot, candidates, problem, solve(problem))
    if pair in apart.set_aside:
        return WhyNotThese("neighbours", {})
    problem, result = apart.problem, apart.result
    found = why_not(problem, result, pair)
    try:
        instead = what_if(problem, result, pair) if not result.chosen[pair] else None
    except ClashingPins:
        instead = None
    return WhyNotThese(
        code=found.code,
        obstacles={},
        holders=tuple(int(units[row]) for row in found.holders),
        gains=_pairs(candidates, problem, instead.won if instead else ()),
        loses=_pairs(candidates, problem, instead.lost if instead else ()),
        change=instead.total if instead else None,
    )


def _pairs(
    candidates: Candidates, problem: Problem, rows: tuple[int, ...]
) -> tuple[tuple[int, int], ...]:
    units = candidates.units
    return tuple(
        (int(units[problem.receiver[row]]), int(units[problem.helper[row]]))
        for row in rows
    )
