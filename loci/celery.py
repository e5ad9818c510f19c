"""The Celery application; its settings are `CELERY_*` in `loci.settings`."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loci.settings")

app = Celery("loci")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def look_for_lost_work(**_: object) -> None:
    """A worker that starts looks at once for what a lost message left behind."""
    for entry in app.conf.beat_schedule.values():
        app.send_task(entry["task"])
