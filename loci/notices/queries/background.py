"""Whether background work goes on: read by readiness and by the coordinators' place."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet, Subquery

from loci.core.counting import counted
from loci.notices.models import Notice, Pulse

OLDEST_PULSE = timedelta(seconds=180)
LONGEST_WAIT = timedelta(minutes=3)


@dataclass(frozen=True)
class Background:
    """`worker` is ok, silent, or not seen yet; `waiting` mails should have gone out."""

    worker: str
    waiting: int
    since: datetime | None

    @property
    def is_late(self) -> bool:
        """People should know: it is saved, it will follow, it takes longer."""
        return self.waiting > 0 or self.worker == "silent"


def worker_state(now: datetime) -> str:
    return _state(_pulses().values_list("at", flat=True).first(), now)


def _pulses() -> QuerySet[Pulse]:
    return Pulse.objects.filter(name="worker").order_by("-at")


def _state(pulse: datetime | None, now: datetime) -> str:
    if pulse is None:
        return "not seen yet"
    return "ok" if now - pulse < OLDEST_PULSE else "silent"


def background(now: datetime) -> Background:
    """How the worker is, and how many mails have waited too long for their first try."""
    untried = Notice.objects.filter(attempts=0).due(now - LONGEST_WAIT)
    first = untried.order_by("not_before").values("not_before")[:1]
    pulse = _pulses().values("at")[:1]
    (count,), (since, at) = counted([untried], also=[Subquery(first), Subquery(pulse)])
    return Background(_state(at, now), count, since)
