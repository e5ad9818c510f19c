"""Celery's door to `who`."""

from celery import shared_task
from django.utils import timezone

from localities.services import forgetting, still_true
from loci.core.jobs import Job


@shared_task(name=Job.ASK_STILL_TRUE)
def ask_still_true() -> None:
    still_true.ask_still_true(now=timezone.now())


@shared_task(name=Job.FORGET_GUESTS)
def forget_guests() -> None:
    forgetting.forget_guests(now=timezone.now())
