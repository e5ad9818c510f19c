"""Celery's door to promises."""

from celery import shared_task
from django.utils import timezone

from loci.core.jobs import Job
from loci.cycles.services import ledger


@shared_task(name=Job.REMIND_OF_PROMISES)
def remind_of_promises() -> None:
    ledger.remind_of_late_promises(now=timezone.now())
