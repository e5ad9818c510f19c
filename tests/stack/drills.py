"""Running the supervisor from outside, as a person at a terminal would."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from loci.stack import locks, places
from loci.stack.state import PROJECT, State

PATIENCE = 120.0
GIVEN_BY_THE_TEST_RUN = ("DATABASE_URL", "REDIS_URL", "PORT", "MAKEFLAGS")


@dataclass
class Drill:
    """One `python -m loci.stack …`, and what it has said so far."""

    process: subprocess.Popen[bytes]
    said_in: Path

    @property
    def said(self) -> str:
        return self.said_in.read_text(errors="replace")

    def says(self, words: str) -> str:
        """Wait until it has said these words; return all it has said."""
        until(lambda: words in self.said or self.process.poll() is not None)
        assert words in self.said, self.said
        return self.said

    def ends(self) -> int:
        return self.process.wait(PATIENCE)

    def told(self, ask: signal.Signals) -> None:
        self.process.send_signal(ask)


def until(happens: Callable[[], bool]) -> None:
    """Look again and again; fail when it has not happened within `PATIENCE`."""
    latest = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < latest, "it did not happen in time"
        time.sleep(0.05)


@contextmanager
def stack(state: State, *arguments: str, **settings: str) -> Iterator[Drill]:
    """Start the supervisor on a state folder; kill it at the end if it still runs."""
    state.folder.parent.mkdir(parents=True, exist_ok=True)
    said_in = state.folder.with_name(f"{state.folder.name}-{time.monotonic_ns()}.said")
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in GIVEN_BY_THE_TEST_RUN and not name.startswith("LOCI_")
    }
    with said_in.open("wb") as said:
        process = subprocess.Popen(
            (sys.executable, "-m", "loci.stack", *arguments),
            cwd=PROJECT,
            env={**environment, "LOCI_STATE": str(state.folder), **settings},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
    try:
        yield Drill(process, said_in)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()
        said_in.unlink()


def nothing_left(state: State) -> bool:
    """Whether the last process has ended that inherited the lock of the children."""
    try:
        with locks.held(state.children_lock):
            return True
    except locks.Busy:
        return False
    except FileNotFoundError:
        return True


def descendants(of: int) -> set[int]:
    """The processes that a process started, and those that they started."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(
                stat.read_text().rpartition(")")[2].split()[1]
            )
    found: set[int] = set()
    level = {of}
    while level:
        level = {pid for pid, parent in parents.items() if parent in level}
        found |= level
    return found


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@contextmanager
def state_named(*names: str) -> Iterator[State]:
    """A state folder in the project's own, where the servers' account reaches it."""
    folder = PROJECT / ".state" / f"drill-{os.getpid()}-{time.monotonic_ns()}"
    state = State(folder.joinpath(*names))
    try:
        yield state
    finally:
        until(lambda: nothing_left(state))
        places.forget(state)
        places.forget(State(folder))
