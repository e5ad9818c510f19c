"""Send what is due: claim a row, send, mark, commit — a row at a time."""

import hashlib
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from loci.notices.choices import (
    FIRST_PAUSE_MINUTES,
    LONGEST_PAUSE_MINUTES,
    LONGEST_TRYING_HOURS,
    NoticeKind,
    NoticeState,
)
from loci.notices.models import Notice, Pulse


def deliver_due(*, now: datetime, at_most: int = 200) -> int:
    """Send up to `at_most` due messages; returns how many were sent."""
    sent = 0
    for _turn in range(at_most):
        outcome = _deliver_next(now)
        if outcome is None:
            break
        sent += outcome
    return sent


@transaction.atomic
def _deliver_next(now: datetime) -> int | None:
    notice = (
        Notice.objects.due(now)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("recipient")
        .first()
    )
    if notice is None:
        return None
    subject, body = render(notice)
    try:
        _send(notice, subject, body)
    except (SMTPException, OSError) as problem:
        _try_later(notice, problem, now)
        return 0
    _mark_sent(notice, subject, body, now)
    return 1


def render(notice: Notice) -> tuple[str, str]:
    """Subject and text of a message in its reader's language."""
    with translation.override(notice.recipient.language):
        text = render_to_string(
            f"emails/{notice.kind}.txt",
            {
                **notice.parameters,
                "recipient": notice.recipient,
                "link": settings.LOCI_SITE_URL.rstrip("/") + notice.path,
            },
        )
    subject, _line, body = text.strip().partition("\n")
    return subject.strip()[:200], body.strip() + "\n"


def _send(notice: Notice, subject: str, body: str) -> None:
    domain = urlsplit(settings.LOCI_SITE_URL).hostname or "localhost"
    name = hashlib.sha256(notice.key.encode()).hexdigest()[:32]
    mail = EmailMessage(
        subject=subject,
        body=body,
        to=[notice.recipient.email],
        headers={
            "Message-ID": f"<{name}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    if notice.calendar:
        mail.attach("calendar.ics", notice.calendar, "text/calendar")
    mail.send()


def _mark_sent(notice: Notice, subject: str, body: str, now: datetime) -> None:
    notice.state, notice.sent_at = NoticeState.SENT, now
    notice.attempts += 1
    notice.subject, notice.body, notice.error = subject, body, ""
    if notice.kind == NoticeKind.SIGN_IN and not settings.LOCI_DEMO:
        notice.body, notice.parameters = "", {}  # a code is not kept
    notice.save()


def _try_later(notice: Notice, problem: Exception, now: datetime) -> None:
    pause = min(FIRST_PAUSE_MINUTES * 2**notice.attempts, LONGEST_PAUSE_MINUTES)
    notice.attempts += 1
    notice.error = f"{type(problem).__name__}: {problem}"[:500]
    gave_up = now - notice.created_at > timedelta(hours=LONGEST_TRYING_HOURS)
    if gave_up or isinstance(problem, SMTPRecipientsRefused):
        notice.state = NoticeState.FAILED
    notice.not_before = now + timedelta(minutes=pause)
    notice.save()


def record_pulse(*, name: str, now: datetime) -> Pulse:
    """Note that a background process is alive."""
    pulse, _is_new = Pulse.objects.update_or_create(name=name, defaults={"at": now})
    return pulse
