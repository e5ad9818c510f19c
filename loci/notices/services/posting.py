"""Put a message into the outbox, in the transaction of what it tells about."""

from datetime import datetime
from typing import Any

from loci.accounts.models import User
from loci.core.jobs import Job, enqueue
from loci.notices.choices import NoticeKind, NoticeState
from loci.notices.models import Notice


def post_notice(
    *,
    key: str,
    kind: NoticeKind,
    to: User,
    now: datetime,
    parameters: dict[str, Any] | None = None,
    path: str = "",
    calendar: str = "",
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
    count, _by_model = waiting.delete()
    return count
