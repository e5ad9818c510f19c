"""Two beats, doubled tasks, a worker killed while it sends: each due mail once."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from localities.choices import Side
from loci.accounts.models import User
from loci.core.jobs import Job, enqueue
from loci.notices.choices import NoticeState
from loci.notices.models import Notice
from surveys.models import Reminder
from tests import make
from tests.workers.conftest import StartWorker
from tests.workers.mail_server import mail_server
from tests.workers.processes import until

pytestmark = [
    pytest.mark.servers,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("workers"),
]

PAIRS = 20
KILLED_AT = 7  # the mail that has been accepted when its worker ends


def a_wave_that_reminds_today() -> None:
    """Every person is where it is about noon; the mark is today."""
    now = timezone.now()
    wave = make.wave(
        opens_at=now - timedelta(days=10),
        closes_at=now + timedelta(days=14),
        remind_days_before=[14, 15],
        remind_on=list(range(7)),
    )
    for _pair in range(PAIRS):
        place = make.locality()
        make.pair(place)
        make.part(wave, place, Side.GOVERNMENT)
    hours = 12 - now.hour
    zone = f"Etc/GMT{-hours:+d}" if hours else "UTC"
    User.objects.update(time_zone=zone)


def test_each_reminder_due_goes_out_once_whatever_is_killed(start_worker: StartWorker):
    a_wave_that_reminds_today()
    with mail_server() as mails:
        told = {
            "LOCI_DEMO": "0",
            "LOCI_MAIL_URL": f"smtp://127.0.0.1:{mails.port}",
            "LOCI_CLAIM_SECONDS": "3",
        }
        with (
            start_worker(with_clock=True, **told) as first,
            start_worker(with_clock=True, **told) as second,
        ):
            first.wait_until_ready()
            second.wait_until_ready()
            mails.before_answering = lambda number: (
                first.kill() if number == KILLED_AT else None
            )
            for _doubled in range(3):
                enqueue(Job.REMIND)
                enqueue(Job.DELIVER_DUE)
            until(lambda: len(mails.accepted) >= KILLED_AT)
            first.kill()
            until(everything_is_sent)

    times = Counter(name for name, _address in mails.accepted)
    twice = [name for name, count in times.items() if count > 1]
    assert Reminder.objects.count() == 2 * PAIRS
    assert len(times) == 2 * PAIRS
    assert len(twice) <= 1  # accepted, then its worker was killed: the same Message-ID
    assert len(mails.accepted) == 2 * PAIRS + len(twice)
    assert len({address for _name, address in mails.accepted}) == 2 * PAIRS


def everything_is_sent() -> bool:
    reminders = Notice.objects.filter(kind="reminder")
    return (
        reminders.count() == 2 * PAIRS
        and not reminders.exclude(state=NoticeState.SENT).exists()
    )
