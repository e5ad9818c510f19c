"""A few ideas out of many answers.

Under 8 texts a list says more than any grouping; under 25 a grouping is a draft to be
checked one by one. Thresholds were measured: docs/analysis.md.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surveys.analysis.grouping import (
    Labels,
    Method,
    Rows,
    centres,
    cut,
    distances,
    group,
    renumbered,
    silhouette,
    tree,
    unit,
    with_neighbours,
)
from surveys.analysis.labels import Said, label, representatives
from surveys.analysis.stability import samples, stable_groups
from surveys.analysis.texts import clean, says_something

FEWEST, ENOUGH = 8, 25
MOST_GROUPS, TEXTS_PER_GROUP, LEAST_TEXTS = 12, 3, 3
ALSO_K_MEANS = 100
CLEAR = 0.08
ALONE = 0.25
ALL_ALIKE = 0.8
OWN_MEAN = 20
FIT = 2_000
BLOCK = 2_000


class Outcome(StrEnum):
    """What can be said of the answers together."""

    LIST_ONLY = "list_only"
    NO_CLEAR_GROUPS = "no_clear_groups"
    DRAFT = "draft"
    CLUSTERS = "clusters"


@dataclass(frozen=True)
class Cluster:
    """An idea, and the localities (`units`) that have it.

    `centre` is the mean of its vectors as they were given, of unit length.
    """

    members: tuple[str, ...]
    label: tuple[str, ...]
    representatives: tuple[str, ...]
    units: tuple[int, ...]
    stability: float
    centre: NDArray[np.float64]


@dataclass(frozen=True)
class Clustering:
    """Largest first; `left_out` are empty, alone, or in no group that would last."""

    outcome: Outcome
    clusters: tuple[Cluster, ...]
    left_out: tuple[str, ...]
    parameters: Mapping[str, Any]


Groups = list[tuple[NDArray[np.bool_], float]]


@dataclass(frozen=True)
class _Found:
    """Which rows are in each group, and how sure that group is."""

    groups: Groups
    parameters: dict[str, Any]


def cluster(
    said: Sequence[Said], vectors: NDArray[np.float32], *, seed: int = 1
) -> Clustering:
    """Groups of texts; `vectors` (rows of unit length) in the order of `said`.

    The order does not matter. A text that a locality gave twice counts once and stays
    with its twin.
    """
    order = sorted(range(len(said)), key=lambda place: said[place].id)
    texts = [said[place] for place in order]
    kept, twins = _distinct(texts, vectors[order])
    rows = _own_means_removed(vectors[order][kept], [texts[n].language for n in kept])
    parameters: dict[str, Any] = {
        "seed": seed,
        "texts": len(texts),
        "distinct": len(kept),
        "languages": sorted({text.language for text in texts}),
    }
    if len(kept) < FEWEST:
        return _nothing(Outcome.LIST_ONLY, texts, parameters)
    found = _find(rows, seed)
    parameters |= found.parameters
    if not found.groups:
        return _nothing(Outcome.NO_CLEAR_GROUPS, texts, parameters)
    groups = [
        ([kept[n] for n in np.flatnonzero(member)], score)
        for member, score in found.groups
    ]
    clusters = _described(groups, texts, vectors[order], twins)
    inside = {name for each in clusters for name in each.members}
    return Clustering(
        outcome=Outcome.CLUSTERS if len(kept) >= ENOUGH else Outcome.DRAFT,
        clusters=clusters,
        left_out=tuple(text.id for text in texts if text.id not in inside),
        parameters=parameters,
    )


def _distinct(
    texts: Sequence[Said], vectors: NDArray[np.float32]
) -> tuple[list[int], dict[int, list[int]]]:
    """Places of texts with words, once per locality; and who else said the same there."""
    first: dict[tuple[int, str], int] = {}
    twins: dict[int, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        words = clean(text.text).casefold()
        if says_something(words) and vectors[place].any():
            twins[first.setdefault((text.unit, words), place)].append(place)
    return sorted(first.values()), twins


def _own_means_removed(vectors: NDArray[np.float32], languages: Sequence[str]) -> Rows:
    """Less what each language adds in this wave, the less the fewer texts it has."""
    rows = vectors.astype(np.float64)
    if not len(rows):
        return rows
    middle = rows.mean(axis=0)
    result = rows.copy()
    for language in sorted(set(languages)):
        here = np.array([each == language for each in languages])
        weight = here.sum() / (here.sum() + OWN_MEAN)
        result[here] -= weight * (rows[here].mean(axis=0) - middle)
    return unit(result)


def _find(rows: Rows, seed: int) -> _Found:
    near = rows @ rows.mean(axis=0)
    if near.mean() >= ALL_ALIKE:
        everyone = np.ones(len(rows), dtype=bool)
        return _Found([(everyone, 1.0)], {"groups": 1, "alike": round(near.mean(), 3)})
    fit = np.sort(np.random.default_rng(seed).permutation(len(rows))[:FIT])
    alone = _company(rows, fit) < ALONE
    fit = fit[~alone[fit]]
    if len(fit) < FEWEST:
        return _Found([], {"alone": int(alone.sum())})
    return _found_among(unit(rows - rows[fit].mean(axis=0)), fit, alone, seed)


def _company(rows: Rows, fit: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mean cosine of each row to its three nearest others among those of the fit."""
    result = np.empty(len(rows))
    for start in range(0, len(rows), BLOCK):
        near = rows[start : start + BLOCK] @ rows[fit].T
        itself = np.flatnonzero((fit >= start) & (fit < start + BLOCK))
        near[fit[itself] - start, itself] = -np.inf
        result[start : start + BLOCK] = np.sort(near, axis=1)[:, -3:].mean(axis=1)
    return result


def _found_among(
    rows: Rows, fit: NDArray[np.int64], alone: NDArray[np.bool_], seed: int
) -> _Found:
    """Of the methods, the one whose groups that last hold the most texts."""
    methods: list[Method] = ["average linkage"]
    if len(fit) >= ALSO_K_MEANS:
        methods.append("k-means")
    tried = [_tried(rows[fit], method, seed) for method in methods]
    best = max(tried, key=lambda each: sum(m.sum() * score for m, score in each.groups))
    parameters = {"alone": int(alone.sum()), "fitted": len(fit), **best.parameters}
    return _Found(_everyone(rows, fit, alone, best.groups), parameters)


def _tried(rows: Rows, method: Method, seed: int) -> _Found:
    """The clearest number of groups by this method, and which of them would last."""
    labels = _clearest(with_neighbours(rows), method, seed)
    count = int(labels.max()) + 1
    clear = silhouette(distances(rows), labels)
    stable: Groups = []
    if clear >= CLEAR:
        again = samples(
            len(rows),
            lambda some: group(with_neighbours(rows[some]), count, method, seed=seed),
            seed=seed,
        )
        middle = centres(rows, labels)
        stable = [
            (member, score)
            for member, score in stable_groups(labels, middle @ middle.T, again)
            if member.sum() >= LEAST_TEXTS
        ]
    parameters = {
        "groups": count,
        "method": method,
        "silhouette": round(clear, 3),
        "kept": len(stable),
    }
    return _Found(stable, parameters)


def _clearest(rows: Rows, method: Method, seed: int) -> Labels:
    apart = distances(rows)
    counts = range(2, max(2, min(MOST_GROUPS, len(rows) // TEXTS_PER_GROUP)) + 1)
    merges = tree(rows)
    tried = [
        renumbered(cut(merges, count))
        if method == "average linkage"
        else group(rows, count, method, seed=seed)
        for count in counts
    ]
    return max(tried, key=lambda labels: silhouette(apart, labels))


def _everyone(
    rows: Rows,
    fit: NDArray[np.int64],
    alone: NDArray[np.bool_],
    stable: Groups,
) -> Groups:
    """Where only a sample was fitted: the rest joins the nearest centre."""
    groups = np.full(len(rows), -1)
    for name, (member, _) in enumerate(stable):
        groups[fit[member]] = name
    rest = np.setdiff1d(np.flatnonzero(~alone), fit)
    if len(rest) and stable:
        middle = unit(
            np.array([rows[groups == name].mean(axis=0) for name in range(len(stable))])
        )
        groups[rest] = (rows[rest] @ middle.T).argmax(axis=1)
    return [(groups == name, score) for name, (_, score) in enumerate(stable)]


def _described(
    groups: list[tuple[list[int], float]],
    texts: Sequence[Said],
    vectors: NDArray[np.float32],
    twins: Mapping[int, list[int]],
) -> tuple[Cluster, ...]:
    everything = [[texts[place] for place in places] for places, _ in groups]
    clusters = []
    for (places, score), inside in zip(groups, everything, strict=True):
        mine = vectors[places].astype(np.float64)
        centre = unit(mine.mean(axis=0, keepdims=True))[0]
        members = sorted(texts[twin].id for place in places for twin in twins[place])
        others = [each for each in everything if each is not inside]
        clusters.append(
            Cluster(
                members=tuple(members),
                label=label(inside, others),
                representatives=representatives(inside, mine @ centre),
                units=tuple(sorted({text.unit for text in inside})),
                stability=round(score, 3),
                centre=centre,
            )
        )
    return tuple(sorted(clusters, key=_largest_first))


def _largest_first(each: Cluster) -> tuple[int, int, tuple[str, ...]]:
    return -len(each.units), -len(each.members), each.members


def _nothing(
    outcome: Outcome, texts: Sequence[Said], parameters: Mapping[str, Any]
) -> Clustering:
    return Clustering(outcome, (), tuple(text.id for text in texts), parameters)
