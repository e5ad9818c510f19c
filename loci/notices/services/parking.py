"""A job that ends its process each time is tried three times, then put aside."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import Enum

from django.db import OperationalError, connection, transaction

from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.jobs import Job, enqueue
from loci.core.locks import held_lock
from loci.notices.choices import TRIES_AT_MOST
from loci.notices.models import StuckJob

logger = logging.getLogger(__name__)


class Try(Enum):
    """What there is to do for one thing."""

    IS_OURS = "nobody else is at it"
    IS_OTHERS = "another process is at it now"
    IS_OVER = "it is put aside"


@contextmanager
def one_try(
    *, key: str, job: str, ids: Mapping[str, object], tries_before: int, now: datetime
) -> Iterator[Try]:
    """Count this try while it lasts, unless another process is at it.

    A process that is killed lets go of the lock and leaves the count behind; any other
    ending takes the count away. So what is left of earlier tries are those whose process
    was lost, and each counts once, however many wanted to try meanwhile. `tries_before`
    are lost ones that nobody has counted.
    """
    if StuckJob.objects.filter(job=job, ids=ids, parked_at__isnull=False).exists():
        yield Try.IS_OVER
        return
    with held_lock(f"one try of {key}") as is_mine:
        if not is_mine:
            yield Try.IS_OTHERS
            return
        row, is_new = StuckJob.objects.get_or_create(
            key=key, defaults={"job": job, "ids": dict(ids), "tries": tries_before + 1}
        )
        if not is_new:
            row.tries += 1
            row.save(update_fields=["tries"])
        if row.tries > TRIES_AT_MOST:
            _park(row, now)
            yield Try.IS_OVER
            return
        try:
            yield Try.IS_OURS
        finally:
            if connection.errors_occurred and not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()  # it may have been restarted
            StuckJob.objects.filter(pk=row.pk).delete()


def run_each(
    job: Job,
    task: Callable[..., object],
    waiting: Iterable[Mapping[str, int]],
    *,
    now: datetime,
) -> None:
    """Run a job for each thing that waits, but not for those put aside or being done.

    One that finds the database away or busy waits for the next sweep; others go on.
    """
    for ids in waiting:
        key = f"{job.value}:{sorted(ids.items())}"
        try:
            with one_try(key=key, job=job, ids=ids, tries_before=0, now=now) as found:
                if found is Try.IS_OURS:
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
