"""Write to the people of missing parts: never too often, never twice, never for nothing."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.locks import try_lock
from loci.notices.models import Notice
from loci.notices.services.posting import post_many
from surveys.choices import WaveState
from surveys.models import Part, Reminder, Snooze, Wave
from surveys.queries.authoring import minutes_by_side
from surveys.queries.reminders import (
    TOLD,
    Candidate,
    candidates,
    hubs_addresses,
    localities_missing,
    missing_parts,
)
from surveys.services.planning import AT_A_TIME, Plan, plan_for, why_not_now
from surveys.services.wave_mails import Sending, opening_mail, reminder_mail

LOOK_AGAIN = timedelta(minutes=10)
LONGEST_SNOOZE = timedelta(days=60)
Choose = Callable[[Candidate], Plan | None]


class NotThatLong(Refused):
    """One can put a reminder off to a day before the close."""


def remind_all(*, now: datetime) -> int:
    """Write each opening mail and reminder that is due; returns how many.

    Safe to run at any time.
    """
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
        written += _write_to_places(wave, places, now, _by_schedule(wave, now))


def remind_by_hand(
    *, wave: Wave, localities: Iterable[int], by: User, now: datetime
) -> int:
    """A coordinator's reminder: no day is waited for, every limit holds."""
    places = sorted(set(localities))
    return _write_to_places(wave, places, now, _by_hand(wave, now), by)


@transaction.atomic
def snooze(*, part: Part, person: User, until: datetime, now: datetime) -> Snooze:
    """Remind this person of the wave not before `until`. Raises NotThatLong."""
    if not now < until <= min(part.closes_at, now + LONGEST_SNOOZE):
        raise NotThatLong(_("Choose a day after today and before the close."))
    return Snooze.objects.update_or_create(
        wave=part.wave, person=person, defaults={"until": until}
    )[0]


def _by_schedule(wave: Wave, now: datetime) -> Choose:
    def choose(row: Candidate) -> Plan | None:
        plan = plan_for(wave, row, now)
        return plan if plan.next_at is not None and plan.next_at <= now else None

    return choose


def _by_hand(wave: Wave, now: datetime) -> Choose:
    def choose(row: Candidate) -> Plan | None:
        return None if why_not_now(wave, row, now) else Plan(row, now)

    return choose


@transaction.atomic
def _write_to_places(
    wave: Wave,
    places: list[int],
    now: datetime,
    choose: Choose,
    by: User | None = None,
) -> int:
    """Decide and write in one transaction, with the parts held: none is sent meanwhile.

    Another sweep of the same wave finds the lock taken and leaves the work to this one.
    """
    if not try_lock(f"remind:{wave.pk}"):
        return 0
    held = missing_parts(wave, now).filter(locality__in=places).order_by("pk")
    list(held.select_for_update(of=("self",)).values_list("pk"))
    chosen = [choose(row) for row in candidates(wave, places, now)]
    due: dict[int, Plan] = {}  # never two mails to one person on one day
    for plan in chosen:
        if plan is not None:
            due.setdefault(plan.candidate.person.pk, plan)
    written = list(due.values())
    if not written and by is None:
        return 0
    Reminder.objects.bulk_create(_reminder(wave, plan, now, by) for plan in written)
    post_many(_mails(wave, written, now))
    if by is not None:
        record(by, "reminded", wave, f"{len(written)} people")
    return len(written)


def _reminder(wave: Wave, plan: Plan, now: datetime, by: User | None) -> Reminder:
    row = plan.candidate
    return Reminder(
        wave=wave,
        locality=row.locality,
        person=row.person,
        number=_number(plan),
        sides=[part.side for part in row.parts],
        at=now,
        by=by,
    )


def _number(plan: Plan) -> int:
    return TOLD if plan.is_opening else len(plan.candidate.reminded_at) + 1


def key_of(wave_id: int, locality_id: int, person_id: int) -> str:
    """The beginning of the occasion of each mail of a wave to this person of a pair."""
    return f"reminder:{wave_id}:{locality_id}:{person_id}:"


def _mails(wave: Wave, plans: list[Plan], now: datetime) -> list[Notice]:
    answers_to = hubs_addresses(plan.candidate.locality for plan in plans)
    minutes = minutes_by_side(wave.survey)
    written = []
    for plan in plans:
        row = plan.candidate
        begins = key_of(wave.pk, row.locality.pk, row.person.pk)
        reply_to = answers_to.get(row.locality.region_id, "")
        sending = Sending(f"{begins}{_number(plan)}", now, reply_to)
        if plan.is_opening:
            written.append(opening_mail(wave, row, minutes, sending))
        else:
            written.append(reminder_mail(wave, row, sending))
    return written
