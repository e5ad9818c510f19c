"""Celery's door to promises and to the steps of cycles."""

from celery import shared_task
from django.utils import timezone

from loci.core.jobs import Job
from loci.cycles.services import cycles, ledger


@shared_task(name=Job.REMIND_OF_PROMISES)
def remind_of_promises() -> None:
    ledger.remind_of_late_promises(now=timezone.now())


@shared_task(name=Job.REMIND_OF_STEPS)
def remind_of_steps() -> None:
    cycles.remind_of_late_steps(now=timezone.now())
