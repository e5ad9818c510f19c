"""What the schedule says about each person: the next mail, and why none goes now."""

from collections import Counter
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from loci.notices.choices import BUDGET_DAYS, BUDGET_MESSAGES
from loci.notices.engine.planner import (
    Addressee,
    Budget,
    Schedule,
    day_with_room,
    next_opening,
    next_reminder,
    zone_named,
)
from surveys.models import Part, Wave
from surveys.queries.reminders import Candidate, candidates, who_writes
from surveys.services.waves import audience_of, sides_asked

AT_A_TIME = 500  # localities planned at once
BUDGET = Budget(BUDGET_MESSAGES, BUDGET_DAYS)


@dataclass(frozen=True)
class Plan:
    """What the schedule says about one person."""

    candidate: Candidate
    next_at: datetime | None
    is_opening: bool = False


@dataclass(frozen=True)
class Telling:
    """Who would be told of an opening, and when; whom it would not reach."""

    days: tuple[tuple[date, int], ...]
    left_out: int
    nobody: tuple[Part, ...]

    @property
    def people(self) -> int:
        return sum(count for _day, count in self.days)


def plans(wave: Wave, localities: Iterable[int], now: datetime) -> list[Plan]:
    """Each person who can write a missing part, and when they are written to next."""
    return [plan_for(wave, row, now) for row in candidates(wave, localities, now)]


def plan_for(wave: Wave, row: Candidate, now: datetime) -> Plan:
    """The mail that tells of the opening while it is owed; else the next reminder."""
    schedule, person = _schedule(wave, row.closes_at), _addressee(row)
    opening = next_opening(schedule, person, BUDGET, now=now)
    if opening is not None:
        return Plan(row, opening, is_opening=True)
    return Plan(row, next_reminder(schedule, person, BUDGET, now=now))


def telling(wave: Wave, now: datetime) -> Telling:
    """Whom the opening of this wave would be told to; nothing is written."""
    wave = copy(wave)
    wave.told_from = max(wave.opens_at, now)
    days: Counter[date] = Counter()
    met: set[int] = set()
    left_out, nobody = set(), []
    for parts in _parts_to_be(wave):
        rows = who_writes(wave, parts, now)
        reached = {id(part) for row in rows for part in row.parts}
        nobody += [p for p in parts if id(p) not in reached and not p.is_joint]
        for row in rows:
            plan = plan_for(wave, row, now)
            if not plan.is_opening or plan.next_at is None:
                left_out.add(row.person.pk)
            elif row.person.pk not in met:
                met.add(row.person.pk)
                zone = zone_named(row.person.time_zone)
                days[plan.next_at.astimezone(zone).date()] += 1
    return Telling(tuple(sorted(days.items())), len(left_out - met), tuple(nobody))


def _parts_to_be(wave: Wave) -> Iterator[list[Part]]:
    """The parts that the opening will give, some hundred localities at a time."""
    sides = sides_asked(wave)
    places = list(audience_of(wave).order_by("name", "pk"))
    for start in range(0, len(places), AT_A_TIME):
        yield [
            Part(wave=wave, locality=place, side=side)
            for place in places[start : start + AT_A_TIME]
            for side in sides
        ]


def why_not_now(wave: Wave, row: Candidate, now: datetime) -> str:
    """Why a coordinator cannot remind this person now; empty if they can."""
    day = now.astimezone(zone_named(row.person.time_zone)).date()
    gap = timedelta(days=wave.reminder_gap_days)
    room = day_with_room(_addressee(row), BUDGET, now=now)
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
            row.told_at is not None and row.told_at + gap > now,
            _("was told of the opening lately"),
        ),
        (
            row.snoozed_until is not None and row.snoozed_until > now,
            _("asked to be reminded later"),
        ),
        (day in row.quiet, _("has a quiet day")),
        (
            room > day,
            _("has had enough mails from us: again from %(day)s")
            % {"day": date_format(room, "l j F")},
        ),
    )
    return next((words for holds, words in reasons if holds), "")


def _schedule(wave: Wave, closes_at: datetime) -> Schedule:
    return Schedule(
        wave.opens_at,
        closes_at,
        wave.reminder_marks,
        wave.reminders_at_most,
        wave.reminder_gap_days,
        wave.reminder_weekdays,
        wave.told_from,
    )


def _addressee(row: Candidate) -> Addressee:
    return Addressee(
        row.person.time_zone,
        row.reminded_at,
        row.messages_at,
        row.quiet,
        row.snoozed_until,
        row.has_stopped,
        row.told_at,
        row.not_to_tell,
    )
