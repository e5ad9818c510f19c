"""Whether background work goes on: read by readiness and by the coordinators' place."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Subquery

from loci.core.counting import counted
from loci.notices.choices import WorkerName
from loci.notices.models import Notice, Pulse

LONGEST_WAIT = timedelta(minutes=3)


@dataclass(frozen=True)
class Background:
    """Each worker is ok, silent, or not seen yet; `waiting` mails should have gone out."""

    worker: str
    mailer: str
    waiting: int
    since: datetime | None

    @property
    def is_late(self) -> bool:
        """People should know: it is saved, it will follow, it takes longer."""
        return self.waiting > 0 or "silent" in (self.worker, self.mailer)


def worker_states(now: datetime) -> dict[str, str]:
    """How each kind of worker is, by its name."""
    pulses = dict(Pulse.objects.values_list("name", "at"))
    return {name: _state(pulses.get(name), now) for name in WorkerName.values}


def _state(pulse: datetime | None, now: datetime) -> str:
    """Silent as long after its pulse as a worker that hears nothing waits to end itself."""
    if pulse is None:
        return "not seen yet"
    oldest = now - timedelta(seconds=settings.LOCI_DEAF_SECONDS)
    return "ok" if pulse > oldest else "silent"


def background(now: datetime) -> Background:
    """How the workers are, and how many mails have waited too long for their first try."""
    untried = Notice.objects.filter(attempts=0).due(now - LONGEST_WAIT)
    first = untried.order_by("not_before").values("not_before")[:1]
    beats = [Pulse.objects.filter(name=name).values("at")[:1] for name in WorkerName]
    (count,), (since, *pulses) = counted(
        [untried], also=[Subquery(asked) for asked in (first, *beats)]
    )
    worker, mailer = (_state(pulse, now) for pulse in pulses)
    return Background(worker, mailer, count, since)
