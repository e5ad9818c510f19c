"""Celery's door to meetings."""

from celery import shared_task
from django.utils import timezone

from loci.core.jobs import Job
from meetings.services import inviting, keeping, waiting


@shared_task(name=Job.HAND_ON_PLACES)
def hand_on_places() -> None:
    waiting.hand_on_places(now=timezone.now())


@shared_task(name=Job.REMIND_UNANSWERED)
def remind_unanswered() -> None:
    inviting.remind_unanswered(now=timezone.now())


@shared_task(name=Job.KEEP_CLOCKS)
def keep_clocks() -> None:
    keeping.keep_clocks(now=timezone.now())


@shared_task(name=Job.FORGET_PRIVATE_NOTES)
def forget_private_notes() -> None:
    keeping.forget_private_notes(now=timezone.now())
