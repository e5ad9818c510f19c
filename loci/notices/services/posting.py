"""Put a message into the outbox, in the transaction of what it tells about."""

from datetime import datetime
from typing import Any

from django.db.models.functions import Now

from loci.accounts.models import User
from loci.core.jobs import Job, enqueue
from loci.notices.choices import NoticeKind, NoticeState
from loci.notices.models import Notice


def post_notice(  # noqa: PLR0913  # each is a column of the row
    *,
    key: str,
    kind: NoticeKind,
    to: User,
    now: datetime,
    parameters: dict[str, Any] | None = None,
    path: str = "",
    calendar: str = "",
    reply_to: str = "",
) -> Notice:
    """Write one message; the same `key` twice gives the first row, unchanged.

    `calendar` is the text of a calendar file that goes with the mail.
    """
    notice, is_new = Notice.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "recipient": to,
            "parameters": parameters or {},
            "path": path,
            "calendar": calendar,
            "reply_to": reply_to,
            "not_before": now,
        },
    )
    if is_new:
        enqueue(Job.DELIVER_DUE)
    return notice


def withdraw_notices(key_begins: str) -> int:
    """Drop messages of one occasion that have not gone out; returns how many."""
    waiting = Notice.objects.filter(
        key__startswith=key_begins, state=NoticeState.WAITING
    )
    being_sent = waiting.filter(claimed_until__gt=Now())
    count, _by_model = waiting.exclude(pk__in=being_sent).delete()
    return count


def post_many(notices: list[Notice]) -> None:
    """Write many messages at once; one whose occasion has its row already is left out."""
    if notices:
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        enqueue(Job.DELIVER_DUE)
