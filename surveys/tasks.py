"""Celery's door to the analysis."""

from celery import shared_task
from django.utils import timezone

from loci.core.jobs import Job
from surveys.models import Wave
from surveys.services import analysing


@shared_task(name=Job.REFRESH_ANALYSIS)
def refresh_analysis(*, wave_id: int) -> None:
    wave = Wave.objects.filter(pk=wave_id).first()
    if wave:
        analysing.refresh_analysis(wave=wave, now=timezone.now())


@shared_task(name=Job.SWEEP_ANALYSES)
def sweep_analyses() -> None:
    for wave_id in analysing.waves_to_refresh():
        refresh_analysis(wave_id=wave_id)
