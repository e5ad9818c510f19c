"""What other connections still do in a test's database when the test has ended.

Emptying the tables waits for everybody who reads them. One page that a browser left
while it was made would fail this test, and then, as its rows stay, every test after it.
So whatever is still at it gets time to end, is then ended, and is told.
"""

import time
from dataclasses import astuple, dataclass

from django.db import connection

PATIENCE = 15.0
PAUSE = 0.05
AT_WORK = """
    SELECT pid, application_name, backend_type, state, wait_event_type, wait_event,
        extract(epoch FROM clock_timestamp() - xact_start)::int,
        extract(epoch FROM clock_timestamp() - query_start)::int,
        left(query, 2000)
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND xact_start < clock_timestamp() - CASE backend_type
            WHEN 'client backend' THEN interval '0' ELSE interval '5 seconds' END
    ORDER BY xact_start
"""


@dataclass(frozen=True)
class AtWork:
    """An open transaction, of the server's own work once it is long; in seconds."""

    pid: int
    name: str
    kind: str
    state: str
    waits_for: str | None
    event: str | None
    transaction: int
    query: int
    words: str


def at_work() -> list[AtWork]:
    with connection.cursor() as cursor:
        cursor.execute(AT_WORK)
        return [AtWork(*row) for row in cursor.fetchall()]


def end_what_is_left(patience: float = PATIENCE) -> list[str]:
    """Wait until nobody else is in a transaction; end who stays, and tell who it was."""
    latest = time.monotonic() + patience
    while at_work() and time.monotonic() < latest:
        time.sleep(PAUSE)
    left = at_work()
    for one in left:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [one.pid])
    return [" | ".join(str(word) for word in astuple(one)) for one in left]
