from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from loci.core.jobs import Job, route
from loci.core.sweeps import PULSES, beat_schedule
from loci.notices.choices import NoticeKind, WorkerName
from loci.notices.models import Notice, StuckJob
from loci.notices.queries.background import background
from loci.notices.services.delivery import record_pulse
from loci.notices.services.parking import Try, one_try, run_each
from loci.notices.services.posting import post_notice
from loci.notices.tasks import beat_pulse
from tests import make

pytestmark = pytest.mark.django_db
IDS = {"round_id": 7}
PATIENCE = 120.0


def test_background_work_is_late_when_mails_wait():
    now = timezone.now()
    calm = background(now)
    notice = post_notice(
        key="one", kind=NoticeKind.SUGGESTION, to=make.person(), now=now
    )
    just_posted = background(now)
    waits = background(now + timedelta(minutes=4))
    Notice.objects.filter(pk=notice.pk).update(attempts=1)  # it is tried: no silence
    tried = background(now + timedelta(minutes=4))

    assert (calm.worker, calm.mailer) == ("not seen yet", "not seen yet")
    assert not calm.is_late
    assert not just_posted.is_late
    assert (waits.waiting, waits.since, waits.is_late) == (1, now, True)
    assert (tried.waiting, tried.is_late) == (0, False)


@pytest.mark.parametrize("name", WorkerName.values)
def test_a_worker_is_silent_after_a_minute_and_a_half_and_a_watcher_is_told(
    client, signed_in, name
):
    """Pages go on without workers, so `/readyz` keeps the web where it is."""
    now = timezone.now()
    unseen = client.get("/readyz/workers")
    for each in WorkerName:
        record_pulse(name=each, now=now)
    alive = client.get("/readyz/workers")
    before, after = (background(now + timedelta(seconds=late)) for late in (89, 91))

    record_pulse(name=name, now=now - timedelta(seconds=91))

    red, ready = client.get("/readyz/workers"), client.get("/readyz")
    page = signed_in(make.coordinator()).get("/admin/").content.decode()
    told = dict.fromkeys(WorkerName.values, "ok") | {name: "silent"}
    assert unseen.status_code == 503
    assert (alive.status_code, set(alive.json().values())) == (200, {"ok"})
    assert (before.worker, before.mailer, before.is_late) == ("ok", "ok", False)
    assert (after.worker, after.mailer, after.is_late) == ("silent", "silent", True)
    assert (red.status_code, red.json()) == (503, told)
    assert ready.status_code == 200
    assert ready.json().items() >= told.items()
    assert "Background work is late" in page


def test_beat_speaks_to_each_worker_well_before_it_counts_as_silent(settings):
    schedule = settings.CELERY_BEAT_SCHEDULE
    often = {job: schedule[job]["schedule"] for job in PULSES}

    assert max(often.values()) <= 30
    assert max(often.values()) * 3 <= settings.LOCI_DEAF_SECONDS
    assert [route(job) for job in PULSES] == [None, route(Job.DELIVER_DUE)]
    assert beat_schedule(3600.0)[PULSES[0]]["schedule"] <= 30


def test_a_stuck_job_keeps_nobody_else_waiting_and_ends_with_a_good_run():
    now, done = timezone.now(), []
    for number in (1, 2):
        StuckJob.objects.create(
            key=f"matchmaking.run_round:[('round_id', {number})]",
            job=Job.RUN_ROUND,
            ids={"round_id": number},
            tries=3 if number == 1 else 2,
        )

    waiting = [{"round_id": number} for number in (1, 2, 3)]
    run_each(
        Job.RUN_ROUND, lambda **ids: done.append(ids["round_id"]), waiting, now=now
    )

    assert done == [2, 3]
    assert StuckJob.objects.get().ids == {"round_id": 1}
    assert StuckJob.objects.get().parked_at == now


def test_a_job_that_fails_in_words_is_not_stuck():
    with (
        pytest.raises(ValueError, match="words"),
        one_try(
            key="1", job=Job.RUN_ROUND, ids=IDS, tries_before=1, now=timezone.now()
        ),
    ):
        raise ValueError("words")

    assert not StuckJob.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_runs_of_one_thing_that_begin_and_end_beside_each_other_hinder_nobody():
    """Where one is at it the other has nothing to do; they are never two."""
    inside, at_once = [], []

    def runs(_number: int) -> int:
        with closing(connection):
            return sum(one_run() for _time in range(60))

    def one_run() -> bool:
        with a_try() as found:
            if found is Try.IS_OURS:
                inside.append(1)
                at_once.append(len(inside))
                inside.pop()
        return found is Try.IS_OURS

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(runs, range(2)))

    assert sum(done) == len(at_once) > 0
    assert set(at_once) == {1}
    assert not StuckJob.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_sweep_leaves_what_another_is_at_and_a_message_is_not_thrown_away():
    now, done = timezone.now(), []
    waiting = [IDS, {"round_id": 8}]
    keys = ("matchmaking.run_round:[('round_id', 7)]", "message")
    came_again: Any = beat_pulse  # its stubs know no request
    came_again.push_request(
        id="message", called_directly=False, delivery_info={"redelivered": True}
    )
    with at_it_elsewhere(*keys):
        run_each(Job.RUN_ROUND, lambda **ids: done.append(ids), waiting, now=now)
        came_again()
    came_again.pop_request()

    assert done == [{"round_id": 8}]
    assert background(timezone.now()).worker == "ok"
    assert not StuckJob.objects.exists()


@contextmanager
def at_it_elsewhere(*keys: str) -> Iterator[None]:
    """Another process, as the database sees it, is at these now."""
    begun, may_end = Event(), Event()

    def be_at_it() -> None:
        with closing(connection), ExitStack() as ending:
            for key in keys:
                ending.enter_context(a_try(key))
            begun.set()
            may_end.wait(PATIENCE)

    with ThreadPoolExecutor(1) as elsewhere:
        ended = elsewhere.submit(be_at_it)
        try:
            assert begun.wait(PATIENCE)
            yield
        finally:
            may_end.set()
        ended.result()


def a_try(key: str = "1") -> AbstractContextManager[Try]:
    now = timezone.now()
    return one_try(key=key, job=Job.RUN_ROUND, ids=IDS, tries_before=0, now=now)
