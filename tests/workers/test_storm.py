"""T-R1: reminders go out while workers are killed and the mail server misbehaves.

`make chaos` runs it with 1,000 reminders, a kill every two seconds for a minute, and the
settings of a deployment; the tests have a small one.
"""

import hashlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from loci.notices.choices import NoticeState
from loci.notices.models import Notice
from surveys.models import Reminder, Wave
from tests import make
from tests.bench import report
from tests.bench.saving import a_wave_of
from tests.stack.drills import descendants
from tests.workers.conftest import StartWorker
from tests.workers.mail_server import Answer, MailServer, mail_server
from tests.workers.processes import Worker, until

pytestmark = [
    pytest.mark.servers,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("workers"),
]

MAILS = int(os.environ.get("LOCI_CHAOS_REMINDERS", "100"))
SECONDS = float(os.environ.get("LOCI_CHAOS_SECONDS", "6"))
IS_WHOLE = "LOCI_CHAOS_REMINDERS" in os.environ
EVERY = 2.0  # seconds from kill to kill
LONGEST_BAD = 120.0
AFTER = 300.0  # seconds in which all is done once the faults have stopped
WITH_A_BREAK = 0.7  # of the time of two workers goes to sending
TITLE = "Reminders while workers are killed"


@dataclass
class Weather:
    """How the mail server misbehaves: some addresses for good, the rest by chance."""

    chance: random.Random = field(default_factory=lambda: random.Random(20261125))  # noqa: S311
    is_bad: bool = True

    def answer(self, name: str) -> Answer:
        if is_refused_for_good(name):
            return Answer.NEVER
        if not self.is_bad:
            return Answer.FINE
        drawn = self.chance.random()
        if drawn < 0.20:
            return Answer.LATER
        if drawn < 0.25:
            return self.chance.choice((Answer.CUT_AFTER, Answer.CUT_INSTEAD))
        return Answer.FINE


def is_refused_for_good(name: str) -> bool:
    """One mail in twenty, the same whenever it comes."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 20 == 0


@dataclass
class Fleet:
    """Two workers; one whose head is gone is replaced, as a supervisor would."""

    start: StartWorker
    told: dict[str, str]
    ending: ExitStack
    workers: list[Worker] = field(default_factory=list)
    kills: int = 0

    def fill(self) -> None:
        for lost in [one for one in self.workers if one.process.poll() is not None]:
            lost.kill()  # what is left of its group
            self.workers.remove(lost)
        while len(self.workers) < 2:
            running = self.start(with_clock=False, **self.told)
            self.workers.append(self.ending.enter_context(running))

    def wait_until_ready(self) -> None:
        for running in self.workers:
            running.wait_until_ready()

    def kill_one(self, chance: random.Random) -> None:
        """A head or a child, whichever it hits."""
        pids = [
            pid
            for running in self.workers
            for pid in [running.process.pid, *sorted(descendants(running.process.pid))]
        ]
        with suppress(ProcessLookupError):
            os.kill(chance.choice(sorted(set(pids))), signal.SIGKILL)
            self.kills += 1

    def kill_all(self) -> None:
        for running in self.workers:
            running.kill()
            self.kills += 1


def test_no_reminder_is_lost_and_none_doubled_without_a_kill_or_a_cut(
    start_worker: StartWorker, start_clock: StartWorker, signed_in
):
    beat_was_dead_for_three_days()
    weather, chance = Weather(), random.Random(1)  # noqa: S311
    with mail_server() as mails, ExitStack() as ending:
        mails.answer = weather.answer
        mails.pause = SECONDS * 2 * WITH_A_BREAK / MAILS / LINES
        fleet = Fleet(start_worker, as_told(mails), ending)
        ending.enter_context(start_clock(**as_told(mails)))
        fleet.fill()
        fleet.wait_until_ready()
        until(lambda: mails.accepted)
        kill_for_a_while(fleet, chance)
        bad_server_until(lambda: len(names_answered(mails)) > 0.9 * MAILS, fleet)
        weather.is_bad, mails.pause = False, 0.0
        took = settles_again(fleet)

    told = tell(mails, fleet, took)
    print(told)  # noqa: T201
    assert_each_went_out_once(mails, fleet)
    page = signed_in(make.coordinator()).get("/admin/").content.decode()
    assert "could not be delivered" in page
    assert took < AFTER
    if IS_WHOLE:
        report.write(TITLE, told)


LINES = 7  # that a mail server says for one mail


def as_told(mails: MailServer) -> dict[str, str]:
    """The small drill looks around more often; the whole one is as it is deployed."""
    return {
        "LOCI_DEMO": "0",
        "LOCI_MAIL_URL": f"smtp://127.0.0.1:{mails.port}",
        "LOCI_SWEEP_SECONDS": "60" if IS_WHOLE else "2",
    }


def beat_was_dead_for_three_days() -> None:
    """Marks of three days have passed, and nobody was reminded."""
    wave = a_wave_of(MAILS // 2, timezone.now())
    Wave.objects.filter(pk=wave.pk).update(remind_days_before=[14, 15, 16])


def kill_for_a_while(fleet: Fleet, chance: random.Random) -> None:
    ends_at = time.monotonic() + SECONDS
    while time.monotonic() < ends_at:
        fleet.kill_one(chance)
        again_at = time.monotonic() + EVERY
        while time.monotonic() < again_at:
            fleet.fill()
            time.sleep(0.1)


def bad_server_until(most_have_met_it: Callable[[], bool], fleet: Fleet) -> None:
    """In the whole drill the mail server is bad for longer than workers are killed."""
    latest = time.monotonic() + LONGEST_BAD
    while IS_WHOLE and not most_have_met_it() and time.monotonic() < latest:
        fleet.fill()
        time.sleep(0.1)


def names_answered(mails: MailServer) -> set[str]:
    return {name for name, _answer in mails.answered}


def settles_again(fleet: Fleet) -> float:
    """Seconds until nothing waits any more, after the faults.

    The small drill does not wait for pauses and claims: it lets them run out at once.
    """
    began = time.monotonic()
    if not IS_WHOLE:
        fleet.kill_all()
        Notice.objects.filter(state=NoticeState.WAITING).update(
            not_before=Now() - timedelta(seconds=1), claimed_until=None
        )
    fleet.fill()
    until(everything_is_settled, AFTER)
    return time.monotonic() - began


def everything_is_settled() -> bool:
    reminders = Notice.objects.filter(kind="reminder")
    waiting = reminders.filter(state=NoticeState.WAITING)
    return reminders.count() == MAILS and not waiting.exists()


def assert_each_went_out_once(mails: MailServer, fleet: Fleet) -> None:
    times = Counter(name for name, _address in mails.accepted)
    refused = {name for name, answer in mails.answered if answer is Answer.NEVER}
    rows = Notice.objects.filter(kind="reminder").values_list("key", "state")
    states = {name_of(key): state for key, state in rows}
    cuts = sum(answer.cuts for _name, answer in mails.answered)
    assert Reminder.objects.count() == MAILS
    assert Reminder.objects.values("person").distinct().count() == MAILS
    assert {n for n, state in states.items() if state == NoticeState.FAILED} == refused
    assert {n for n, state in states.items() if state == NoticeState.SENT} == set(times)
    assert set(times) | refused == set(states)
    assert len(set(mails.accepted)) == len(times)  # each to one address
    assert times.total() - len(times) <= fleet.kills + cuts


def name_of(key: str) -> str:
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@localhost>"


def tell(mails: MailServer, fleet: Fleet, took: float) -> str:
    times = Counter(name for name, _address in mails.accepted)
    answers = Counter(answer for _name, answer in mails.answered)
    sent = Notice.objects.filter(kind="reminder", state=NoticeState.SENT).count()
    failed = Notice.objects.filter(kind="reminder", state=NoticeState.FAILED).count()
    rows = (
        ("reminders due, after three days without beat", MAILS),
        ("seconds of kills; workers", f"{SECONDS:.0f}; 2"),
        ("processes of workers killed (kill -9)", fleet.kills),
        ("answers 4xx", answers[Answer.LATER]),
        ("answers 5xx", answers[Answer.NEVER]),
        ("accepted, then the line was cut after 250", answers[Answer.CUT_AFTER]),
        ("accepted, then the line was cut without 250", answers[Answer.CUT_INSTEAD]),
        ("sent", sent),
        ("refused for good, shown to coordinators", failed),
        ("lost", MAILS - sent - failed),
        ("twice, with the same Message-ID", times.total() - len(times)),
        ("seconds until all was done once the faults had stopped", f"{took:.0f}"),
    )
    return "\n".join(("| | |", "|---|---:|", *(f"| {a} | {b} |" for a, b in rows)))
