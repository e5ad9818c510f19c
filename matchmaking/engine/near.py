"""The answer to a like problem, so that a small change costs little."""

from dataclasses import dataclass

import numpy as np

from matchmaking.engine.arrays import Bools, Counts, Integers, Whole
from matchmaking.engine.problem import Problem, Sorted
from matchmaking.engine.result import Result, Stage


@dataclass(frozen=True, eq=False)
class Near:
    """What carries over, in the order of the new problem; prices 0 where new."""

    first: Counts
    chosen: Bools
    stages: tuple[Stage, ...]

    def level_price(self, levels: tuple[int, ...]) -> Integers | None:
        """Node prices of the first network for just these levels, if known."""
        for stage in self.stages:
            if stage.name == "levels" and stage.levels == levels:
                return np.concatenate([stage.first, stage.helper, [0]])
        return None

    def total_stage(self) -> Stage | None:
        """The stage over all matches that came first, if there was one."""
        names = ("demand", "total")
        return next((stage for stage in self.stages if stage.name in names), None)


def near_answer(ordered: Sorted, before: Problem, result: Result) -> Near:
    """Carry an answer over by the keys of receivers and helpers."""
    now = ordered.problem
    receiver = _places(before.receiver_key, now.receiver_key)
    helper = _places(before.helper_key, now.helper_key)
    width = now.size[2] + 1
    old = receiver[before.receiver] * width + helper[before.helper]
    known = (receiver[before.receiver] >= 0) & (helper[before.helper] >= 0)
    code = now.receiver.astype(np.int64) * width + now.helper
    pair = np.where(known, _places(old, code), -1)
    first = np.full(now.size[1], -1, np.int32)
    led = np.flatnonzero(result.first >= 0)
    led = led[(receiver[led] >= 0) & (pair[result.first[led]] >= 0)]
    first[receiver[led]] = pair[result.first[led]]
    chosen = np.zeros(now.size[0], np.bool_)
    chosen[pair[result.chosen & (pair >= 0)]] = True
    stages = tuple(
        Stage(
            stage.name,
            stage.levels,
            _carried(stage.first, receiver, now.size[1]),
            _carried(stage.rest, receiver, now.size[1]),
            _carried(stage.helper, helper, now.size[2]),
            _carried(stage.pair, pair, now.size[0]),
        )
        for stage in result.stages
    )
    return Near(first, chosen, stages)


def _places(old: Whole, new: Whole) -> Integers:
    """Where each old key stands among the new, -1 if nowhere."""
    order = np.argsort(new, kind="stable")
    place = np.searchsorted(new, old, sorter=order)
    found = order[np.minimum(place, max(0, len(new) - 1))] if len(new) else place
    same = new[found] == old if len(new) else np.zeros(len(old), np.bool_)
    return np.where(same, found, -1)


def _carried(price: Integers, place: Integers, size: int) -> Integers:
    carried = np.zeros(size, np.int64)
    if len(price):
        carried[place[place >= 0]] = price[place >= 0]
    return carried
