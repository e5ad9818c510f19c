"""Celery's door to rounds and suggestions."""

import logging

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from loci.core.jobs import Job
from matchmaking.services import checking_in, replying, returning, rounds

logger = logging.getLogger(__name__)


@shared_task(name=Job.RUN_ROUND)
def run_round(*, round_id: int) -> None:
    rounds.run_round(round_id=round_id, now=timezone.now())


@shared_task(name=Job.SWEEP_ROUNDS)
def sweep_rounds() -> None:
    for round_id in rounds.rounds_waiting():
        try:
            run_round(round_id=round_id)
        except OperationalError:
            logger.exception("Round %s stays queued", round_id)


@shared_task(name=Job.EXPIRE_SUGGESTIONS)
def expire_suggestions() -> None:
    replying.expire_suggestions(now=timezone.now())


@shared_task(name=Job.RETURN_POSTPONED)
def return_postponed() -> None:
    returning.return_postponed(now=timezone.now())


@shared_task(name=Job.ASK_HOW_IT_WENT)
def ask_how_it_went() -> None:
    checking_in.ask_how_it_went(now=timezone.now())
