"""Figures of the matching engine, beside what plain solvers do on the same networks.

`python -m tests.bench.engine` prints them and draws docs/images/engine.svg.
"""

import resource
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import networkx as nx
import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from matchmaking.engine.assemble import problem_of
from matchmaking.engine.candidates import build_candidates
from matchmaking.engine.certificate import check
from matchmaking.engine.explain import load_gini
from matchmaking.engine.problem import Problem
from matchmaking.engine.solve import solve
from matchmaking.engine.statements import EXPERIENCE, Context, Need, Offer
from tests.bench.plot import drawn

SIZES = (20, 200, 2_000, 10_000, 50_000)
MOST_MILP, MOST_NETWORKX = 200, 200
POOL = 2_000  # in larger networks each locality looks at so many others
ROWS = 500
PLOT = Path(__file__).resolve().parents[2] / "docs" / "images" / "engine.svg"
SCALE = 1e6
QUALITY = """\
Goal `fair` (everyone, then the worst-off, then the most in all) beside the largest
total, on made-up networks: 2 wanted, 3 places, the 30 nearest of each."""
RIVALRY = """\
The price of fairness by how many want the same helpers (rivalry: the share of a weight
that depends on the helper alone; 0.25 above) and by the number of levels."""
COST = """\
CPU seconds; *ratio* is fair against the plain flow of OR-tools; *check* is the
independent check of the proof; memory is the peak of the process."""


def made_up(
    localities: int, *, nearest: int = 30, seed: int = 1, rivalry: float = 0.25
) -> Problem:
    """A network of localities, the same for the same seed; the best `nearest` each.

    Weights come from twelve themes of needs and offers, from likeness of place, and
    to the share of `rivalry` from how good a helper is: the best are wanted by many.
    """
    dice = np.random.default_rng(seed)
    need = dice.dirichlet(np.full(12, 0.4), localities)
    offer = dice.dirichlet(np.full(12, 0.4), localities)
    kind = dice.random((localities, 4))
    need /= np.linalg.norm(need, axis=1, keepdims=True)
    offer /= np.linalg.norm(offer, axis=1, keepdims=True)
    nearest = min(nearest, localities - 1)
    rows, columns, weights = [], [], []
    for start in range(0, localities, ROWS):
        block = np.arange(start, min(localities, start + ROWS))
        pool = np.arange(localities)
        if localities > 5 * POOL:
            pool = np.sort(dice.choice(localities, POOL, replace=False))
        apart = np.abs(kind[block, None, :2] - kind[None, pool, :2]).mean(axis=2)
        score = 0.65 * (need[block] @ offer[pool].T) + 0.35 * (1 - apart)
        score *= 1 - rivalry + rivalry * kind[None, pool, 2]
        score[block[:, None] == pool] = -1
        best = np.argpartition(-score, nearest - 1, axis=1)[:, :nearest]
        rows.append(np.repeat(block, nearest))
        columns.append(pool[best].ravel())
        weights.append(np.take_along_axis(score, best, axis=1).ravel())
    return Problem(
        receiver=np.concatenate(rows),
        helper=np.concatenate(columns),
        weight=np.concatenate(weights),
        want=np.full(localities, 2),
        capacity=np.full(localities, 3),
    )


def made_up_statements(
    localities: int, seed: int = 1
) -> tuple[list[Need], list[Offer]]:
    """Two needs and two offers for each locality, over 42 topics in five areas."""
    dice = np.random.default_rng(seed)

    def some(*values: Any) -> Any:
        return values[int(dice.integers(len(values)))]

    def common(unit: int, place: int) -> dict[str, Any]:
        topic = int(dice.integers(42))
        return {
            "id": f"{unit:05}-{place}",
            "unit": unit,
            "side": some("government", "civil_society", "both"),
            "topic": f"t{topic}",
            "area": f"a{topic % 5}",
            "stage": some("planning", "tender", "award", "cross"),
            "sector": some("health", "transport", "education", "cross"),
            "phase": int(dice.integers(6)),
            "government": some("city", "region"),
            "size": int(dice.integers(5)),
            "languages": (some("en", "es", "fr"), some("id", "ru", "uk")),
            "formats": (some("call", "visit"),),
            "utc_offset": float(dice.integers(-6, 9)),
        }

    pairs = [(unit, place) for unit in range(localities) for place in range(2)]
    needs = [Need(**common(*each)) for each in pairs]
    offers = [
        Offer(**common(*each), experience=some(*EXPERIENCE), hours=4.0)
        for each in pairs
    ]
    return needs, offers


@dataclass(frozen=True)
class Timed:
    """What a call returned and the CPU seconds that it took, the least of some runs."""

    value: Any
    seconds: float


def timed(call: Callable[[], Any], runs: int = 1) -> Timed:
    """Run a call some times; the least time is the least disturbed."""
    best = Timed(None, float("inf"))
    for _ in range(runs):
        start = process_time()
        value = call()
        best = min(best, Timed(value, process_time() - start), key=lambda t: t.seconds)
    return best


def plain_flow(problem: Problem) -> float:
    """The largest total by OR-tools alone, weights to six places."""
    pairs, receivers, helpers = problem.size
    start, end = receivers + helpers, receivers + helpers + 1
    solver = SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate(
            [
                problem.receiver,
                np.full(receivers, start),
                receivers + np.arange(helpers),
                [start],
            ]
        ).astype(np.int32),
        np.concatenate(
            [
                receivers + problem.helper,
                np.arange(receivers),
                np.full(helpers, end),
                [end],
            ]
        ).astype(np.int32),
        np.concatenate(
            [np.ones(pairs), problem.want, problem.capacity, [problem.want.sum()]]
        ).astype(np.int64),
        np.concatenate(
            [-np.rint(problem.weight * SCALE), np.zeros(receivers + helpers + 1)]
        ).astype(np.int64),
    )
    supply = int(problem.want.sum())
    solver.set_nodes_supplies([start, end], [supply, -supply])
    solver.solve()
    taken = solver.flows(np.arange(pairs, dtype=np.int32)) > 0
    return float(problem.weight[taken].sum())


def plain_milp(problem: Problem) -> float:
    """The largest total by HiGHS."""
    pairs, receivers, helpers = problem.size
    place, one = np.arange(pairs), np.ones(pairs)
    answer = milp(
        -problem.weight,
        integrality=one,
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(
                coo_array((one, (side, place)), shape=(size, pairs)).tocsc(), ub=limit
            )
            for side, size, limit in (
                (problem.receiver, receivers, problem.want),
                (problem.helper, helpers, problem.capacity),
            )
        ],
    )
    return -float(answer.fun)


def plain_networkx(problem: Problem) -> float:
    """The largest total by networkx, weights to six places."""
    graph = nx.DiGraph()
    whole = np.rint(problem.weight * SCALE).astype(int).tolist()
    rows = zip(problem.receiver.tolist(), problem.helper.tolist(), whole, strict=True)
    for receiver, helper, weight in rows:
        graph.add_edge(("r", receiver), ("h", helper), capacity=1, weight=-weight)
    for receiver, want in enumerate(problem.want.tolist()):
        graph.add_edge("start", ("r", receiver), capacity=want)
    for helper, places in enumerate(problem.capacity.tolist()):
        graph.add_edge(("h", helper), "end", capacity=places)
    flow = nx.max_flow_min_cost(graph, "start", "end")
    return -nx.cost_of_flow(graph, flow) / SCALE


def run() -> str:
    """Tables of totals, fairness, times and memory, by size of network; and a plot."""
    measured = [_measured(size) for size in SIZES]
    PLOT.write_text(drawn({row.size: row.seconds for row in measured}))
    return "\n\n".join(
        [
            QUALITY,
            _table([row.quality for row in measured]),
            RIVALRY,
            _table([_rivalry(share) for share in (0.0, 0.1, 0.25)]),
            COST,
            "![CPU seconds by size of network](images/engine.svg)",
            _table([row.cost for row in measured]),
            _table([_exactness(size) for size in (20, 60, 200)]),
            "Candidates out of needs and offers, two each.",
            _table([_candidates(size) for size in (17, 200, 1_000, 2_000)]),
        ]
    )


@dataclass(frozen=True)
class _Measured:
    size: int
    seconds: dict[str, float]
    quality: dict[str, str]
    cost: dict[str, str]


def _measured(size: int) -> _Measured:
    problem = made_up(size)
    runs = 3 if size <= SIZES[2] else 1
    plain = timed(lambda: plain_flow(problem), runs)
    fair = timed(lambda: solve(problem), runs)
    total = timed(lambda: solve(problem, "total"), runs)
    proof = timed(lambda: check(problem, fair.value))
    milp_ = timed(lambda: plain_milp(problem)) if size <= MOST_MILP else None
    slow = timed(lambda: plain_networkx(problem)) if size <= MOST_NETWORKX else None
    best, most = fair.value.figures, total.value.figures
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    name = {"localities": f"{size:,}", "pairs": f"{problem.size[0]:,}"}
    seconds = {"plain flow": plain.seconds, "goal fair": fair.seconds}
    seconds |= {"scipy milp": milp_.seconds} if milp_ else {}
    seconds |= {"networkx": slow.seconds} if slow else {}
    return _Measured(
        size,
        seconds,
        {
            **name,
            "plain total": f"{plain.value:.3f}",
            "goal total": f"{most.total:.3f}",
            "fair total": f"{best.total:.3f}",
            "price of fairness": f"{1 - best.total / most.total:.2%}",
            "covered, total": f"{most.coverage:,}",
            "covered, fair": f"{best.coverage:,}",
            "worst level, total": f"{_worst(most.histogram)}",
            "worst level, fair": f"{_worst(best.histogram)}",
            "load Gini, fair": f"{load_gini(problem, fair.value.chosen):.2f}",
            "check": str(proof.value),
        },
        {
            **name,
            "plain flow": f"{plain.seconds:.4f}",
            "goal total": f"{total.seconds:.4f}",
            "goal fair": f"{fair.seconds:.4f}",
            "ratio": f"{fair.seconds / plain.seconds:.1f}",
            "check": f"{proof.seconds:.4f}",
            "scipy milp": _seconds(milp_),
            "networkx": _seconds(slow),
            "memory MB": f"{peak:.0f}",
        },
    )


def _worst(histogram: tuple[int, ...]) -> int:
    return next(level for level, count in enumerate(histogram) if count)


def _seconds(measured: Timed | None) -> str:
    return f"{measured.seconds:.3f}" if measured else ""


def _rivalry(share: float) -> dict[str, str]:
    row = {"rivalry": f"{share}"}
    for size in SIZES[1:3]:
        problem = made_up(size, rivalry=share)
        most = solve(problem, "total").figures.total
        for levels in (10, 20, 100):
            total = solve(problem, "fair", levels).figures.total
            row[f"{size:,}, {levels} levels"] = f"{1 - total / most:.2%}"
    return row


def _exactness(size: int) -> dict[str, str]:
    problem = made_up(size)
    exact = timed(lambda: solve(problem, "exact"))
    figures = exact.value.figures
    return {
        "localities": f"{size}",
        "goal exact: least sum": f"{figures.floor:.4f}",
        "total": f"{figures.total:.3f}",
        "CPU seconds": f"{exact.seconds:.2f}",
        "check": check(problem, exact.value),
    }


def _candidates(size: int) -> dict[str, str]:
    """A whole round, and one for the single locality whose answer has changed."""
    needs, offers = made_up_statements(size)
    changed = needs[0].unit
    built = timed(lambda: build_candidates(needs, offers, Context()))
    matched = timed(lambda: solve(problem_of(built.value, {}, {})))
    others = {each.unit: 0 for each in needs if each.unit != changed}

    def again() -> int:
        few = build_candidates(needs, offers, Context(), receivers={changed})
        return solve(problem_of(few, others, {})).figures.coverage

    one = timed(again, 3)
    whole = built.seconds + matched.seconds
    return {
        "localities": f"{size:,}",
        "need-offer pairs looked at": f"{len(needs) * len(offers):,}",
        "candidates": f"{len(built.value.need):,}",
        "CPU seconds": f"{built.seconds:.2f}",
        "with the matching": f"{whole:.2f}",
        "for one changed answer": f"{one.seconds:.3f}",
        "its share": f"{one.seconds / whole:.1%}",
    }


def _table(rows: list[dict[str, str]]) -> str:
    titles = list(rows[0])
    lines = [titles, ["---"] * len(titles), *([row[t] for t in titles] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    print(run())
