"""Celery's door to meetings."""

import logging

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from loci.core.jobs import Job
from meetings.services import agendas, inviting, keeping, waiting

logger = logging.getLogger(__name__)


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


@shared_task(name=Job.SOLVE_AGENDA)
def solve_agenda(*, run_id: int) -> None:
    agendas.solve_agenda(run_id=run_id, now=timezone.now())


@shared_task(name=Job.SWEEP_AGENDAS)
def sweep_agendas() -> None:
    for run_id in agendas.agendas_waiting():
        try:
            solve_agenda(run_id=run_id)
        except OperationalError:
            logger.exception("Agenda run %s stays queued", run_id)
