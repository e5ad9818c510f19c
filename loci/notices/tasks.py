"""Celery's door to the outbox, and the pulse of its workers."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from celery.worker import state
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from loci.core.hearing import keep_saying
from loci.core.jobs import Job, mail_queue
from loci.core.sweeps import pulse_seconds
from loci.notices.choices import WorkerName
from loci.notices.services import delivery

logger = logging.getLogger(__name__)


@shared_task(name=Job.DELIVER_DUE)
def deliver_due() -> None:
    delivery.deliver_due(now=timezone.now())


@shared_task(name=Job.BEAT_PULSE)
def beat_pulse() -> None:
    delivery.record_pulse(name=WorkerName.WORKER, now=timezone.now())


@shared_task(name=Job.MAIL_PULSE)
def mail_pulse() -> None:
    delivery.record_pulse(name=WorkerName.MAILER, now=timezone.now())


@worker_ready.connect
def say_when_busy(sender: Any, **_: object) -> None:
    """A pulse job waits while its worker is busy: the worker's parent speaks for it."""
    general = sender.app.conf.task_default_queue
    of_queue = {general: WorkerName.WORKER, mail_queue(general): WorkerName.MAILER}
    names = [of_queue[name] for name in sender.app.amqp.queues.consume_from]
    keep_saying(
        lambda: _say(names),
        is_busy=lambda: bool(state.reserved_requests),
        every=pulse_seconds(settings.LOCI_SWEEP_SECONDS),
    )


def _say(names: list[WorkerName]) -> None:
    try:
        for name in names:
            delivery.record_pulse(name=name, now=timezone.now())
    except DatabaseError:
        logger.warning("No pulse could be written.", exc_info=True)
    finally:
        connection.close()
