"""What the supervisor says: one calm line for each step."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO


class Console:
    """Writes lines to a stream; a stream that has gone away is no error."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def say(self, text: str) -> None:
        self._write(text + "\n")

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Name a step when it begins; finish the line with the seconds it took."""
        began = time.monotonic()
        self._write(f"{what} ... ")
        try:
            yield
        except BaseException:
            self._write("\n")
            raise
        self._write(f"{time.monotonic() - began:.1f} s\n")

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            self._stream.write(text)
            self._stream.flush()
