"""T-R5: each periodic job has its effect once a tick, however many do it at a time."""

import re
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from celery import current_app
from django.apps import apps
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from loci.celery import app
from loci.core.jobs import mail_queue
from loci.core.sweeps import SWEEPS
from loci.cycles.models import Promise
from loci.cycles.services.cycles import begin_cycle
from loci.notices.models import Notice
from matchmaking.choices import ReplyAnswer
from matchmaking.services.replying import Answered, reply_to
from matchmaking.services.rounds import start_round
from meetings.choices import Answer
from meetings.models import Meeting, PrivateNote
from meetings.services.coming import answer_invitation
from surveys.models import ThemeRun
from tests import make
from tests.personas import World, world
from tests.workers.conftest import StartWorker
from tests.workers.mail_server import mail_server
from tests.workers.processes import Worker, until, waiting_in
from tests.workers.test_reminders import a_wave_that_reminds_today
from tests.workers.walks import Walks

pytestmark = [
    pytest.mark.servers,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("workers"),
]

AT_A_TIME = 3
# Days from now: reminders, answers that run out, check-ins, waves that close, late promises.
DAYS = (5, 24, 100)
OURS = (
    "accounts",
    "notices",
    "localities",
    "surveys",
    "matchmaking",
    "meetings",
    "cycles",
)
HAVE_EFFECT_HERE = {
    "notices.deliver_due",
    "surveys.close_waves",
    "surveys.remind",
    "surveys.sweep_analyses",
    "surveys.sweep_themes",
    "localities.ask_still_true",
    "localities.forget_guests",
    "cycles.remind_of_promises",
    "cycles.remind_of_steps",
    "matchmaking.sweep_rounds",
    "matchmaking.expire_suggestions",
    "matchmaking.return_postponed",
    "matchmaking.ask_how_it_went",
    "meetings.hand_on_places",
    "meetings.remind_unanswered",
    "meetings.ask_after_meetings",
    "meetings.forget_private_notes",
}
TAKEN = re.compile(r"Task ([a-z_.]+)\[\S+\] received")
DONE = re.compile(r"Task ([a-z_.]+)\[\S+\] succeeded")
ASKED = re.compile(r"Sending due task ([a-z_.]+)")
NOT_AN_EFFECT = {"notices.Pulse", "notices.StuckJob"}


def test_each_periodic_job_has_its_effect_once_though_three_do_it_at_a_time(
    demo: None, own_queue: str
):
    app.loader.import_default_modules()
    much_to_do()
    had_effect: set[str] = set()
    for days in DAYS:
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=True):
            mails = len(mail.outbox)
            alone = effects_of_one_run(had_effect)
            del mail.outbox[mails:]
            for job in SWEEPS:
                several_at_once(partial(run, job))
            together = effects()
            assert together == alone, days
            for job in SWEEPS:
                run(job)
            assert effects() == together, days

    names = Counter(message.extra_headers["Message-ID"] for message in mail.outbox)
    assert set(names.values()) == {1}
    assert had_effect >= HAVE_EFFECT_HERE


def test_two_real_beats_have_each_effect_once(
    start_clock: StartWorker, start_worker: StartWorker, own_queue: str
):
    """Each asks for every job twice at least, of two workers beside each other."""
    app.loader.import_default_modules()
    had_effect: set[str] = set()
    things_of_all_ages()
    alone = []
    for moment in now_and_when_the_day_ends_meanwhile():
        with time_machine.travel(moment, tick=True):
            alone.append(effects_of_one_run(had_effect))
    with mail_server() as mails, ExitStack() as ending:
        told = {"LOCI_DEMO": "0", "LOCI_MAIL_URL": f"smtp://127.0.0.1:{mails.port}"}
        workers = [
            ending.enter_context(start_worker(with_clock=False, **told))
            for _number in range(2)
        ]
        with start_clock(**told) as one, start_clock(**told) as other:
            until(lambda: all(ticks(clock) >= 2 for clock in (one, other)))
        until(lambda: nobody_has_work(own_queue, workers))

    done = Counter(name for running in workers for name in DONE.findall(running.said))
    names = Counter(name for name, _address in mails.accepted)
    together = effects()
    assert {} in [differences(together, one) for one in alone]
    assert had_effect == HAVE_EFFECT_HERE
    assert {job for job in SWEEPS if done[job] < 4} == set()
    assert set(names.values()) == {1}


def now_and_when_the_day_ends_meanwhile() -> list[datetime]:
    now = timezone.now()
    return list({at.date(): at for at in (now, now + timedelta(minutes=10))}.values())


def differences(found: Counter[str], other: Counter[str]) -> dict[str, int]:
    return {
        name: found[name] - other[name]
        for name in found.keys() | other.keys()
        if found[name] != other[name]
    }


def ticks(clock: Worker) -> int:
    """How often it has asked for the job that it asks for least often."""
    asked = Counter(ASKED.findall(clock.said))
    return min(asked[job] for job in SWEEPS)


def nobody_has_work(queue: str, workers: list[Worker]) -> bool:
    said = "".join(running.said for running in workers)
    in_hand = len(TAKEN.findall(said)) - len(DONE.findall(said))
    return not (waiting_in(queue) or waiting_in(mail_queue(queue)) or in_hand)


def things_of_all_ages() -> None:
    """So old that each job has something to do now."""
    with time_machine.travel(timezone.now() - timedelta(days=200), tick=True):
        here = much_to_do()
        begin_cycle(title="Loop", wave=here.wave, by=None, owner=make.coordinator())
    with time_machine.travel(timezone.now() - timedelta(days=24), tick=True):
        a_not_now(here)
    with time_machine.travel(timezone.now() - timedelta(days=DAYS[0]), tick=True):
        a_full_meeting()
    a_wave_that_reminds_today()
    # For one that seeks: a round for all may propose anew whoever said *not now*, as its
    # ties fall, and what is proposed does not come back by itself.
    seeker = make.statement(make.locality(), here.wave).locality
    start_round(wave=here.wave, by=make.coordinator(), only=[seeker])
    ThemeRun.objects.all().delete()  # a message would look again, a sweep would not


def much_to_do() -> World:
    """One of everything, two introduced pairs, reminders that are due."""
    here = world()
    Walks().go()
    with time_machine.travel(timezone.now() + timedelta(days=DAYS[0])):
        a_wave_that_reminds_today()
    Promise.objects.create(
        wave=here.wave,
        topic=make.topic("it.late"),
        heard="Heard",
        doing="Doing",
        owner=make.coordinator(),
        due_on=timezone.localdate() + timedelta(days=1),
        is_published=True,
    )
    a_full_meeting()
    a_not_now(here)
    return here


def a_full_meeting() -> None:
    """One comes, one waits for the place that then comes free, one has not said."""
    now = timezone.now()
    meeting = make.meeting(capacity=1, first_day=now.date() + timedelta(days=8))
    invitations = []
    for _pair in range(3):
        place = make.locality()
        invitations.append((make.invitation(meeting, place), make.pair(place)[0]))
    for invitation, person in invitations[:2]:
        coming = answer_invitation(
            invitation=invitation, answer=Answer.YES, by=person, now=now
        )
        PrivateNote.objects.create(place=coming, dietary="No nuts")
    Meeting.objects.filter(pk=meeting.pk).update(capacity=2)


def a_not_now(here: World) -> None:
    now = timezone.now()
    places = make.locality(), make.locality()
    people = [make.pair(place)[0] for place in places]
    day = now.date() + timedelta(days=10)
    reply_to(
        suggestion=make.approved(
            *places, here.wave, approved_at=now, expires_at=now + timedelta(days=20)
        ),
        said=Answered(ReplyAnswer.NOT_NOW, not_before=day),
        by=people[0],
        now=now,
    )


def run(job: str) -> None:
    current_app.tasks[job]()


class TakenBack(Exception):
    """Nothing of it stays."""


def effects_of_one_run(had_effect: set[str]) -> Counter[str]:
    """What there would be after each job once, alone; taken back. Notes which did any."""
    found = effects()
    with suppress(TakenBack), transaction.atomic():
        for job in SWEEPS:
            before, mails = found, len(mail.outbox)
            run(job)
            found = effects()
            if found != before or len(mail.outbox) > mails:
                had_effect.add(job)
        raise TakenBack
    return found


def effects() -> Counter[str]:
    """How many rows of each table, and how many mails of each kind to each person."""
    found: Counter[str] = Counter()
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            if model._meta.label not in NOT_AN_EFFECT:
                found[model._meta.label] = model._default_manager.count()
                if model is not Notice and any(
                    field.name == "state" for field in model._meta.fields
                ):
                    states = model._default_manager.values_list("state", flat=True)
                    found.update(f"{model._meta.label} {state}" for state in states)
    rows = Notice.objects.values_list("kind", "recipient")
    found.update(f"mail {kind} to {person}" for kind, person in rows)
    return found


def several_at_once(work: Callable[[], Any]) -> None:
    gate, problems = threading.Barrier(AT_A_TIME), []

    def begin() -> None:
        gate.wait()
        try:
            work()
        except Exception as problem:  # noqa: BLE001  # told below, by the test itself
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _number in range(AT_A_TIME)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
