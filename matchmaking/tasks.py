"""Celery's door to rounds and suggestions."""

from celery import shared_task
from django.utils import timezone

from loci.core.jobs import Job
from loci.notices.services.parking import run_each
from matchmaking.services import checking_in, replying, returning, rounds


@shared_task(name=Job.RUN_ROUND)
def run_round(*, round_id: int) -> None:
    rounds.run_round(round_id=round_id, now=timezone.now())


@shared_task(name=Job.SWEEP_ROUNDS)
def sweep_rounds() -> None:
    waiting = [{"round_id": round_id} for round_id in rounds.rounds_waiting()]
    run_each(Job.RUN_ROUND, run_round, waiting, now=timezone.now())


@shared_task(name=Job.EXPIRE_SUGGESTIONS)
def expire_suggestions() -> None:
    replying.expire_suggestions(now=timezone.now())


@shared_task(name=Job.RETURN_POSTPONED)
def return_postponed() -> None:
    returning.return_postponed(now=timezone.now())


@shared_task(name=Job.ASK_HOW_IT_WENT)
def ask_how_it_went() -> None:
    checking_in.ask_how_it_went(now=timezone.now())
