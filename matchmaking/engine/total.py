"""Stages over all matches: what is demanded, the most in all, few changes, ties."""

from dataclasses import dataclass

import numpy as np

from matchmaking.engine.arrays import Bools, Integers
from matchmaking.engine.joint import Joint
from matchmaking.engine.network import (
    MOST_BITS,
    Network,
    cheapest_flow,
    no_dearer,
)
from matchmaking.engine.problem import Problem
from matchmaking.engine.settle import (
    Residual,
    Settled,
    settle,
    settle_soon,
)

FINEST = 34  # binary places kept of a weight, where there is room
TIE_BITS = 30
PATIENCE = 8


@dataclass(frozen=True, eq=False)
class TotalStage:
    """One criterion over all matches and the prices that prove it."""

    name: str
    price: Integers


@dataclass(frozen=True, eq=False)
class AllMatches:
    """The chosen pairs, a flow that carries them, and the proof."""

    chosen: Bools
    flow: Integers
    stages: tuple[TotalStage, ...]


def binary_places(problem: Problem) -> int:
    """How many binary places of the weights the sums keep inside 64 bits."""
    pairs, receivers, helpers = problem.size
    nodes = pairs + 2 * receivers + helpers + 1
    largest = float(np.abs(problem.weight).max(initial=1.0))
    room = MOST_BITS - nodes.bit_length() - int(np.ceil(np.log2(largest)))
    return min(FINEST, room)


def whole_weights(problem: Problem) -> Integers:
    """The weights in units of 2^-`binary_places`, rounded."""
    return np.rint(problem.weight * 2.0 ** binary_places(problem)).astype(np.int64)


def tie_cost(problem: Problem) -> Integers:
    """A fixed number per pair, scattered by its two keys: 1 to 2^30."""
    receiver = problem.receiver_key[problem.receiver].astype(np.uint64)
    helper = problem.helper_key[problem.helper].astype(np.uint64)
    mixed = _scattered(_scattered(receiver) ^ helper)
    return (mixed >> np.uint64(64 - TIE_BITS)).astype(np.int64) + 1


def _scattered(keys: np.ndarray) -> np.ndarray:
    """The finishing step of splitmix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    mixed = keys + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def total_costs(problem: Problem, joint: Joint) -> dict[str, Integers]:
    """Per criterion, in order, the cost of a unit on each arc."""
    arcs = len(joint.network.tail)
    leading = np.concatenate([joint.first, joint.rest])
    costs: dict[str, Integers] = {}

    def add(name: str, per_pair: Integers) -> None:
        costs[name] = np.zeros(arcs, np.int64)
        costs[name][: len(leading)] = per_pair[leading]

    if problem.demand.any():
        costs["demand"] = np.zeros(arcs, np.int64)
        costs["demand"][joint.missed] = 1
    add("total", -whole_weights(problem))
    if problem.kept.any():
        add("changes", np.where(problem.kept, -1, 1).astype(np.int64))
    add("tie", tie_cost(problem))
    return costs


def most_in_all(problem: Problem, joint: Joint) -> AllMatches:
    """The best matches within the network, one criterion after the other."""
    network, graph = joint.network, Residual(joint.network)
    flow: Integers | None = None
    stages: list[TotalStage] = []
    for name, cost in total_costs(problem, joint).items():
        found = _settled(graph, network, cost, flow)
        flow = found.flow
        network = no_dearer(network, cost, found.price)
        graph.narrowed(network)
        stages.append(TotalStage(name, found.price))
    if flow is None:  # there is always a draw at the end
        raise AssertionError
    chosen = joint.chosen(flow, problem.size[0]) | problem.pin
    return AllMatches(chosen, flow, tuple(stages))


def _settled(
    graph: Residual, network: Network, cost: Integers, flow: Integers | None
) -> Settled:
    if flow is not None:
        found = settle_soon(graph, network, cost, flow, PATIENCE)
        if found is not None:
            return found
    return settle(graph, network, cost, cheapest_flow(network, cost))
