"""A real Celery worker on the database of a test, with a queue of its own."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from celery import Celery, current_app
from django.db import connection

from loci.core.jobs import mail_queue
from loci.stack.state import PROJECT

PATIENCE = 120.0
PAUSE = 0.05
FAREWELL = 10.0
NOWHERE = "redis+socket:///nowhere/valkey.sock?virtual_host=0"


@dataclass
class Worker:
    """One `celery worker`, the head of its own process group, and what it has said."""

    process: subprocess.Popen[bytes]
    said_in: Path
    has_ended: bool = False

    @property
    def said(self) -> str:
        return self.said_in.read_text(errors="replace")

    def wait_until_ready(self) -> None:
        """Wait for its own word: an answer to a ping comes too early."""
        until(lambda: " ready." in self.said or self.process.poll() is not None)
        assert " ready." in self.said, self.said

    def kill(self) -> None:
        """End parent and child in an instant, as a lost machine would."""
        if not self.has_ended:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.has_ended = True

    def stop(self) -> None:
        """Ask it to end; kill what is left of its group."""
        self.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(FAREWELL)
        self.kill()


def until(happens: Callable[[], object], patience: float = PATIENCE) -> None:
    """Look again and again; fail when it has not happened in time."""
    latest = time.monotonic() + patience
    while not happens():
        assert time.monotonic() < latest, "it did not happen in time"
        time.sleep(PAUSE)


def worker(
    queue: str, folder: Path, *, with_clock: bool, queues: str = "", **settings: str
) -> AbstractContextManager[Worker]:
    """Start a worker on all queues, or `queues`; with a clock it sweeps every two
    seconds. It is up to the caller to wait until it is ready. It is stopped at the end,
    whatever happens.
    """
    schedule = str(folder / f"{uuid.uuid4().hex[:8]}.beat")
    arguments = (
        *("worker", "--loglevel", "INFO", "--concurrency", "1"),
        *("-Q", queues or f"{queue},{mail_queue(queue)}"),
        *("--without-gossip", "--without-mingle"),
        *(("-B", "--schedule", schedule) if with_clock else ()),
    )
    return _celery(queue, folder, arguments, settings)


def clock(queue: str, folder: Path, **settings: str) -> AbstractContextManager[Worker]:
    """Start a beat of its own, which no kill of a worker touches."""
    schedule = str(folder / f"{uuid.uuid4().hex[:8]}.beat")
    arguments = ("beat", "--loglevel", "INFO", "--schedule", schedule, "--pidfile", "")
    return _celery(queue, folder, arguments, settings)


@contextmanager
def _celery(
    queue: str, folder: Path, arguments: tuple[str, ...], settings: dict[str, str]
) -> Iterator[Worker]:
    said_in = folder / f"celery-{uuid.uuid4().hex[:8]}.log"
    with said_in.open("wb") as said:
        process = subprocess.Popen(
            (sys.executable, "-m", "celery", "-A", "loci", *arguments),
            cwd=PROJECT,
            env={
                **os.environ,
                "DATABASE_URL": address_of_the_test_database(),
                "LOCI_QUEUE": queue,
                "LOCI_SWEEP_SECONDS": "2",
                **settings,
            },
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Worker(process, said_in)
    try:
        yield running
    finally:
        running.stop()


def address_of_the_test_database() -> str:
    """The address that this run was given, with the name of the tests' own database."""
    given = urlsplit(os.environ["DATABASE_URL"])
    folder, _slash, _name = given.path.rpartition("/")
    return given._replace(path=f"{folder}/{connection.settings_dict['NAME']}").geturl()


@contextmanager
def celery_told(**words: str) -> Iterator[None]:
    """Let this process publish with other settings, such as another queue or broker."""
    kept = {name: current_app.conf[name] for name in words}
    try:
        _tell(current_app, words)
        yield
    finally:
        _tell(current_app, kept)


def _tell(app: Celery, words: dict[str, str]) -> None:
    app.conf.update(words)
    app.__dict__.pop("amqp", None)  # it remembers queues and connections


def waiting_in(queue: str) -> int:
    with current_app.connection_for_read() as line:
        channel: Any = line.default_channel
        return int(channel._size(queue))
