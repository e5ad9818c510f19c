"""Leaving a server alone for a while once it has not answered."""

import time
from collections.abc import Callable

SECONDS = 10.0


class Rest:
    """Remembers which addresses did not answer, so that not every page waits for them."""

    def __init__(
        self, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._until: dict[str, float] = {}

    def holds(self, address: str) -> bool:
        """Whether this address is left alone just now."""
        return self._clock() < self._until.get(address, 0.0)

    def begin(self, address: str) -> None:
        self._until[address] = self._clock() + self._seconds
