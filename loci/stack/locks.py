"""Locks on files: they end with the processes that hold them, however those end."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loci.stack.problems import Problem

PAUSE = 0.1


class Busy(Exception):
    """Somebody else holds this lock."""


@contextmanager
def held(path: Path, *, patience: float = 0.0) -> Iterator[int]:
    """Hold a lock alone; give its descriptor, for children to inherit.

    A child that inherits the descriptor holds the lock until it ends.
    Raises `Busy` when others still hold it after `patience` seconds.
    """
    with _opened(path) as descriptor:
        _lock(descriptor, fcntl.LOCK_EX, patience)
        yield descriptor


@contextmanager
def shared(path: Path) -> Iterator[None]:
    """Hold a lock together with others who share it; `Busy` when one holds it alone."""
    with _opened(path) as descriptor:
        _lock(descriptor, fcntl.LOCK_SH, 0.0)
        yield


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise Problem(f"{path} belongs to another account") from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(descriptor: int, kind: int, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= until:
                raise Busy from error
            time.sleep(PAUSE)
        else:
            return
