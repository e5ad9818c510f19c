"""A job that ends its process each time is tried three times, then put aside."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F

from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.jobs import Job, enqueue
from loci.notices.choices import TRIES_AT_MOST
from loci.notices.models import StuckJob

logger = logging.getLogger(__name__)
RACES_LOST_AT_MOST = 10


@contextmanager
def one_try(
    *, key: str, job: str, ids: Mapping[str, object], tries_before: int, now: datetime
) -> Iterator[bool]:
    """Count this try while it lasts; gives False if the job is put aside.

    A process that is killed leaves the count behind, any other ending takes it away.
    `tries_before` are those that nobody has counted.
    """
    if StuckJob.objects.filter(job=job, ids=ids, parked_at__isnull=False).exists():
        yield False
        return
    row, is_new = _counted(
        key, {"job": job, "ids": dict(ids), "tries": tries_before + 1}
    )
    if not is_new:
        StuckJob.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    if row.tries + (not is_new) > TRIES_AT_MOST:
        _park(row, now)
        yield False
        return
    try:
        yield True
    finally:
        StuckJob.objects.filter(key=key).delete()


def _counted(key: str, facts: Mapping[str, Any]) -> tuple[StuckJob, bool]:
    """The count of this key, and whether it is new.

    Runs of one thing may begin and end beside each other: a count that was in the way
    a moment ago may be gone when it is looked for.
    """
    for _race in range(RACES_LOST_AT_MOST):
        with suppress(IntegrityError):
            return StuckJob.objects.get_or_create(key=key, defaults=facts)
    return StuckJob.objects.get_or_create(key=key, defaults=facts)


def run_each(
    job: Job,
    task: Callable[..., object],
    waiting: Iterable[Mapping[str, int]],
    *,
    now: datetime,
) -> None:
    """Run a job for each thing that waits, but not for those put aside.

    One that finds the database away or busy waits for the next sweep; others go on.
    """
    for ids in waiting:
        key = f"{job.value}:{sorted(ids.items())}"
        try:
            with one_try(key=key, job=job, ids=ids, tries_before=0, now=now) as may_run:
                if may_run:
                    task(**ids)
        except OperationalError:
            logger.exception("%s %s stays queued", job.value, dict(ids))


@transaction.atomic
def try_again(*, stuck: StuckJob, by: User) -> None:
    """Take it up again: three more tries."""
    record(by, "tried_again", stuck, stuck.job)
    stuck.delete()
    if stuck.job in list(Job):
        enqueue(Job(stuck.job), **stuck.ids)


def _park(row: StuckJob, now: datetime) -> None:
    StuckJob.objects.filter(pk=row.pk).update(parked_at=now, tries=TRIES_AT_MOST)
    logger.error("%s %s ended its process each time: put aside.", row.job, row.ids)
