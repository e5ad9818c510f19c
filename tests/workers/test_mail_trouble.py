"""T-R7: a mail server that refuses, hangs, dawdles, or says 451 or 552, over real sockets."""

import smtplib
import socket
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from loci.notices.choices import NoticeKind, NoticeState
from loci.notices.models import Notice
from loci.notices.services.delivery import deliver_due
from loci.notices.services.posting import post_notice
from tests import make
from tests.workers.mail_server import Answer, mail_server
from tests.workers.walks import Walks

pytestmark = [pytest.mark.servers, pytest.mark.django_db]
LADDER = [1, 2, 4, 8, 16, 32, 60, 60]  # minutes


@pytest.fixture
def mails(settings):
    """A mail server that the product is told to use, and half a second of patience."""
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 0.5
        yield running


def post(key: str = "one") -> Notice:
    return post_notice(
        key=key,
        kind=NoticeKind.SUGGESTION,
        to=make.person(),
        now=timezone.now(),
        parameters={"own": "Makueni", "other": "Jalisco"},
    )


def pauses_until_it_ends() -> tuple[list[int], datetime]:
    """Try whenever it is due; the minutes from each try to the next, and the last try."""
    notice, minutes = Notice.objects.get(), []
    now = notice.created_at
    while notice.state == NoticeState.WAITING:
        now = max(now, notice.not_before)
        deliver_due(now=now)
        notice.refresh_from_db()
        minutes.append(round((notice.not_before - now).total_seconds() / 60))
    return minutes, now


def test_it_waits_longer_each_time_for_three_days_then_coordinators_see_it(
    settings, signed_in
):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port  # nobody is there
    notice = post()

    minutes, ended_at = pauses_until_it_ends()

    notice.refresh_from_db()
    assert minutes[:8] == LADDER
    assert set(minutes[8:]) == {60}
    assert (
        timedelta(days=3) < ended_at - notice.created_at < timedelta(days=3, hours=1.1)
    )
    assert notice.state == NoticeState.FAILED
    assert "ConnectionRefusedError" in notice.error
    page = signed_in(make.coordinator()).get("/admin/").content.decode()
    assert "mail could not be delivered" in page


@pytest.mark.parametrize(
    ("pause", "answer", "state", "accepted"),
    [
        (1.0, Answer.FINE, NoticeState.WAITING, 0),  # longer than we wait
        (0.1, Answer.FINE, NoticeState.SENT, 1),  # slow
        (0.0, Answer.LATER, NoticeState.WAITING, 0),
        (0.0, Answer.NEVER, NoticeState.FAILED, 0),
        (0.0, Answer.CUT_INSTEAD, NoticeState.WAITING, 1),
        (0.0, Answer.CUT_AFTER, NoticeState.SENT, 1),
    ],
)
def test_what_becomes_of_a_mail_follows_from_what_the_server_does(
    mails, pause, answer, state, accepted
):
    mails.pause, mails.answer = pause, lambda _name: answer
    post()

    deliver_due(now=timezone.now())

    assert Notice.objects.get().state == state
    assert len(mails.accepted) == accepted


def test_a_later_try_carries_the_same_message_id(mails):
    said = iter([Answer.CUT_INSTEAD, Answer.LATER, Answer.FINE])
    mails.answer = lambda _name: next(said)
    post()

    pauses_until_it_ends()

    names = {name for name, _answer in mails.answered}
    assert len(mails.answered) == 3
    assert len(names) == 1
    assert Notice.objects.get().state == NoticeState.SENT


def test_refusals_of_single_mails_do_not_hold_up_the_others(mails):
    refused: list[str] = []

    def answer(name: str) -> Answer:
        if len(refused) < 8:
            refused.append(name)
            return Answer.LATER if len(refused) % 2 else Answer.NEVER
        return Answer.FINE

    mails.answer = answer
    for number in range(10):
        post(str(number))

    assert deliver_due(now=timezone.now()) == 2


def test_a_dead_mail_server_is_not_asked_for_mails_that_it_does_not_try(mails):
    """They are nobody's: a later run, or another worker, takes them at once."""
    mails.pause = 1.0
    for number in range(5):
        post(str(number))

    deliver_due(now=timezone.now())

    assert mails.talks == 3
    untried = Notice.objects.filter(attempts=0)
    assert untried.count() == 2
    assert not untried.exclude(claimed_until=None).exists()
    assert not untried.exclude(claims=0).exists()


def test_what_one_run_leaves_is_asked_for_at_once(django_capture_on_commit_callbacks):
    for number in range(3):
        post(str(number))

    with django_capture_on_commit_callbacks() as asked:
        sent = deliver_due(now=timezone.now(), at_most=2)
    with django_capture_on_commit_callbacks() as asked_again:
        left = deliver_due(now=timezone.now(), at_most=2)

    assert (sent, left, len(mail.outbox)) == (2, 1, 3)
    assert (len(asked), len(asked_again)) == (1, 0)


def test_no_page_talks_to_a_mail_server(monkeypatch, settings):
    """Every chief walk goes through while each connection to a mail server is an error."""

    def refuse(*_given: object, **_named: object) -> None:
        raise AssertionError("a page talks to a mail server")

    monkeypatch.setattr(smtplib.SMTP, "__init__", refuse)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    walks = Walks().go()

    assert len(walks.all_seconds) > 20
    assert Notice.objects.filter(state=NoticeState.WAITING).count() > 5
