from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models.functions import Now
from django.utils import timezone

from loci.notices.choices import NoticeKind, NoticeState
from loci.notices.models import Notice
from loci.notices.services.delivery import deliver_due, render
from loci.notices.services.posting import post_notice
from tests import make

pytestmark = pytest.mark.django_db
WORDS: dict[NoticeKind, dict[str, Any]] = {
    NoticeKind.SIGN_IN: {"subject": "Code", "body": "ABC-123"},
    NoticeKind.PART_SENT: {"reference": "MAK-2026-05-G", "locality": "Makueni"},
    NoticeKind.INVITATION: {
        "inviter": "Rosa",
        "organisation": "Open <Eyes>",
        "place": "Makueni",
        "side": "Government",
        "kind": "colleague",
        "until": "25 May",
        "token": "token",
        "code": "BCDF-GHJK",
        "code_page": "http://localhost/invitations/code/",
    },
    NoticeKind.STILL_TRUE: {"place": "Makueni", "count": 2},
    NoticeKind.PROFILE_AGREE: {"place": "Makueni", "day": "25 May"},
    NoticeKind.SUGGESTION: {"own": "Makueni", "other": "Jalisco"},
    NoticeKind.PARTNER_ASKED: {"who": "Government side", "own": "Makueni"},
    NoticeKind.CHECK_IN: {"own": "Makueni", "other": "Jalisco"},
    NoticeKind.INTRODUCTION: {
        "own": "Makueni",
        "other": "Jalisco",
        "need": "A <need> & more",
        "offer": "An offer",
        "contacts": ["Someone <someone@example.org>"],
        "times": ["Monday 4 May, 16:00 (Africa/Nairobi) = Monday 07:00 (UTC)"],
    },
    NoticeKind.TIME_AGREED: {"own": "Makueni", "other": "Jalisco", "when": "Monday"},
    NoticeKind.REPORT_TO_READ: {"title": "What we heard", "until": "2026-05-14"},
    NoticeKind.REPORT_PUBLISHED: {"title": "What we heard"},
    NoticeKind.PROMISE_LATE: {"title": "Portals", "day": "2026-05-14"},
    NoticeKind.STEP_LATE: {"step": "ask", "cycle": "Turn", "day": "2026-05-14"},
    NoticeKind.LESSON_TO_AGREE: {"title": "Begin with one contract"},
    NoticeKind.FOUND_FOR_YOU: {"asked": "Portals in Africa"},
    NoticeKind.REQUEST_ANSWERED: {
        "own": "Makueni",
        "other": "Jalisco",
        "is_taken_up": True,
        "answer": "With <pleasure>",
    },
    NoticeKind.WAVE_OPENED: {
        "locality": "Makueni",
        "wave": "May wave",
        "minutes": 9,
        "parts": ["Government part", "Both sides part"],
        "joint": True,
        "day": "Friday 29 May",
    },
    NoticeKind.REMINDER: {
        "locality": "Makueni",
        "wave": "May wave",
        "count": 2,
        "parts": ["Government part", "Both sides part"],
        "joint": True,
        "day": "Friday 29 May",
        "later": "/surveys/MAK-2026-05-G/later/",
    },
    NoticeKind.PART_COPY: {
        "locality": "Makueni",
        "reference": "MAK-2026-05-G",
        "text": "A <need> & more",
    },
    NoticeKind.ENTERED_FOR_YOU: {
        "locality": "Makueni",
        "who": "Hub coordinator",
        "day": "4 May",
        "consent": "the head of procurement",
    },
    NoticeKind.CIRCLE: {"own": "Makueni", "topic": "Portals"},
    NoticeKind.CIRCLE_FORMED: {"own": "Makueni", "topic": "Portals"},
    NoticeKind.EXPERT_ASKED: {
        "place": "Makueni",
        "topic": "Portals",
        "need": "Who knows portals?",
        "coordinator": "Someone <someone@example.org>",
    },
    **{
        kind: {
            "title": "Regional meeting",
            "when": "Monday 25 May 2026, 09:00 (Africa/Nairobi)",
            "place": "Nairobi",
            "own": "Makueni",
            "other": "Jalisco",
            "why": "Floods",
            "question": "How <do> we & you",
            "text": "Ask for the file",
        }
        for kind in NoticeKind
        if kind.value.startswith(("meeting", "clinic"))
    },
}


def post(key="one", kind=NoticeKind.SUGGESTION, to=None):
    return post_notice(
        key=key,
        kind=kind,
        to=to or make.person(),
        now=timezone.now(),
        parameters=WORDS[kind],
        path="/home/",
    )


class Failing(BaseEmailBackend):
    problem: Exception = SMTPServerDisconnected("gone")

    def send_messages(self, messages):
        raise self.problem


class Refusing(Failing):
    problem = SMTPRecipientsRefused({})


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_each_kind_has_words_a_subject_and_no_markup(kind):
    subject, body = render(post(kind=kind))

    assert subject
    assert "&lt;" not in body
    assert "{{" not in body
    assert body.strip()


def test_the_same_occasion_makes_one_message_and_one_mail():
    person = make.person()
    post(to=person)
    post(to=person)

    sent = deliver_due(now=timezone.now()), deliver_due(now=timezone.now())

    assert sent == (1, 0)
    assert [message.to for message in mail.outbox] == [[person.email]]


def test_a_message_id_follows_from_the_occasion():
    post("one")
    post("two")
    deliver_due(now=timezone.now())

    names = [message.extra_headers["Message-ID"] for message in mail.outbox]

    assert len(set(names)) == 2
    assert all(name.startswith("<") and name.endswith(">") for name in names)


def test_a_dead_mail_server_loses_nothing_and_is_tried_again_later(settings):
    post()
    now = timezone.now()
    settings.EMAIL_BACKEND = "tests.notices.test_delivery.Failing"

    sent_while_away = deliver_due(now=now)
    notice = Notice.objects.get()
    waits = notice.not_before - now
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    too_early = deliver_due(now=now)
    in_time = deliver_due(now=notice.not_before)

    assert (sent_while_away, too_early, in_time) == (0, 0, 1)
    assert waits == timedelta(minutes=1)
    assert len(mail.outbox) == 1


def test_an_address_that_is_refused_for_ever_is_marked(settings):
    post()
    settings.EMAIL_BACKEND = "tests.notices.test_delivery.Refusing"

    deliver_due(now=timezone.now())

    assert Notice.objects.get().state == NoticeState.FAILED


def test_after_three_days_it_gives_up(settings):
    notice = post()
    settings.EMAIL_BACKEND = "tests.notices.test_delivery.Failing"

    deliver_due(now=notice.created_at + timedelta(hours=73))

    assert Notice.objects.get().state == NoticeState.FAILED


def test_a_sign_in_code_is_not_kept_outside_the_demonstration(settings):
    settings.LOCI_DEMO = False
    post(kind=NoticeKind.SIGN_IN)

    deliver_due(now=timezone.now())

    notice = Notice.objects.get()
    assert "ABC-123" in mail.outbox[0].body
    assert (notice.body, notice.parameters) == ("", {})


def test_a_mail_is_in_its_readers_language():
    subject_en, _body = render(post("en", to=make.person(language="en")))
    subject_es, _body = render(post("es", to=make.person(language="es")))

    assert subject_en != subject_es


def test_a_calendar_file_goes_with_the_mail():
    notice = post()
    notice.calendar = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    notice.save()

    deliver_due(now=timezone.now())

    name, text, kind = mail.outbox[0].attachments[0]
    assert (name, kind) == ("calendar.ics", "text/calendar")
    assert text.startswith("BEGIN:VCALENDAR")


def test_a_mail_claimed_by_a_process_is_nobody_elses_until_the_claim_runs_out():
    notice = post()
    Notice.objects.filter(pk=notice.pk).update(claimed_until=Now() + timedelta(hours=1))
    claimed = deliver_due(now=timezone.now())
    Notice.objects.filter(pk=notice.pk).update(claimed_until=Now() - timedelta(hours=1))

    assert (claimed, deliver_due(now=timezone.now())) == (0, 1)


@pytest.mark.parametrize("minutes", [-5, 0, 5])
def test_claims_go_by_the_clock_of_the_database_not_of_the_worker(minutes):
    """A worker whose clock is wrong takes nobody's mail and keeps none for long."""
    own_clock = timezone.now() + timedelta(minutes=minutes)
    claimed, free = post("claimed"), post("free")
    Notice.objects.update(not_before=own_clock - timedelta(hours=1))
    Notice.objects.filter(pk=claimed.pk).update(
        claimed_until=Now() + timedelta(minutes=1)
    )

    sent = deliver_due(now=own_clock)

    assert sent == 1
    assert Notice.objects.get(pk=claimed.pk).sent_at is None
    assert Notice.objects.get(pk=free.pk).sent_at is not None


def test_a_mail_that_ends_its_process_three_times_is_put_aside_and_others_go_on():
    poison = post("poison")
    post("other")
    Notice.objects.filter(pk=poison.pk).update(claims=3)

    sent = deliver_due(now=timezone.now())

    assert sent == 1
    assert Notice.objects.get(key="poison").state == NoticeState.FAILED


class Greylisting(Failing):
    problem = SMTPRecipientsRefused({"a@example.org": (451, b"later")})


class TooBig(Failing):
    problem = SMTPDataError(552, b"too big")


@pytest.mark.parametrize(
    ("server", "state"),
    [("Greylisting", NoticeState.WAITING), ("TooBig", NoticeState.FAILED)],
)
def test_for_now_is_tried_again_and_for_good_is_not(settings, server, state):
    post()
    settings.EMAIL_BACKEND = f"tests.notices.test_delivery.{server}"

    deliver_due(now=timezone.now())

    assert Notice.objects.get().state == state


def test_a_dead_server_is_asked_three_times_a_run_and_codes_come_first(settings):
    for number in range(6):
        post(f"{number}")
    post("code", NoticeKind.SIGN_IN)
    settings.EMAIL_BACKEND = "tests.notices.test_delivery.Failing"

    deliver_due(now=timezone.now())

    tried = Notice.objects.filter(attempts=1).values_list("key", flat=True)
    assert sorted(tried) == ["0", "1", "code"]
