"""The Celery application; its settings are `CELERY_*` in `loci.settings`."""

import os

from celery import Celery
from celery.signals import task_received, worker_ready
from celery.worker import state
from django.conf import settings

from loci.core.hearing import Hearing, watch

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loci.settings")

app = Celery("loci", task_cls="loci.notices.running:CarefulTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def look_for_lost_work(**_: object) -> None:
    """A worker that starts looks at once for what a lost message left behind."""
    for entry in app.conf.beat_schedule.values():
        app.send_task(entry["task"])


@worker_ready.connect
def end_when_deaf(**_: object) -> None:
    """What is heard counts from here on; without a clock that speaks nothing is."""
    hearing = Hearing(settings.LOCI_DEAF_SECONDS, settings.CELERY_TASK_TIME_LIMIT)
    task_received.connect(lambda **_: hearing.hears(), weak=False)
    watch(hearing, is_busy=lambda: bool(state.reserved_requests))
