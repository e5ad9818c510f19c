"""`python -m tests.workers.tries ROUNDS`: four processes at a time try one thing.

Whoever may try it is at it until all four have asked, then all are killed. Prints for
each round how many might.
"""

import os
import signal
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loci.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from loci.core.jobs import Job  # noqa: E402
from loci.notices.services.parking import Try, one_try  # noqa: E402

AT_A_TIME = 4
PATIENCE = 60.0  # seconds
LOCKS = """
    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def one_round() -> int:
    """How many of four may try; none of them is left."""
    answers, tell = os.pipe()
    children = [_begin(tell) for _number in range(AT_A_TIME)]
    os.close(tell)
    said = b""
    while len(said) < AT_A_TIME and (more := os.read(answers, AT_A_TIME)):
        said += more
    os.close(answers)
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    _wait_until_the_database_knows()
    assert len(said) == AT_A_TIME, said
    return said.count(b"y")


def _begin(tell: int) -> int:
    child = os.fork()
    if child == 0:
        with one_try(
            key="1", job=Job.RUN_ROUND, ids={}, tries_before=0, now=timezone.now()
        ) as found:
            os.write(tell, b"y" if found is Try.IS_OURS else b"n")
            signal.pause()  # until it is killed
        os._exit(1)
    return child


def _wait_until_the_database_knows() -> None:
    """The lock of a process goes with its line; nothing stays open over a fork."""
    held, until = 1, time.monotonic() + PATIENCE
    while held:
        assert time.monotonic() < until, "a lock of a process that is gone"
        with connection.cursor() as cursor:
            cursor.execute(LOCKS)
            (held,) = cursor.fetchone()
        time.sleep(0.01)
    connection.close()


if __name__ == "__main__":
    for _round in range(int(sys.argv[1])):
        sys.stdout.write(f"{one_round()}\n")
