"""The signals that ask us to end."""

import signal
import time
from types import FrameType

ONE_WISH = 2.0
"""Seconds in which repeats count as one: `make` hands on what the terminal sent."""


class Interruptions:
    """Turns the signals that ask us to end into one KeyboardInterrupt.

    A second wish, later, interrupts the leave-taking and so hurries it.
    """

    def __init__(self) -> None:
        self._last = float("-inf")

    def listen(self) -> None:
        signal.signal(signal.SIGINT, self._arrived)
        signal.signal(signal.SIGTERM, self._arrived)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup asks so
            signal.signal(signal.SIGHUP, self._arrived)

    def _arrived(self, _number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        repeated = now - self._last < ONE_WISH
        self._last = now
        if not repeated:
            raise KeyboardInterrupt
