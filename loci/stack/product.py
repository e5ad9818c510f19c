"""The processes of the product: what prepares it, and the three that keep it going."""

import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from loci.stack.children import Child, Program
from loci.stack.servers import Holding
from loci.stack.state import PROJECT

SHARED_MEMORY = Path("/dev/shm")


def command(
    holding: Holding, environment: Mapping[str, str], name: str, *arguments: str
) -> Child:
    """One run of a command of `manage.py`, with a log of its own."""
    return _child(holding, environment, name, ("manage.py", name, *arguments))


def web(holding: Holding, environment: Mapping[str, str], door: socket.socket) -> Child:
    """Gunicorn behind a socket that we hold: the address stays ours while it restarts."""
    fast = ("--worker-tmp-dir", str(SHARED_MEMORY)) if SHARED_MEMORY.is_dir() else ()
    return _child(
        holding,
        environment,
        "web",
        (
            *("-m", "gunicorn", "loci.wsgi:application", "--no-control-socket"),
            "--preload",  # the code is read once, not once for each worker
            *("--bind", f"fd://{door.fileno()}", "--worker-class", "gthread"),
            *("--workers", "2", "--threads", "4", "--graceful-timeout", "8", *fast),
        ),
        inherits=(door.fileno(),),
    )


def worker(holding: Holding, environment: Mapping[str, str]) -> Child:
    """The Celery worker for all but mail."""
    return _worker(holding, environment, "worker", environment["LOCI_QUEUE"])


def mailer(holding: Holding, environment: Mapping[str, str]) -> Child:
    """The Celery worker for mail: a code to sign in waits for no other work."""
    queue = f"{environment['LOCI_QUEUE']}-mail"  # as `loci.core.jobs` names it
    return _worker(holding, environment, "mailer", queue, "-n", "mailer@%h")


def _worker(
    holding: Holding, environment: Mapping[str, str], name: str, queue: str, *more: str
) -> Child:
    """A Celery worker.

    It is asked to finish its task first. If we are killed its broker ends with us, and
    a worker that is just starting would wait for it for ever: it ends at once, and
    another worker takes its task again.
    """
    return _child(
        holding,
        environment,
        name,
        (
            *("-m", "celery", "-A", "loci", "worker", "--loglevel", "INFO"),
            *("--without-gossip", "--without-mingle", "--concurrency", "1"),
            *("-Q", queue, *more),
        ),
        farewell=((signal.SIGTERM, 10.0), (signal.SIGQUIT, 5.0)),
        when_we_die=signal.SIGKILL,
    )


def beat(holding: Holding, environment: Mapping[str, str]) -> Child:
    """The clock that puts due jobs in the queue."""
    schedule = holding.state.folder / "beat-schedule"
    return _child(
        holding,
        environment,
        "beat",
        (
            *("-m", "celery", "-A", "loci", "beat", "--loglevel", "INFO"),
            *("--schedule", str(schedule), "--pidfile", ""),
        ),
    )


def _child(
    holding: Holding,
    environment: Mapping[str, str],
    name: str,
    arguments: tuple[str, ...],
    *,
    inherits: tuple[int, ...] = (),
    farewell: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 10.0),),
    when_we_die: signal.Signals = signal.SIGTERM,
) -> Child:
    return Child(
        Program(
            name=name,
            command=(sys.executable, *arguments),
            environment=environment,
            folder=PROJECT,
            log=holding.state.log_of(name),
            farewell=farewell,
            when_we_die=when_we_die,
            inherits=(*holding.locks, *inherits),
        )
    )
