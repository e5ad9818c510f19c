"""From wave to wave: which new clusters are the themes that people have named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from surveys.analysis.clusters import Cluster

SAME = 0.35


@dataclass(frozen=True)
class Theme:
    """A cluster that a person has named, as it was in the wave before."""

    id: int
    centre: NDArray[np.float64]
    units: frozenset[int]


@dataclass(frozen=True)
class Continued:
    """`kept`: theme to cluster (its place); `change`: localities more or fewer."""

    kept: Mapping[int, int]
    change: Mapping[int, int]
    new: tuple[int, ...]
    gone: tuple[int, ...]


def continued(themes: Sequence[Theme], clusters: Sequence[Cluster]) -> Continued:
    """The best one-to-one match by likeness of centres, more so for shared localities.

    A theme keeps its name where the cosine of the centres is at least 0.35.
    """
    before = sorted(themes, key=lambda theme: theme.id)
    kept = _pairs(before, clusters) if before and clusters else {}
    size = {theme.id: len(theme.units) for theme in before}
    return Continued(
        kept=kept,
        change={
            theme: len(clusters[place].units) - size[theme]
            for theme, place in kept.items()
        },
        new=tuple(n for n in range(len(clusters)) if n not in kept.values()),
        gone=tuple(theme.id for theme in before if theme.id not in kept),
    )


def _pairs(themes: Sequence[Theme], clusters: Sequence[Cluster]) -> dict[int, int]:
    near = (
        np.array([theme.centre for theme in themes])
        @ np.array([cluster.centre for cluster in clusters]).T
    )
    shared = np.array(
        [[_jaccard(theme.units, each.units) for each in clusters] for theme in themes]
    )
    score = np.where(near >= SAME, near * (1 + shared), 0)
    rows, columns = linear_sum_assignment(-score)
    return {
        themes[row].id: int(column)
        for row, column in zip(rows, columns, strict=True)
        if score[row, column] > 0
    }


def _jaccard(one: frozenset[int], other: Sequence[int]) -> float:
    either = one.union(other)
    return len(one.intersection(other)) / len(either) if either else 0.0
