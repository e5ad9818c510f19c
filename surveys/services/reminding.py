"""Remind the people of missing parts: never too often, never twice, never for nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.locks import try_lock
from loci.notices.choices import BUDGET_DAYS, BUDGET_MESSAGES, NoticeKind
from loci.notices.engine.planner import (
    Addressee,
    Budget,
    Schedule,
    next_reminder,
    zone_named,
)
from loci.notices.models import Notice
from loci.notices.services.posting import post_many
from surveys.choices import WaveState
from surveys.models import Part, Reminder, Snooze, Wave
from surveys.queries.reminders import (
    Candidate,
    candidates,
    hubs_addresses,
    localities_missing,
    missing_parts,
)

AT_A_TIME = 500  # localities planned in one transaction
LOOK_AGAIN = timedelta(minutes=10)
LONGEST_SNOOZE = timedelta(days=60)
BUDGET = Budget(BUDGET_MESSAGES, BUDGET_DAYS)
IsDue = Callable[[Candidate], bool]


class NotThatLong(Refused):
    """One can put a reminder off to a day before the close."""


@dataclass(frozen=True)
class Plan:
    """What the schedule says about one person."""

    candidate: Candidate
    next_at: datetime | None


def remind_all(*, now: datetime) -> int:
    """Write every reminder that is due; returns how many. Safe to run at any time."""
    waves = Wave.objects.filter(state__in=[WaveState.OPEN, WaveState.CLOSED]).filter(
        Q(reminders_swept_at=None) | Q(reminders_swept_at__lte=now - LOOK_AGAIN)
    )
    written = 0
    for wave in waves.filter(opens_at__lte=now).order_by("pk"):
        written += remind_wave(wave=wave, now=now)
        Wave.objects.filter(pk=wave.pk).update(reminders_swept_at=now)
    return written


def remind_wave(*, wave: Wave, now: datetime) -> int:
    """Write what is due in one wave, some hundred localities at a time."""
    written = after = 0
    while True:
        places = localities_missing(wave, now, after=after, at_most=AT_A_TIME)
        if not places:
            return written
        after = places[-1]
        written += _remind_places(wave, places, now, is_due=_by_schedule(wave, now))


def remind_by_hand(
    *, wave: Wave, localities: Iterable[int], by: User, now: datetime
) -> int:
    """A coordinator's reminder: no day is waited for, every limit holds."""
    places = sorted(set(localities))
    return _remind_places(
        wave, places, now, lambda row: not why_not_now(wave, row, now), by
    )


def plans(wave: Wave, localities: Iterable[int], now: datetime) -> list[Plan]:
    """Each person who can write a missing part, and when they are reminded next."""
    return [
        Plan(row, _next(wave, row, now)) for row in candidates(wave, localities, now)
    ]


def why_not_now(wave: Wave, row: Candidate, now: datetime) -> str:
    """Why a coordinator cannot remind this person now; empty if they can."""
    day = now.astimezone(zone_named(row.person.time_zone)).date()
    gap = timedelta(days=wave.reminder_gap_days)
    recent = [at for at in row.messages_at if at > now - timedelta(days=BUDGET.days)]
    is_full = len(recent) >= BUDGET.messages
    reasons = (
        (row.has_stopped, _("has stopped these mails")),
        (
            len(row.reminded_at) >= wave.reminders_at_most,
            _("has had all reminders: call"),
        ),
        (
            any(at + gap > now for at in row.reminded_at),
            _("was reminded a few days ago"),
        ),
        (
            row.snoozed_until is not None and row.snoozed_until > now,
            _("asked to be reminded later"),
        ),
        (day in row.quiet, _("has a quiet day")),
        (
            is_full or any(at.date() == now.date() for at in recent),
            _("has had enough mails from us"),
        ),
    )
    return next((words for holds, words in reasons if holds), "")


@transaction.atomic
def snooze(*, part: Part, person: User, until: datetime, now: datetime) -> Snooze:
    """Remind this person of the wave not before `until`. Raises NotThatLong."""
    if not now < until <= min(part.closes_at, now + LONGEST_SNOOZE):
        raise NotThatLong(_("Choose a day after today and before the close."))
    return Snooze.objects.update_or_create(
        wave=part.wave, person=person, defaults={"until": until}
    )[0]


def _by_schedule(wave: Wave, now: datetime) -> IsDue:
    def is_due(row: Candidate) -> bool:
        moment = _next(wave, row, now)
        return moment is not None and moment <= now

    return is_due


def _next(wave: Wave, row: Candidate, now: datetime) -> datetime | None:
    schedule = Schedule(
        wave.opens_at,
        row.closes_at,
        wave.reminder_marks,
        wave.reminders_at_most,
        wave.reminder_gap_days,
        wave.reminder_weekdays,
    )
    person = Addressee(
        row.person.time_zone,
        row.reminded_at,
        row.messages_at,
        row.quiet,
        row.snoozed_until,
        row.has_stopped,
    )
    return next_reminder(schedule, person, BUDGET, now=now)


@transaction.atomic
def _remind_places(
    wave: Wave,
    places: list[int],
    now: datetime,
    is_due: IsDue,
    by: User | None = None,
) -> int:
    """Decide and write in one transaction, with the parts held: none is sent meanwhile.

    Another sweep of the same wave finds the lock taken and leaves the work to this one.
    """
    if not try_lock(f"remind:{wave.pk}"):
        return 0
    held = missing_parts(wave, now).filter(locality__in=places).order_by("pk")
    list(held.select_for_update(of=("self",)).values_list("pk"))
    due = [row for row in candidates(wave, places, now) if is_due(row)]
    answers_to = hubs_addresses(row.locality for row in due)
    written = []
    has_mail: set[int] = set()
    for row in due:
        if row.person.pk not in has_mail:  # never two mails to one person on one day
            has_mail.add(row.person.pk)
            written.append(row)
    Reminder.objects.bulk_create(_reminder(wave, row, now, by) for row in written)
    post_many(
        [
            _notice(wave, row, now, answers_to.get(row.locality.region_id, ""))
            for row in written
        ]
    )
    if by is not None:
        record(by, "reminded", wave, f"{len(written)} people")
    return len(written)


def _reminder(wave: Wave, row: Candidate, now: datetime, by: User | None) -> Reminder:
    return Reminder(
        wave=wave,
        locality=row.locality,
        person=row.person,
        number=len(row.reminded_at) + 1,
        sides=[part.side for part in row.parts],
        at=now,
        by=by,
    )


def key_of(wave_id: int, locality_id: int, person_id: int) -> str:
    """The beginning of the occasion of every reminder to this person."""
    return f"reminder:{wave_id}:{locality_id}:{person_id}:"


def _notice(wave: Wave, row: Candidate, now: datetime, reply_to: str) -> Notice:
    first = row.parts[0]
    return Notice(
        key=f"{key_of(wave.pk, row.locality.pk, row.person.pk)}{len(row.reminded_at) + 1}",
        kind=NoticeKind.REMINDER,
        recipient=row.person,
        parameters=_words(wave, row),
        path=f"/surveys/{first.reference}/",
        not_before=now,
        reply_to=reply_to,
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
            "later": f"/surveys/{row.parts[0].reference}/later/",
        }
