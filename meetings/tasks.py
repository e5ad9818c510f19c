"""Celery's door to meetings."""

from celery import shared_task
from django.utils import timezone

from loci.core.jobs import Job
from loci.notices.services.parking import run_each
from meetings.services import (
    after,
    agendas,
    attempts,
    clinics,
    inviting,
    keeping,
    talks,
    waiting,
)


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


@shared_task(name=Job.SEAT_TALKS)
def seat_talks(*, run_id: int) -> None:
    talks.seat_talks(run_id=run_id)


@shared_task(name=Job.SWEEP_AGENDAS)
def sweep_agendas() -> None:
    now = timezone.now()
    waiting = [{"run_id": run_id} for run_id in agendas.agendas_waiting()]
    run_each(Job.SOLVE_AGENDA, solve_agenda, waiting, now=now)
    waiting = [{"run_id": run_id} for run_id in talks.talks_waiting()]
    run_each(Job.SEAT_TALKS, seat_talks, waiting, now=now)


@shared_task(name=Job.ASK_AFTER_MEETINGS)
def ask_after_meetings() -> None:
    now = timezone.now()
    after.ask_for_feedback(now=now)
    attempts.ask_about_attempts(now=now)
    clinics.ask_peers_again(now=now)
