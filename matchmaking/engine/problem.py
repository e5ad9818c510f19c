"""One matching problem as arrays: who may help whom, how well, how often."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from matchmaking.engine.arrays import Bools, Counts, Integers, Reals


class BadProblem(ValueError):
    """The arrays do not describe a matching problem."""


class WrongShape(BadProblem):
    """An array has the wrong length, or more than one dimension."""


class WrongKind(BadProblem):
    """An array holds another kind of value than it should."""


class NotFinite(BadProblem):
    """A weight is not a number, or is infinite."""


class OutOfRange(BadProblem):
    """An index points nowhere, or a count is negative."""


class RepeatedPair(BadProblem):
    """The same receiver and helper appear twice."""


class ClashingPins(BadProblem):
    """Pins that cannot all be kept; `pairs` holds their positions."""

    def __init__(self, message: str, pairs: list[int]) -> None:
        super().__init__(message)
        self.pairs = pairs


def _empty() -> Any:
    return np.empty(0)


KINDS: Mapping[str, type[np.generic]] = {
    "receiver": np.int32,
    "helper": np.int32,
    "weight": np.float64,
    "want": np.int32,
    "capacity": np.int32,
    "pin": np.bool_,
    "veto": np.bool_,
    "kept": np.bool_,
    "demand": np.int32,
    "receiver_key": np.int64,
    "helper_key": np.int64,
}
LARGEST_WEIGHT = 1e6


@dataclass(frozen=True, eq=False)
class Problem:
    """Pairs in rows, receivers and helpers by position; what is left out is empty.

    `demand` makes that many of what a receiver wants a must where possible. The keys
    name receivers and helpers for ever: with them, the answer does not depend on the
    order in which receivers, helpers and pairs are listed.
    """

    receiver: Counts
    helper: Counts
    weight: Reals
    want: Counts
    capacity: Counts
    pin: Bools = field(default_factory=_empty)
    veto: Bools = field(default_factory=_empty)
    kept: Bools = field(default_factory=_empty)
    demand: Counts = field(default_factory=_empty)
    receiver_key: Integers = field(default_factory=_empty)
    helper_key: Integers = field(default_factory=_empty)

    def __post_init__(self) -> None:
        for name, kind in KINDS.items():
            object.__setattr__(self, name, _as_kind(name, getattr(self, name), kind))
        self._fill_in()
        _check_lengths(self)
        _check_values(self)
        _check_keys(self)
        check_pins(self)

    def _fill_in(self) -> None:
        pairs, receivers, helpers = self.size
        for name in ("pin", "veto", "kept"):
            _default(self, name, np.zeros(pairs, np.bool_))
        _default(self, "demand", np.zeros(receivers, np.int32))
        _default(self, "receiver_key", np.arange(receivers))
        _default(self, "helper_key", np.arange(helpers))

    @property
    def size(self) -> tuple[int, int, int]:
        """Pairs, receivers, helpers."""
        return len(self.receiver), len(self.want), len(self.capacity)

    def digest(self) -> str:
        """SHA-256 of all arrays: the same input has the same digest."""
        seal = hashlib.sha256()
        for each in fields(self):
            array = np.ascontiguousarray(getattr(self, each.name))
            seal.update(f"{each.name}{array.dtype.str}{array.shape}".encode())
            seal.update(array.tobytes())
        return seal.hexdigest()

    def arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """Every array by its name in a file."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def _default(problem: Problem, name: str, value: np.ndarray[Any, Any]) -> None:
    if len(getattr(problem, name)) == 0:
        object.__setattr__(problem, name, value)


def _as_kind(name: str, values: Any, kind: type[np.generic]) -> np.ndarray[Any, Any]:
    array = np.asarray(values)
    if array.ndim != 1:
        raise WrongShape(f"{name} must be a flat list; it has {array.ndim} dimensions")
    if array.dtype == kind:
        return array
    if array.size == 0:
        return np.empty(0, kind)
    if array.dtype.kind not in "buif":
        raise WrongKind(f"{name} must hold numbers")
    if kind is np.float64:
        return array.astype(kind)
    with np.errstate(invalid="ignore"):
        cast = array.astype(kind)
    if not np.array_equal(cast, array):
        raise WrongKind(f"{name} must hold {np.dtype(kind)}; a value does not fit")
    return cast


def _check_lengths(problem: Problem) -> None:
    pairs, receivers, helpers = problem.size
    expected = {
        **dict.fromkeys(("helper", "weight", "pin", "veto", "kept"), pairs),
        **dict.fromkeys(("demand", "receiver_key"), receivers),
        "helper_key": helpers,
    }
    for name, length in expected.items():
        if len(getattr(problem, name)) != length:
            raise WrongShape(
                f"{name} has {len(getattr(problem, name))} values; {length} expected"
            )


def _check_values(problem: Problem) -> None:
    wrong = np.flatnonzero(~np.isfinite(problem.weight))
    if len(wrong):
        raise NotFinite(f"the weight of pair {wrong[0]} is not a finite number")
    if problem.size[0] and np.abs(problem.weight).max() > LARGEST_WEIGHT:
        raise OutOfRange(f"a weight is beyond {LARGEST_WEIGHT:,.0f}")
    _check_range("receiver", problem.receiver, problem.size[1])
    _check_range("helper", problem.helper, problem.size[2])
    for name in ("want", "capacity", "demand"):
        _check_range(name, getattr(problem, name), np.iinfo(np.int32).max)
    code = problem.receiver.astype(np.int64) * problem.size[2] + problem.helper
    values, counts = np.unique(code, return_counts=True)
    if (counts > 1).any():
        receiver, helper = divmod(int(values[counts > 1][0]), problem.size[2])
        raise RepeatedPair(f"receiver {receiver} and helper {helper} appear twice")


def _check_range(name: str, values: Counts, above: int) -> None:
    wrong = np.flatnonzero((values < 0) | (values >= above))
    if len(wrong):
        raise OutOfRange(f"{name}[{wrong[0]}] is {values[wrong[0]]}: out of range")


def _check_keys(problem: Problem) -> None:
    for name in ("receiver_key", "helper_key"):
        keys = getattr(problem, name)
        if len(np.unique(keys)) != len(keys):
            raise RepeatedPair(f"{name} holds the same key twice")


def check_pins(problem: Problem) -> None:
    """Raise `ClashingPins` when the pins cannot all be kept."""
    pinned = np.flatnonzero(problem.pin)
    vetoed = pinned[problem.veto[pinned]]
    if len(vetoed):
        raise ClashingPins("pairs are both pinned and vetoed", vetoed.tolist())
    for side, limit, words in (
        (problem.receiver, problem.want, "receivers are pinned more than they want"),
        (problem.helper, problem.capacity, "helpers are pinned beyond their places"),
    ):
        used = np.bincount(side[pinned], minlength=len(limit))
        over = pinned[used[side[pinned]] > limit[side[pinned]]]
        if len(over):
            raise ClashingPins(words, over.tolist())


@dataclass(frozen=True, eq=False)
class Sorted:
    """A problem in the order of its keys, and the way back."""

    problem: Problem
    receivers: Integers
    helpers: Integers
    pairs: Integers


def in_key_order(problem: Problem) -> Sorted:
    """The same problem with receivers, helpers and pairs sorted by their keys."""
    receivers = np.argsort(problem.receiver_key)
    helpers = np.argsort(problem.helper_key)
    receiver = np.argsort(receivers)[problem.receiver].astype(np.int32)
    helper = np.argsort(helpers)[problem.helper].astype(np.int32)
    pairs = np.lexsort((helper, receiver))
    ordered = object.__new__(Problem)  # already checked
    moved = {
        **{n: getattr(problem, n)[pairs] for n in ("weight", "pin", "veto", "kept")},
        **{n: getattr(problem, n)[receivers] for n in ("want", "demand")},
        "receiver": receiver[pairs],
        "helper": helper[pairs],
        "capacity": problem.capacity[helpers],
        "receiver_key": problem.receiver_key[receivers],
        "helper_key": problem.helper_key[helpers],
    }
    for name, array in moved.items():
        object.__setattr__(ordered, name, array)
    return Sorted(ordered, receivers, helpers, pairs)


def with_veto(problem: Problem, pairs: Integers) -> Problem:
    """The same problem with these pairs vetoed as well."""
    veto = problem.veto.copy()
    veto[pairs] = True
    return replace(problem, veto=veto)
