"""Keeping children alive: one that ends unasked is started again, later each time."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from loci.stack.children import Child

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
STEADY = 60.0
"""Seconds after which a child that ran counts as healthy again."""


@dataclass
class Kept:
    child: Child
    began_at: float
    endings: int = 0
    again_at: float | None = None


def pause_after(endings: int) -> float:
    """Seconds to wait after so many endings in a row: 1, 2, 4 … 30."""
    return min(FIRST_PAUSE * 2.0 ** (endings - 1), LONGEST_PAUSE)


class Keeper:
    """Looks after children; `look` is called again and again."""

    def __init__(
        self,
        children: list[Child],
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._say = say
        self._clock = clock
        self._kept = [Kept(child, clock()) for child in children]

    def look(self) -> None:
        for kept in self._kept:
            if kept.again_at is None:
                self._notice_ending(kept)
            elif self._clock() >= kept.again_at:
                self._start_again(kept)

    def _notice_ending(self, kept: Kept) -> None:
        code = kept.child.outcome()
        if code is None:
            return
        now = self._clock()
        steady = now - kept.began_at >= STEADY
        kept.endings = 1 if steady else kept.endings + 1
        pause = pause_after(kept.endings)
        kept.again_at = now + pause
        kept.child.stop()  # what is left of its group
        program = kept.child.program
        self._say(
            f"{program.name} ended by itself ({code}): starting it again "
            f"in {pause:.0f} s; its log is {program.log}"
        )

    def _start_again(self, kept: Kept) -> None:
        kept.again_at, kept.began_at = None, self._clock()
        kept.child.start()
