"""Two beats, doubled tasks, a worker killed while it sends: each due mail once."""

from collections import Counter
from datetime import datetime, timedelta
from functools import partial

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


def a_wave_that_reminds_today(*, told_from: datetime | None = None) -> None:
    """Every person is where it is about noon; the mark is today.

    With `told_from` it is told first that it is open.
    """
    now = timezone.now()
    wave = make.wave(
        told_from=told_from,
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


@pytest.mark.parametrize("kind", ["reminder", "wave_opened"])
def test_each_mail_due_goes_out_once_whatever_is_killed(
    start_worker: StartWorker, kind: str
):
    is_opening = kind == "wave_opened"
    a_wave_that_reminds_today(told_from=timezone.now() if is_opening else None)
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
            until(partial(everything_is_sent, kind))

    times = Counter(name for name, _address in mails.accepted)
    twice = [name for name, count in times.items() if count > 1]
    assert Reminder.objects.count() == 2 * PAIRS
    assert set(Reminder.objects.values_list("number", flat=True)) == {
        int(not is_opening)
    }
    assert set(Notice.objects.values_list("kind", flat=True)) == {kind}
    assert len(times) == 2 * PAIRS
    assert len(twice) <= 1  # accepted, then its worker was killed: the same Message-ID
    assert len(mails.accepted) == 2 * PAIRS + len(twice)
    assert len({address for _name, address in mails.accepted}) == 2 * PAIRS


def everything_is_sent(kind: str) -> bool:
    mails = Notice.objects.filter(kind=kind)
    return (
        mails.count() == 2 * PAIRS
        and not mails.exclude(state=NoticeState.SENT).exists()
    )
