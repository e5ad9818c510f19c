"""Figures of the engine."""

import numpy as np

from matchmaking.engine.problem import Problem


def made_up(localities: int, *, nearest: int = 30, seed: int = 1) -> Problem:
    """Localities with needs and offers in five areas; the best `nearest` for each."""
    dice = np.random.default_rng(seed)
    need = dice.dirichlet(np.full(12, 0.4), localities)
    offer = dice.dirichlet(np.full(12, 0.4), localities)
    kind = dice.random((localities, 4))
    need /= np.linalg.norm(need, axis=1, keepdims=True)
    offer /= np.linalg.norm(offer, axis=1, keepdims=True)
    nearest = min(nearest, localities - 1)
    rows, columns, weights = [], [], []
    for start in range(0, localities, 500):
        block = slice(start, min(localities, start + 500))
        likeness = 1 - np.abs(kind[block, None, :2] - kind[None, :, :2]).mean(axis=2)
        score = 0.65 * (need[block] @ offer.T) + 0.35 * likeness
        score *= 0.75 + 0.25 * kind[None, :, 2]
        score[np.arange(block.stop - start), np.arange(start, block.stop)] = -1
        best = np.argpartition(-score, nearest - 1, axis=1)[:, :nearest]
        rows.append(np.repeat(np.arange(start, block.stop), nearest))
        columns.append(best.ravel())
        weights.append(np.take_along_axis(score, best, axis=1).ravel())
    return Problem(
        receiver=np.concatenate(rows),
        helper=np.concatenate(columns),
        weight=np.concatenate(weights),
        want=np.full(localities, 2),
        capacity=np.full(localities, 3),
    )
