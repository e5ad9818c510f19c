"""Every background job by its name, so that services never import tasks.

A message may be lost, doubled or late: the database says what is due, each job
re-reads it, and a sweep finds what a lost message left behind.
"""

import logging
from enum import StrEnum
from functools import lru_cache

from celery import current_app
from django.db import transaction
from kombu import Connection, pools
from kombu.exceptions import OperationalError
from redis.exceptions import TimeoutError as NoAnswer

from loci.core.rest import Rest

logger = logging.getLogger(__name__)

# A page waits this long for the broker, once; then it is left alone for a while.
PATIENCE = {"socket_timeout": 0.4, "socket_connect_timeout": 0.4, "max_retries": 0}
rest = Rest()


class Job(StrEnum):
    """The name of each task in Celery's registry."""

    BEAT_PULSE = "notices.beat_pulse"
    MAIL_PULSE = "notices.mail_pulse"
    DELIVER_DUE = "notices.deliver_due"
    REMIND = "surveys.remind"
    CLOSE_WAVES = "surveys.close_waves"
    FORGET_GUESTS = "localities.forget_guests"
    ASK_STILL_TRUE = "localities.ask_still_true"
    TELL_WHAT_FITS = "pages.tell_what_fits"
    REFRESH_ANALYSIS = "surveys.refresh_analysis"
    SWEEP_ANALYSES = "surveys.sweep_analyses"
    FIND_THEMES = "surveys.find_themes"
    SWEEP_THEMES = "surveys.sweep_themes"
    REMIND_OF_PROMISES = "cycles.remind_of_promises"
    REMIND_OF_STEPS = "cycles.remind_of_steps"
    RUN_ROUND = "matchmaking.run_round"
    SWEEP_ROUNDS = "matchmaking.sweep_rounds"
    ASK_HOW_IT_WENT = "matchmaking.ask_how_it_went"
    EXPIRE_SUGGESTIONS = "matchmaking.expire_suggestions"
    RETURN_POSTPONED = "matchmaking.return_postponed"
    HAND_ON_PLACES = "meetings.hand_on_places"
    REMIND_UNANSWERED = "meetings.remind_unanswered"
    KEEP_CLOCKS = "meetings.keep_clocks"
    SOLVE_AGENDA = "meetings.solve_agenda"
    SEAT_TALKS = "meetings.seat_talks"
    ASK_AFTER_MEETINGS = "meetings.ask_after_meetings"
    SWEEP_AGENDAS = "meetings.sweep_agendas"
    FORGET_PRIVATE_NOTES = "meetings.forget_private_notes"


def mail_queue(queue: str) -> str:
    """The queue beside this one that holds mail alone: codes wait for no other work."""
    return f"{queue}-mail"


def route(job: str, *_others: object, **_more: object) -> dict[str, str] | None:
    """Where Celery puts a job: mail into a queue of its own."""
    if job not in {Job.DELIVER_DUE, Job.MAIL_PULSE}:
        return None
    return {"queue": mail_queue(current_app.conf.task_default_queue)}


def enqueue(job: Job, **ids: int) -> None:
    """Send `job` after the transaction commits; a dead broker is logged, not raised."""
    transaction.on_commit(lambda: _publish(job, ids))


def _publish(job: Job, ids: dict[str, int]) -> None:
    address = current_app.conf.broker_write_url
    is_sent = False
    if not rest.holds(address):
        try:
            _send(address, job, ids)
            is_sent = True
        except Exception:  # noqa: BLE001  # the page must not fail
            rest.begin(address)
    if not is_sent:
        logger.warning("No broker for %s: the sweep will pick it up.", job.value)


def _send(address: str, job: Job, ids: dict[str, int]) -> None:
    with pools.producers[_connection(address)].acquire(block=True) as producer:
        try:
            current_app.send_task(job.value, kwargs=ids, producer=producer)
        except OperationalError as problem:
            if isinstance(problem.__cause__, NoAnswer):
                raise
            # The connection was from before a restart: the next one is fresh.
            current_app.send_task(job.value, kwargs=ids, producer=producer)


@lru_cache(maxsize=8)
def _connection(address: str) -> Connection:
    return current_app.connection_for_write(address, transport_options=PATIENCE)
