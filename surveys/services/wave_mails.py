"""What the mails of a wave say: that it is open, and that a part is still missing."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from loci.notices.choices import NoticeKind
from loci.notices.engine.planner import zone_named
from loci.notices.models import Notice
from surveys.models import Wave
from surveys.queries.reminders import Candidate


@dataclass(frozen=True)
class Sending:
    """One mail to be written: its occasion, when, and where answers to it go."""

    key: str
    at: datetime
    reply_to: str


def opening_mail(
    wave: Wave, row: Candidate, minutes: dict[str, float], sending: Sending
) -> Notice:
    """It is open until a day, takes so many minutes, and begins here."""
    takes = sum(minutes.get(part.side, 0) for part in row.parts)
    words = _words(wave, row) | {"minutes": ceil(takes)}
    return _mail(NoticeKind.WAVE_OPENED, row, words, sending)


def reminder_mail(wave: Wave, row: Candidate, sending: Sending) -> Notice:
    """What is still to be sent, and how to put this off."""
    words = _words(wave, row) | {
        "begun": has_begun(row),
        "later": f"/surveys/{row.parts[0].reference}/later/",
    }
    return _mail(NoticeKind.REMINDER, row, words, sending)


def has_begun(row: Candidate) -> bool:
    """Somebody has opened one of the missing parts."""
    return any(part.first_opened_at for part in row.parts)


def _mail(
    kind: NoticeKind, row: Candidate, words: dict[str, Any], sending: Sending
) -> Notice:
    return Notice(
        key=sending.key,
        kind=kind,
        recipient=row.person,
        parameters=words,
        path=f"/surveys/{row.parts[0].reference}/",
        not_before=sending.at,
        reply_to=sending.reply_to,
    )


def _words(wave: Wave, row: Candidate) -> dict[str, Any]:
    with translation.override(row.person.language):
        closes = row.closes_at.astimezone(zone_named(row.person.time_zone))
        return {
            "locality": row.locality.name,
            "wave": wave.title,
            "count": len(row.parts),
            "parts": [
                _("%(side)s part") % {"side": part.get_side_display()}
                for part in row.parts
            ],
            "joint": any(part.is_joint for part in row.parts),
            "day": date_format(closes, "l j F"),
        }
