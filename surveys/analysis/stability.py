"""Whether the same groups would be found had a fifth of the people not answered."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int64]
Samples = list[tuple[NDArray[np.int64], Labels]]

SAMPLES = 20
SHARE = 0.8
STABLE = 0.6


def samples(
    size: int, group: Callable[[NDArray[np.int64]], Labels], *, seed: int
) -> Samples:
    """Twenty times: four fifths of the rows, and the groups found among them alone."""
    dice = np.random.default_rng(seed)
    taken = max(1, round(size * SHARE))
    drawn = [np.sort(dice.permutation(size)[:taken]) for _ in range(SAMPLES)]
    return [(rows, group(rows)) for rows in drawn]


def stability(member: NDArray[np.bool_], found: Samples) -> float:
    """Mean Jaccard likeness, 0 to 1, of a group to its best twin in each sample."""
    likeness = []
    for rows, labels in found:
        here = member[rows]
        both = np.bincount(labels, weights=here)
        either = here.sum() + np.bincount(labels) - both
        likeness.append(float((both / either).max()) if here.any() else 0.0)
    return float(np.mean(likeness))


def stable_groups(
    labels: Labels, near: NDArray[np.float64], found: Samples
) -> list[tuple[NDArray[np.bool_], float]]:
    """Groups of at least 0.6, and those that are so once joined with their nearest.

    `near` is float64[groups, groups], how alike the centres are. What is not stable
    even so is left out.
    """
    groups = {name: labels == name for name in range(labels.max() + 1)}
    scores = {name: stability(member, found) for name, member in groups.items()}
    shaky = [name for name, score in scores.items() if score < STABLE]
    for name in shaky:
        others = [other for other in shaky if other != name and other in groups]
        if name not in groups or not others:
            continue
        mate = max(others, key=lambda other: (near[name, other], -other))
        joined = groups[name] | groups[mate]
        score = stability(joined, found)
        if score >= STABLE:
            del groups[mate]
            groups[name], scores[name] = joined, score
    return [
        (member, scores[name])
        for name, member in groups.items()
        if scores[name] >= STABLE
    ]
