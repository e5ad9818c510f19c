"""Celery's door to the outbox."""

from celery import shared_task
from django.utils import timezone

from loci.core.jobs import Job
from loci.notices.services import delivery


@shared_task(name=Job.DELIVER_DUE)
def deliver_due() -> None:
    delivery.deliver_due(now=timezone.now())


@shared_task(name=Job.BEAT_PULSE)
def beat_pulse() -> None:
    delivery.record_pulse(name="worker", now=timezone.now())
