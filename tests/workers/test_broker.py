"""T-R2, T-R3, T-R4: the broker is away, forgets everything, is restarted again and again.

`make chaos` prints the figures and writes them into docs/benchmarks.md.
"""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module

import pytest
from django.core.cache import caches
from django.db.models import F
from django.utils import timezone

from loci.core import cache, jobs
from loci.core.jobs import Job, enqueue
from loci.core.rest import Rest
from loci.notices.choices import NoticeState
from loci.notices.models import Notice
from surveys.models import Reminder
from tests import make
from tests.bench import report
from tests.bench.saving import a_wave_of
from tests.workers.brokers import Broker, own_broker
from tests.workers.conftest import StartWorker
from tests.workers.processes import PATIENCE, Worker, celery_told, until
from tests.workers.walks import Walks

pytestmark = [
    pytest.mark.servers,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("workers"),
]

CANARY = re.compile(r"Task notices\.beat_pulse\[\S+\] succeeded")
CHIEF_WALKS = 10
HANGS = 10.0  # with Celery's own settings a page waited for more than forty seconds
IS_WHOLE = "LOCI_CHAOS_REMINDERS" in os.environ
DRAINED_IN, CANARY_IN = (60.0, 30.0) if IS_WHOLE else (PATIENCE, PATIENCE)
RESTARTS, PAIRS = (5, 100) if IS_WHOLE else (3, 15)
TITLE = "The broker away, and back"
FIGURES: dict[str, str] = {}


@pytest.fixture
def broker(settings) -> Iterator[Broker]:
    """A broker for this test alone: pages publish to it and keep their cache in it."""
    with own_broker() as running, celery_told(broker_url=running.for_celery):
        real = import_module("loci.settings").CACHES
        own_cache = {**real["default"], "LOCATION": f"{running.url}?db=1"}
        settings.CACHES = {**real, "default": own_cache}
        yield running
        caches.close_all()


def test_pages_go_on_and_mails_follow_while_the_broker_is_away(
    broker: Broker, start_worker: StartWorker, signed_in, monkeypatch
):
    with start_worker(with_clock=True, REDIS_URL=broker.url) as worker:
        worker.wait_until_ready()
        Walks().go()
        usual = max((Walks().go() for _round in range(2)), key=total)
        for how in ("dead", "hole"):
            until(nothing_waits)
            for module in (jobs, cache):
                monkeypatch.setattr(module, "rest", Rest())
            with broker.away(how):
                away = Walks().go()
                waiting = Notice.objects.filter(state=NoticeState.WAITING).count()
                four_minutes_pass()
                page = signed_in(make.coordinator()).get("/admin/").content.decode()
            with timed() as took:
                until(nothing_waits, DRAINED_IN)

            tell(f"broker {how}", usual, away, waiting, took[0])
            assert worker.process.poll() is None
            assert len(away.seconds) == CHIEF_WALKS
            assert waiting > 5
            assert "Background work is late" in page
            assert f"{waiting} mails" in page
            assert max(away.all_seconds) < max(usual.all_seconds) + HANGS
            if IS_WHOLE:  # a test asks no more of a busy machine
                assert p95(away) <= 1.5 * p95(usual) + 0.5


def test_nothing_is_lost_and_the_worker_hears_after_each_restart_of_the_broker(
    broker: Broker, start_worker: StartWorker
):
    """In every other restart it has forgotten all that it knew."""
    longest = 0.0
    a_wave_of(PAIRS, timezone.now())
    with start_worker(with_clock=True, REDIS_URL=broker.url) as worker:
        for number in range(RESTARTS):
            for _message in range(10):
                enqueue(Job.REMIND)
                enqueue(Job.DELIVER_DUE)
            broker.stop()
            if number % 2 == 0:
                broker.forget()
            broker.start()
            worker.wait_until_ready()
            done = canaries(worker)
            enqueue(Job.BEAT_PULSE)
            with timed() as took:
                until(lambda: canaries(worker) > done, CANARY_IN)  # noqa: B023
            longest = max(longest, took[0])
        until(lambda: sent_reminders() == 2 * PAIRS)
        assert worker.process.poll() is None

    assert Reminder.objects.count() == 2 * PAIRS
    keep("restarts of the broker, in every other all forgotten", str(RESTARTS))
    keep("longest wait for a canary after one, s", f"{longest:.1f}")
    keep("reminders due; sent once", f"{2 * PAIRS}; {sent_reminders()}")


def test_a_worker_that_hears_nothing_ends_so_that_it_is_started_anew(
    broker: Broker, start_worker: StartWorker
):
    told = {"LOCI_DEAF_SECONDS": "4", "REDIS_URL": broker.url}
    with start_worker(with_clock=False, **told) as worker:
        worker.wait_until_ready()
        until(lambda: worker.process.poll() is not None)

    assert "No message for too long" in worker.said


def canaries(worker: Worker) -> int:
    """How many jobs it has done that tell that it hears."""
    return len(CANARY.findall(worker.said))


def nothing_waits() -> bool:
    return not Notice.objects.filter(state=NoticeState.WAITING).exists()


def sent_reminders() -> int:
    return Notice.objects.filter(kind="reminder", state=NoticeState.SENT).count()


def four_minutes_pass() -> None:
    ago = F("not_before") - timedelta(minutes=4)
    Notice.objects.filter(state=NoticeState.WAITING).update(not_before=ago)


def total(walks: Walks) -> float:
    return sum(walks.all_seconds)


@contextmanager
def timed() -> Iterator[list[float]]:
    began = time.monotonic()
    took: list[float] = []
    yield took
    took.append(time.monotonic() - began)


def p95(walks: Walks) -> float:
    ordered = sorted(walks.all_seconds)
    return ordered[int(len(ordered) * 0.95)]


def tell(what: str, usual: Walks, away: Walks, waiting: int, drained: float) -> None:
    count = len(away.all_seconds)
    keep(
        f"{what}: {count} requests of {len(away.seconds)} walks, s in all; as usual",
        f"{total(away):.1f}; {total(usual):.1f}",
    )
    keep(f"{what}: p95, s; as usual", f"{p95(away):.2f}; {p95(usual):.2f}")
    slowest = max(away.all_seconds), max(usual.all_seconds)
    keep(f"{what}: slowest, s; as usual", f"{slowest[0]:.2f}; {slowest[1]:.2f}")
    keep(
        f"{what}: mails that waited; s until they were out", f"{waiting}; {drained:.1f}"
    )


def keep(what: str, figure: str) -> None:
    """Print a figure; the whole drill writes all of them down."""
    print(f"{what}: {figure}")  # noqa: T201
    FIGURES[what] = figure
    if IS_WHOLE:
        rows = (f"| {name} | {value} |" for name, value in FIGURES.items())
        report.write(TITLE, "\n".join(("| | |", "|---|---:|", *rows)))
