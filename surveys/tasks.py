"""Celery's door to the analysis."""

from celery import shared_task
from django.utils import timezone

from loci.core.jobs import Job
from loci.notices.services.parking import run_each
from surveys.models import Wave
from surveys.services import analysing, finding_themes, reminding, waves


@shared_task(name=Job.REMIND)
def remind() -> None:
    reminding.remind_all(now=timezone.now())


@shared_task(name=Job.CLOSE_WAVES)
def close_waves() -> None:
    waves.close_due_waves(now=timezone.now())


@shared_task(name=Job.REFRESH_ANALYSIS)
def refresh_analysis(*, wave_id: int) -> None:
    wave = Wave.objects.filter(pk=wave_id).first()
    if wave:
        analysing.refresh_analysis(wave=wave, now=timezone.now())


@shared_task(name=Job.SWEEP_ANALYSES)
def sweep_analyses() -> None:
    waiting = [{"wave_id": wave_id} for wave_id in analysing.waves_to_refresh()]
    run_each(Job.REFRESH_ANALYSIS, refresh_analysis, waiting, now=timezone.now())


@shared_task(name=Job.FIND_THEMES)
def find_themes(*, wave_id: int, again: int = 0) -> None:
    wave = Wave.objects.filter(pk=wave_id).first()
    if wave:
        finding_themes.find_themes(wave=wave, now=timezone.now(), again=bool(again))


@shared_task(name=Job.SWEEP_THEMES)
def sweep_themes() -> None:
    waiting = [{"wave_id": wave_id} for wave_id in finding_themes.waves_to_search()]
    run_each(Job.FIND_THEMES, find_themes, waiting, now=timezone.now())
