"""Real workers over Valkey, on the database of the test: what they do, what kills do."""

import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from localities.choices import Side
from loci.accounts.models import User
from loci.notices.choices import NoticeState
from loci.notices.models import Notice
from matchmaking.choices import RoundState
from matchmaking.models import Round, Suggestion
from matchmaking.services.computing import compute
from matchmaking.services.rounds import start_round
from surveys.models import Analysis
from surveys.services.sending import send_part
from tests.journeys import kutaisi
from tests.workers.conftest import StartWorker
from tests.workers.processes import Worker, until

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("workers")]

LAST_OF_THE_FIRST_LOOK = re.compile(r"matchmaking\.expire_suggestions\[.*\] succeeded")
WAIT_TO_WRITE = """
    SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation
    WHERE relname = %s AND NOT granted
"""


def test_a_sent_part_is_counted_and_confirmed_by_its_message_alone(
    start_worker: StartWorker, demo: None
):
    with start_worker(with_clock=False) as running:
        has_looked_around(running)
        before = needs_counted("it.portal")

        send_part(
            part=kutaisi.written_part(),
            by=kutaisi.someone_of(Side.GOVERNMENT),
            now=timezone.now(),
        )

        until(lambda: needs_counted("it.portal") == before + 1)
        until(lambda: mails_sent("part_sent") == 1)


def test_a_round_that_was_cut_off_ends_as_if_nothing_had_happened(
    start_worker: StartWorker, demo: None
):
    undisturbed = Round.objects.select_related("wave").get()
    coordinator = User.objects.get(email__startswith="coordinator@")
    with start_worker(with_clock=False) as first:
        until(lambda: is_ready(undisturbed))
        with nobody_writes(Suggestion._meta.db_table) as somebody_waits:
            cut_off = start_round(wave=undisturbed.wave, by=coordinator)
            until(somebody_waits)
            first.kill()
    cut_off.refresh_from_db()
    assert cut_off.state == RoundState.QUEUED
    assert cut_off.snapshot is not None
    assert not cut_off.suggestions.exists()
    before = cut_off.snapshot_hash

    with start_worker(with_clock=True):
        until(lambda: is_ready(cut_off))

    cut_off.refresh_from_db()
    assert cut_off.snapshot_hash == before
    assert cut_off.result == as_stored(compute(cut_off.snapshot).figures)
    # what stood proposed is kept, so the second round says what the first said
    assert proposals(cut_off) == proposals(undisturbed) != []


def has_looked_around(running: Worker) -> None:
    """A worker that starts sweeps once; what it does later, it was told to do."""
    until(lambda: LAST_OF_THE_FIRST_LOOK.search(running.said))
    wave = kutaisi.part_of(Side.GOVERNMENT).wave
    until(Analysis.objects.filter(wave=wave).exists)


def needs_counted(topic: str) -> int:
    """Localities that need help with a topic, as coordinators read it."""
    counted = Analysis.objects.get(wave=kutaisi.part_of(Side.GOVERNMENT).wave)
    rows = counted.result["full"]["topics"]
    return next((row["needs"]["count"] for row in rows if row["topic"] == topic), 0)


def mails_sent(kind: str) -> int:
    return Notice.objects.filter(kind=kind, state=NoticeState.SENT).count()


def as_stored(figures: dict[str, Any]) -> Any:
    return json.loads(json.dumps(figures))


def is_ready(round_: Round) -> bool:
    return Round.objects.filter(pk=round_.pk, state=RoundState.READY).exists()


def proposals(round_: Round) -> list[dict[str, Any]]:
    """All that the engine decides about a suggestion."""
    decided = ("seeker", "helper", "need", "offer", "score", "confidence", "factors")
    rows = Suggestion.objects.filter(round=round_).order_by("seeker", "helper")
    return list(rows.values(*decided))


@contextmanager
def nobody_writes(table: str) -> Iterator[Any]:
    """Let nobody write into a table; gives a question: does somebody wait to?

    Writers give up after five seconds (`lock_timeout`), so do not dawdle.
    """
    holder = connection.copy()
    with closing(holder), holder.cursor() as cursor:
        holder.set_autocommit(autocommit=False)
        cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")

        def somebody_waits() -> bool:
            cursor.execute(WAIT_TO_WRITE, [table])
            return bool(cursor.fetchone()[0])

        yield somebody_waits
