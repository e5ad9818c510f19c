"""Groups of vectors: float64[n, d] in, one label a row out. Same input, same output."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

Rows = NDArray[np.float64]
Labels = NDArray[np.int64]
Method = Literal["average linkage", "k-means"]

NEIGHBOURS = 5
RESTARTS, STEPS = 4, 50


def unit(rows: Rows) -> Rows:
    """Rows of length one; a row of zeros stays so."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    result: Rows = rows / np.where(length > 0, length, 1)
    return result


def distances(rows: Rows) -> Rows:
    """Cosine distance of every two rows of unit length: float64[n, n] in [0, 2]."""
    result: Rows = np.clip(1 - rows @ rows.T, 0, 2)
    np.fill_diagonal(result, 0)
    return result


def with_neighbours(rows: Rows) -> Rows:
    """Each row moved halfway to the mean of its nearest: short texts are noisy."""
    near = 1 - distances(rows)
    np.fill_diagonal(near, -np.inf)
    nearest = np.argsort(-near, axis=1, kind="stable")[:, :NEIGHBOURS]
    weights = np.clip(np.take_along_axis(near, nearest, axis=1), 0, None)
    around = np.einsum("nk,nkd->nd", weights, rows[nearest])
    total = weights.sum(axis=1, keepdims=True)
    return unit(rows + around / np.where(total > 0, total, 1))


def group(rows: Rows, count: int, method: Method, *, seed: int) -> Labels:
    """At most `count` groups, named 0, 1, … by first appearance."""
    if method == "k-means":
        return renumbered(_k_means(rows, count, seed))
    return renumbered(cut(tree(rows), count))


def tree(rows: Rows) -> Rows:
    """Average linkage by cosine; cut it with `cut`."""
    result: Rows = linkage(squareform(distances(rows), checks=False), "average")
    return result


def cut(merges: Rows, count: int) -> Labels:
    result: Labels = fcluster(merges, count, "maxclust").astype(np.int64)
    return result


def renumbered(labels: Labels) -> Labels:
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    place = np.argsort(np.argsort(first))
    result: Labels = place[inverse].astype(np.int64)
    return result


def silhouette(apart: Rows, labels: Labels) -> float:
    """Mean silhouette from -1 to 1, of distances `apart`; a group of one counts 0."""
    groups = np.eye(labels.max() + 1)[labels]
    sizes = groups.sum(axis=0)
    if len(sizes) < 2:  # noqa: PLR2004 - one group has no other to be told from
        return 0.0
    sums = apart @ groups
    own = np.arange(len(labels)), labels
    within = sums[own] / np.maximum(sizes[labels] - 1, 1)
    means = sums / sizes
    means[own] = np.inf
    other = means.min(axis=1)
    widest = np.maximum(within, other)
    score = np.where(
        sizes[labels] > 1, (other - within) / np.where(widest > 0, widest, 1), 0
    )
    return float(score.mean())


def centres(rows: Rows, labels: Labels) -> Rows:
    """Mean direction of each group: float64[groups, d]."""
    groups = np.eye(labels.max() + 1)[labels]
    return unit(groups.T @ rows)


def _k_means(rows: Rows, count: int, seed: int) -> Labels:
    """Spherical k-means, the best of a few starts."""
    dice = np.random.default_rng(seed)
    tries = [_settle(rows, _start(rows, count, dice)) for _ in range(RESTARTS)]
    return max(tries, key=lambda found: found[0])[1]


def _start(rows: Rows, count: int, dice: np.random.Generator) -> Rows:
    """k-means++: each next centre likely far from those chosen."""
    chosen = [int(dice.integers(len(rows)))]
    while len(chosen) < count:
        away = np.clip(1 - (rows @ rows[chosen].T).max(axis=1), 0, None) ** 2
        if away.sum() == 0:
            break
        chosen.append(int(dice.choice(len(rows), p=away / away.sum())))
    return rows[chosen]


def _settle(rows: Rows, middle: Rows) -> tuple[float, Labels]:
    labels = np.full(len(rows), -1)
    for _ in range(STEPS):
        near = rows @ middle.T
        moved = near.argmax(axis=1)
        if (moved == labels).all():
            break
        labels = moved
        groups = np.eye(len(middle))[labels]
        middle = unit(groups.T @ rows)
    return float((rows @ middle.T).max(axis=1).sum()), labels
