"""Flows to start from when a like problem has been answered before."""

import numpy as np

from matchmaking.engine.arrays import Integers, Whole
from matchmaking.engine.first import FirstMatches, open_places
from matchmaking.engine.joint import Joint
from matchmaking.engine.near import Near
from matchmaking.engine.network import Network
from matchmaking.engine.problem import Problem
from matchmaking.engine.settle import Priced, unpriced


def turn_within(group: Whole) -> Integers:
    """For each entry, how many entries of its group come before it."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    turn = np.empty(len(group), np.int64)
    turn[order] = np.arange(len(group)) - np.searchsorted(ordered, ordered)
    return turn


def first_flow_near(problem: Problem, network: Network, near: Near) -> Integers:
    """The first matches of before, as far as they still may be; the others stay."""
    pairs, receivers, helpers = problem.size
    led = near.first[near.first >= 0]
    led = led[network.upper[led] > 0]
    helper = problem.helper[led]
    led = led[turn_within(helper) < network.upper[pairs + receivers :][helper]]
    stay = network.supply[:receivers].copy()
    stay[problem.receiver[led]] = 0
    flow = np.zeros_like(network.lower)
    flow[led] = 1
    flow[pairs : pairs + receivers] = stay
    flow[pairs + receivers :] = np.bincount(problem.helper[led], minlength=helpers)
    return flow


def joint_start_near(
    problem: Problem, joint: Joint, found: FirstMatches | None, near: Near
) -> Priced:
    """The pairs of before around these first matches, with the prices of before."""
    flow = _joint_flow(problem, joint, found, near)
    stage = near.total_stage()
    if stage is None:
        return unpriced(joint.network, flow)
    own = stage.pair[joint.either]
    price = np.concatenate([stage.first, stage.rest, stage.helper, [0], own])
    return Priced(flow, price)


def _joint_flow(
    problem: Problem, joint: Joint, found: FirstMatches | None, near: Near
) -> Integers:
    pairs, receivers, helpers = problem.size
    first = found.flow if found else np.zeros(pairs + receivers, np.int64)
    taken = first[:pairs].copy()
    stay = first[pairs : pairs + receivers]
    load = np.bincount(problem.helper, taken, minlength=helpers).astype(np.int64)
    want = joint.network.supply[receivers : 2 * receivers] + stay
    more = joint.rest[near.chosen[joint.rest] & (taken[joint.rest] == 0)]
    helper = problem.helper[more]
    more = more[turn_within(helper) < (open_places(problem) - load)[helper]]
    receiver = problem.receiver[more]
    more = more[turn_within(receiver) < want[receiver]]
    rest = np.zeros(pairs, np.int64)
    rest[more] = 1
    left = want - np.bincount(problem.receiver[more], minlength=receivers)
    spare = np.minimum(left, joint.network.upper[joint.spare])
    load += np.bincount(problem.helper[more], minlength=helpers)
    return np.concatenate(
        [
            taken[joint.first],
            rest[joint.rest],
            (taken + rest)[joint.either],
            stay,
            spare,
            left - spare,
            load,
        ]
    )
