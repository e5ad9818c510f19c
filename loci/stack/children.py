"""Child processes that end when this process ends, even if it is killed."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from loci.stack.problems import Problem

PR_SET_PDEATHSIG = 1
LOG_KEPT = 5_000_000
TAIL_LINES = 25


@dataclass(frozen=True)
class Account:
    """An account of this machine that a server runs as; without numbers: our own."""

    uid: int | None = None
    gid: int | None = None

    @property
    def is_ours(self) -> bool:
        return self.uid is None

    @property
    def groups(self) -> list[int] | None:
        return None if self.is_ours else []


OURS = Account()


@dataclass(frozen=True)
class Program:
    """What to start, and how it wants to be asked to end."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    farewell: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 10.0),)
    """Signals to ask with, one after the other, and the seconds to wait after each."""
    when_we_die: signal.Signals = signal.SIGTERM
    account: Account = OURS
    inherits: tuple[int, ...] = ()
    typed: bytes = b""
    """What it reads as if typed."""


class Child:
    """One run of a program, in a process group of its own.

    Ctrl-C in the terminal reaches only this process, which then stops its children
    in the order it wants.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._log_began = 0

    def start(self) -> None:
        program = self.program
        program.log.parent.mkdir(parents=True, exist_ok=True)
        with program.log.open("ab") as log:
            self._log_began = log.tell()
            self._process = subprocess.Popen(
                program.command,
                stdin=subprocess.PIPE if program.typed else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=program.folder,
                env=dict(program.environment),
                process_group=0,
                pass_fds=program.inherits,
                preexec_fn=_tie_to(os.getpid(), program.when_we_die),
                umask=0o077,
                user=program.account.uid,
                group=program.account.gid,
                extra_groups=program.account.groups,
            )
        if self._process.stdin is not None:
            with suppress(BrokenPipeError), self._process.stdin as keys:
                keys.write(program.typed)

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError(f"{self.program.name} was never started")
        return self._process.pid

    def outcome(self) -> int | None:
        """The exit code, or None while it runs."""
        return None if self._process is None else self._process.poll()

    def finish(self) -> None:
        """Wait for a program that does one thing and ends; refuse any failure."""
        if self._process is None:
            return
        try:
            code = self._process.wait()
        finally:
            self.stop()
        if code != 0:
            raise self.failure()

    def stop(self) -> None:
        """Ask it to end, then make it; kill whatever is left of its group.

        An interruption while it takes its leave cuts that leave short.
        """
        process, self._process = self._process, None
        if process is None:
            return
        try:
            for ask, patience in self.program.farewell:
                if process.poll() is not None:
                    break
                process.send_signal(ask)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(patience)
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def failure(self) -> Problem:
        """The end of what this run has logged, for a person to read."""
        name, log = self.program.name, self.program.log
        said = log.read_bytes()[self._log_began :].decode(errors="replace")
        end = "\n".join("  " + line for line in said.splitlines()[-TAIL_LINES:])
        return Problem(f"{name} did not do its work; the end of {log}:\n{end}")


def trim_logs(folder: Path) -> None:
    """Keep what is long as one older file, so that logs stay small."""
    for log in folder.glob("*.log"):
        if log.stat().st_size > LOG_KEPT:
            log.replace(log.with_suffix(".log.old"))


def _tie_to(parent: int, ending: signal.Signals) -> Callable[[], None] | None:
    """A function for the child, before its program begins; Linux only."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(ending))
        if os.getppid() != parent:
            os._exit(1)  # the parent ended before the tie held

    return tie
