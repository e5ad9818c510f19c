"""Celery's door to the pages drawn from several chapters."""

from celery import shared_task
from django.utils import timezone

from loci.core.jobs import Job
from loci.pages.services import saved_searches


@shared_task(name=Job.TELL_WHAT_FITS)
def tell_what_fits() -> None:
    saved_searches.tell_what_fits(now=timezone.now())
