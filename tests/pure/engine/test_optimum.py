import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import linprog
from scipy.sparse import coo_array, vstack

from matchmaking.engine.certificate import check
from matchmaking.engine.exact import floor_then_total
from matchmaking.engine.solve import solve
from tests.bench.engine import made_up
from tests.pure.engine.problems import answers, best_worth, problem, problems, worth

MANY = settings(max_examples=400, deadline=None, derandomize=True)


@MANY
@given(problems(), st.sampled_from([1, 4, 12, 100]))
def test_fair_answer_is_what_brute_force_finds(asked, levels):
    result = solve(asked, "fair", levels)

    assert worth(asked, result.chosen, "fair", levels) == best_worth(
        asked, "fair", levels
    )
    assert check(asked, result) == "optimal"


@MANY
@given(problems())
def test_total_is_what_brute_force_finds(asked):
    result = solve(asked, "total")

    assert worth(asked, result.chosen, "total", 100) == best_worth(asked, "total", 100)
    assert check(asked, result) == "optimal"


def linear_optimum(asked):
    pairs, receivers, helpers = asked.size
    column, one = np.arange(pairs), np.ones(pairs)
    answer = linprog(
        -asked.weight,
        A_ub=vstack(
            [
                coo_array((one, (asked.receiver, column)), shape=(receivers, pairs)),
                coo_array((one, (asked.helper, column)), shape=(helpers, pairs)),
            ]
        ),
        b_ub=np.concatenate([asked.want, asked.capacity]),
        bounds=(0, 1),
        method="highs",
    )
    return -answer.fun


@pytest.mark.parametrize("localities", [30, 120])
def test_total_equals_the_linear_optimum(localities):
    asked = made_up(localities)

    result = solve(asked, "total")

    assert result.figures.total == pytest.approx(linear_optimum(asked), abs=1e-8)


def test_total_equals_networkx():
    asked = made_up(12)
    graph = nx.DiGraph()
    whole = np.rint(asked.weight * 1e6).astype(int)
    for u, h, w in zip(asked.receiver, asked.helper, whole, strict=True):
        graph.add_edge(("u", int(u)), ("h", int(h)), capacity=1, weight=-int(w))
        graph.add_edge("start", ("u", int(u)), capacity=2)
        graph.add_edge(("h", int(h)), "end", capacity=3)
    flow = nx.max_flow_min_cost(graph, "start", "end")

    result = solve(asked, "total")

    assert whole[result.chosen].sum() == -nx.cost_of_flow(graph, flow)


def test_everybody_comes_before_anybody_comes_twice():
    asked = problem((0, 0, 0.9), (0, 1, 0.9), (1, 0, 0.2), want=[2, 2], capacity=[1, 1])

    result = solve(asked)

    assert result.chosen.tolist() == [False, True, True]
    assert result.level.tolist() == [91, 21]


def test_worst_off_comes_before_the_total():
    asked = problem(
        (0, 0, 0.9),
        (0, 1, 0.5),
        (1, 0, 0.6),
        (1, 1, 0.1),
        want=[1, 1],
        capacity=[1, 1],
    )

    fair, total = solve(asked), solve(asked, "total")

    assert fair.level.tolist() == [51, 61]
    assert fair.figures.total == pytest.approx(1.1)
    assert total.figures.total == pytest.approx(1.1)


def test_nobody_gets_the_same_helper_twice():
    asked = problem((0, 0, 0.9), (0, 1, 0.1), want=[2], capacity=[2, 1])

    assert solve(asked).chosen.tolist() == [True, True]


def test_coverage_is_the_largest_there_can_be():
    asked = made_up(400, nearest=6)
    graph = nx.Graph()
    graph.add_nodes_from(range(400))
    for u, h in zip(asked.receiver.tolist(), asked.helper.tolist(), strict=True):
        graph.add_edges_from((u, (h, place)) for place in range(3))
    best = nx.bipartite.hopcroft_karp_matching(graph, range(400))

    assert solve(asked).figures.coverage == sum(node in best for node in range(400))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(problems(most=3, pairs=7))
def test_exact_answer_serves_all_it_can_and_lifts_the_least_sum(asked):
    asked = with_plain_demand(asked)
    result = solve(asked, "exact")

    assert result.figures.floor == pytest.approx(best_floor(asked)[1], abs=1e-6)
    assert check(asked, result)


def test_exact_goal_without_time_gives_the_largest_total():
    asked = made_up(30)

    answer = floor_then_total(asked, seconds=0.0)

    assert answer.chosen.tolist() == solve(asked, "total").chosen.tolist()


def test_exact_goal_lifts_the_least_sum_at_some_cost():
    asked = problem(
        (0, 0, 0.9),
        (0, 1, 0.8),
        (1, 0, 0.5),
        (1, 1, 0.3),
        want=[2, 1],
        capacity=[1, 1],
    )

    total, exact = solve(asked, "total"), solve(asked, "exact")

    assert total.chosen.tolist() == [True, True, False, False]
    assert exact.chosen.tolist() == [False, True, True, False]
    assert (exact.figures.floor, exact.figures.total) == (0.5, 1.3)
    assert check(asked, exact) == "optimal"


def with_plain_demand(asked):
    return problem(
        *zip(asked.receiver, asked.helper, asked.weight, strict=True),
        want=asked.want,
        capacity=asked.capacity,
        pin=asked.pin,
        veto=asked.veto,
    )


def best_floor(asked):
    best = (-1, 0.0, 0.0)
    for chosen in answers(asked):
        sums = np.bincount(
            asked.receiver[chosen], asked.weight[chosen], minlength=asked.size[1]
        )
        served = np.bincount(asked.receiver[chosen], minlength=asked.size[1]) > 0
        floor = float(sums[served].min()) if served.any() else 0.0
        best = max(best, (int(served.sum()), round(floor, 9), float(sums.sum())))
    return best
