"""Send what is due: claim a row, send, mark, commit — a row at a time."""

import hashlib
import time
from datetime import datetime, timedelta
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import translation

from loci.core.jobs import Job, enqueue
from loci.notices.choices import (
    CLAIMS_AT_MOST,
    FAILURES_IN_A_ROW,
    FIRST_PAUSE_MINUTES,
    LONGEST_PAUSE_MINUTES,
    LONGEST_RUN_SECONDS,
    LONGEST_TRYING_HOURS,
    NOT_KEPT,
    NoticeState,
)
from loci.notices.models import Notice, Pulse
from loci.notices.services.standing import still_stands
from loci.notices.services.stopping import (
    has_stopped,
    site,
    stop_headers,
    stop_link,
)

REFUSED_FOR_GOOD = 500
GOES_AWAY = 421


def deliver_due(*, now: datetime, at_most: int = 200) -> int:
    """Send up to `at_most` due messages; returns how many were sent.

    A message is claimed before it goes out, so that of two workers one sends it. A
    worker that is killed leaves its claim to run out; the message keeps its Message-ID,
    so that mail programs fold what arrived just before the end. What is left after
    `at_most` or after a while is the work of another run, asked for at once.
    """
    sent = failed = 0
    latest = time.monotonic() + LONGEST_RUN_SECONDS
    for _turn in range(at_most):
        notice = _claim(now)
        if notice is None:
            return sent
        outcome = _deliver(notice, now)
        sent += outcome is True
        failed = failed + 1 if outcome is False else 0
        if failed >= FAILURES_IN_A_ROW:
            return sent
        if time.monotonic() > latest:
            break
    enqueue(Job.DELIVER_DUE)
    return sent


@transaction.atomic
def _claim(now: datetime) -> Notice | None:
    """The next due message, this process's for a while."""
    notice = (
        Notice.objects.due(now)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("recipient")
        .first()
    )
    if notice is not None:
        Notice.objects.filter(pk=notice.pk).update(
            claimed_until=Now() + timedelta(seconds=settings.LOCI_CLAIM_SECONDS),
            claims=notice.claims + 1,
        )
    return notice


def _deliver(notice: Notice, now: datetime) -> bool | None:
    """Send one claimed message: True if sent, False if the mail server is away.

    None if nothing can be said of the server: it is not for sending, or was refused.
    """
    if notice.claims >= CLAIMS_AT_MOST:
        words = "Each process that was sending it has ended."
        _settle(notice, state=NoticeState.FAILED, error=words)
        return None
    if has_stopped(person=notice.recipient, kind=notice.kind):
        _settle(notice, state=NoticeState.WITHHELD)
        return None
    if not still_stands(notice):
        _settle(notice, state=NoticeState.OVER, parameters={}, calendar="")
        return None
    subject, body = render(notice)
    try:
        _send(notice, subject, body)
    except (SMTPException, OSError) as problem:
        _try_later(notice, problem, now)
        return None if _is_refusal(problem) else False
    _mark_sent(notice, subject, body, now)
    return True


def _settle(notice: Notice, **facts: object) -> None:
    """Write down what became of it; a row that has gone meanwhile stays gone."""
    for name, value in {**facts, "claimed_until": None, "claims": 0}.items():
        setattr(notice, name, value)
    Notice.objects.filter(pk=notice.pk).update(
        **facts, claimed_until=None, claims=0, updated_at=Now()
    )


def render(notice: Notice) -> tuple[str, str]:
    """Subject and text of a message in its reader's language."""
    with translation.override(notice.recipient.language):
        text = render_to_string(
            f"emails/{notice.kind}.txt",
            {
                **notice.parameters,
                "recipient": notice.recipient,
                "link": site() + notice.path,
                "site": site(),
            },
        )
        if stop := stop_link(notice.recipient, notice.kind):
            text += render_to_string("emails/_stop.txt", {"stop": stop})
    subject, _line, body = text.strip().partition("\n")
    return subject.strip()[:200], body.strip() + "\n"


def _send(notice: Notice, subject: str, body: str) -> None:
    domain = urlsplit(settings.LOCI_SITE_URL).hostname or "localhost"
    name = hashlib.sha256(notice.key.encode()).hexdigest()[:32]
    mail = EmailMessage(
        subject=subject,
        body=body,
        to=[notice.recipient.email],
        reply_to=[notice.reply_to] if notice.reply_to else None,
        headers={
            "Message-ID": f"<{name}@{domain}>",
            "Auto-Submitted": "auto-generated",
            **stop_headers(notice.recipient, notice.kind),
        },
    )
    if notice.calendar:
        mail.attach("calendar.ics", notice.calendar, "text/calendar")
    mail.send()


def _mark_sent(notice: Notice, subject: str, body: str, now: datetime) -> None:
    is_kept = notice.kind not in NOT_KEPT or settings.LOCI_DEMO
    _settle(
        notice,
        state=NoticeState.SENT,
        sent_at=now,
        attempts=notice.attempts + 1,
        subject=subject if is_kept else notice.get_kind_display(),  # one has a code
        body=body if is_kept else "",
        parameters=notice.parameters if is_kept else {},
        error="",
    )


def _try_later(notice: Notice, problem: Exception, now: datetime) -> None:
    pause = min(FIRST_PAUSE_MINUTES * 2**notice.attempts, LONGEST_PAUSE_MINUTES)
    gave_up = now - notice.created_at > timedelta(hours=LONGEST_TRYING_HOURS)
    ended = gave_up or _is_for_ever(problem)
    _settle(
        notice,
        state=NoticeState.FAILED if ended else NoticeState.WAITING,
        attempts=notice.attempts + 1,
        error=f"{type(problem).__name__}: {problem}"[:500],
        not_before=now + timedelta(minutes=pause),
    )


def _codes(problem: Exception) -> list[int]:
    """What the other server has said about this one message; empty if it is away."""
    if isinstance(problem, SMTPRecipientsRefused):
        return [code for code, _why in problem.recipients.values()]
    if isinstance(problem, (SMTPDataError, SMTPSenderRefused)):
        return [problem.smtp_code]
    return []


def _is_refusal(problem: Exception) -> bool:
    """The server is there and has refused this message; others may go through."""
    codes = _codes(problem)
    return bool(codes) and GOES_AWAY not in codes


def _is_for_ever(problem: Exception) -> bool:
    """The other server has said no for good (5xx), not only for now (4xx)."""
    if isinstance(problem, SMTPSenderRefused):
        return False  # it is about us, not about the reader: it can be mended
    is_answer = isinstance(problem, (SMTPRecipientsRefused, SMTPDataError))
    return is_answer and all(code >= REFUSED_FOR_GOOD for code in _codes(problem))


def record_pulse(*, name: str, now: datetime) -> Pulse:
    """Note that a background process is alive."""
    pulse, _is_new = Pulse.objects.update_or_create(name=name, defaults={"at": now})
    return pulse
