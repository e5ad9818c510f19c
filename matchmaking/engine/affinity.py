"""How close texts are: ready-made affinities for `Context`."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.arrays import Integers, Reals


@dataclass(frozen=True, eq=False)
class Known:
    """Affinities worked out before: float[needs, offers], 0 to 1."""

    values: Reals

    def between(self, needs: Integers, offers: Integers) -> Reals:
        """The affinity of each need with each offer, by row and column."""
        return self.values[needs, offers]


@dataclass(frozen=True, eq=False)
class Calibrated:
    """Cosines placed among background cosines: the share of these that are lower.

    `needs` and `offers`: float32[n, d], rows of unit length; `background`: float[b],
    sorted, cosines of texts that have nothing to do with each other.
    """

    needs: NDArray[np.float32]
    offers: NDArray[np.float32]
    background: Reals

    def between(self, needs: Integers, offers: Integers) -> Reals:
        """The affinity of each need with each offer, by rows of the vectors."""
        if needs.ndim == offers.ndim == 2:  # noqa: PLR2004 - a column and a row
            cosine = self.needs[needs[:, 0]] @ self.offers[offers[0]].T
        else:
            cosine = (self.needs[needs] * self.offers[offers]).sum(axis=-1)
        share = np.arange(1, len(self.background) + 1) / len(self.background)
        placed: Reals = np.interp(cosine, self.background, share, left=0.0)
        return placed
