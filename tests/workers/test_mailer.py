"""T-R7: a code to sign in has a way of its own, whatever else is being worked on."""

import logging
import time
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from loci.core.jobs import Job, enqueue, mail_queue
from loci.notices.models import Pulse
from tests import make
from tests.workers.conftest import StartWorker
from tests.workers.mail_server import MailServer, mail_server
from tests.workers.processes import until, waiting_in

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("workers")]
logger = logging.getLogger(__name__)
PEOPLE = 10


def test_codes_go_out_while_nobody_does_other_work(
    start_worker: StartWorker, own_queue: str
):
    """As when every other worker is busy: only the worker for mail runs."""
    people = [make.person() for _number in range(PEOPLE)]
    waits = []
    with mail_server() as mails:
        told = {"LOCI_DEMO": "0", "LOCI_MAIL_URL": f"smtp://127.0.0.1:{mails.port}"}
        with start_worker(
            with_clock=False, queues=mail_queue(own_queue), **told
        ) as mailer:
            mailer.wait_until_ready()
            enqueue(Job.SWEEP_ANALYSES)
            for number, person in enumerate(people, start=1):
                began = time.monotonic()
                ask_for_a_code(person.email)
                until(partial(has_come, mails, number))
                waits.append(time.monotonic() - began)

    waits.sort()
    logger.info("codes: median %.1f s, slowest %.1f s", waits[PEOPLE // 2], waits[-1])
    assert [address for _name, address in mails.accepted] == [p.email for p in people]
    assert waiting_in(own_queue) > 0  # other work was left for others
    assert waiting_in(mail_queue(own_queue)) == 0


def test_a_busy_worker_shows_its_pulse_though_no_job_of_beat_gets_through(
    start_worker: StartWorker, own_queue: str
):
    """Three mails take a minute; no clock runs, and the worker has room for one job."""
    queue = mail_queue(own_queue)
    with mail_server() as mails:
        told = {"LOCI_DEMO": "0", "LOCI_MAIL_URL": f"smtp://127.0.0.1:{mails.port}"}
        with start_worker(with_clock=False, queues=queue, **told) as mailer:
            mailer.wait_until_ready()
            until(lambda: Pulse.objects.exists() and not waiting_in(queue))
            mails.pause = 3.0
            for _mail in range(3):
                ask_for_a_code(make.person().email)
            until(lambda: mails.talks)

            Pulse.objects.all().delete()
            until(Pulse.objects.exists)
            accepted = len(mails.accepted)
            mails.pause = 0.0

    assert list(Pulse.objects.values_list("name", flat=True)) == ["mailer"]
    assert accepted < 3


def has_come(mails: MailServer, number: int) -> bool:
    return len(mails.accepted) == number


def ask_for_a_code(address: str) -> None:
    answer = Client().post(reverse("account_request_login_code"), {"email": address})
    assert answer.status_code == 302, answer.content
