from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from loci.core.jobs import Job
from loci.notices.choices import NoticeKind
from loci.notices.models import Notice, Pulse, StuckJob
from loci.notices.queries.background import background
from loci.notices.services.parking import one_try, run_each
from loci.notices.services.posting import post_notice
from tests import make

pytestmark = pytest.mark.django_db
IDS = {"round_id": 7}


def test_background_work_is_late_when_mails_wait_or_the_worker_is_silent():
    now = timezone.now()
    calm = background(now)
    notice = post_notice(
        key="one", kind=NoticeKind.SUGGESTION, to=make.person(), now=now
    )
    just_posted = background(now)
    waits = background(now + timedelta(minutes=4))
    Notice.objects.filter(pk=notice.pk).update(attempts=1)  # it is tried: no silence
    Pulse.objects.create(name="worker", at=now - timedelta(minutes=4))
    silent = background(now)

    assert (calm.worker, calm.is_late) == ("not seen yet", False)
    assert not just_posted.is_late
    assert (waits.waiting, waits.since, waits.is_late) == (1, now, True)
    assert (silent.worker, silent.waiting, silent.is_late) == ("silent", 0, True)


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
    now = timezone.now()

    def runs(_number: int) -> int:
        with closing(connection):
            return sum(one_run() for _time in range(60))

    def one_run() -> bool:
        with one_try(
            key="1", job=Job.RUN_ROUND, ids=IDS, tries_before=0, now=now
        ) as may_run:
            return may_run

    with ThreadPoolExecutor(2) as both:
        assert list(both.map(runs, range(2))) == [60, 60]

    assert not StuckJob.objects.exists()
