"""A worker that hears nothing any more ends itself: what looks after it starts it anew.

After a broker has come back a worker may be left without a single message, for ever
(celery#8030, #9054), though it looks well. Beat speaks to each worker every twenty
seconds, so a silence of a minute and a half is no peace.
"""

import logging
import os
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)
LOOK_AGAIN = 2.0


class Hearing:
    """When this worker last heard a message; no work on one takes longer than `longest`."""

    def __init__(
        self,
        seconds: float,
        longest: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds = seconds
        self._longest = longest
        self._clock = clock
        self._heard_at = self._took_at = clock()

    def hears(self) -> None:
        self._heard_at = self._took_at = self._clock()

    def works(self) -> None:
        """A busy worker is as good as one that hears, but not for ever."""
        if self._clock() - self._took_at <= self._longest:
            self._heard_at = self._clock()

    def is_lost(self) -> bool:
        return self._clock() - self._heard_at > self._seconds


def watch(hearing: Hearing, is_busy: Callable[[], bool]) -> None:
    """End this process once it is deaf."""

    def look() -> None:
        while not hearing.is_lost():
            time.sleep(LOOK_AGAIN)
            if is_busy():
                hearing.works()
        logger.critical(
            "No message for too long: this worker ends, to be started anew."
        )
        os._exit(1)

    threading.Thread(target=look, name="hearing", daemon=True).start()


def keep_saying(
    says: Callable[[], None], is_busy: Callable[[], bool], every: float
) -> None:
    """While this process is busy, say so every so many seconds, beside its work."""

    def look() -> None:
        while True:
            time.sleep(every)
            if is_busy():
                says()

    threading.Thread(target=look, name="saying", daemon=True).start()
