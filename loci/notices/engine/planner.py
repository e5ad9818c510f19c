"""When the next reminder goes to one person; None when none may go any more.

All moments are aware; days are those of the person's own zone. The same input gives the
same answer. What must hold, whatever the zone, the clock changes and the quiet days:

- only at nine in the morning, or later on the same morning or afternoon if it was missed;
- on a day of the week that the schedule names, never on a quiet day;
- after a day of the schedule has been reached that no reminder has followed yet: what was
  missed while everything stood still collapses into one;
- at most `at_most` in all, `gap_days` days apart, and within the person's budget over all
  that the platform writes to them: never two messages on one day;
- before the close; never to somebody who has stopped them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NINE = time(9)
TOO_LATE = time(17)  # the person's day is over: tomorrow, then
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Schedule:
    """What one wave allows; `days_before` counts days before the close.

    `weekdays` are 0 (Monday) to 6.
    """

    opens_at: datetime
    closes_at: datetime
    days_before: tuple[int, ...]
    at_most: int
    gap_days: int
    weekdays: frozenset[int]


@dataclass(frozen=True)
class Budget:
    """At most so many messages to one person in so many days."""

    messages: int
    days: int


@dataclass(frozen=True)
class Addressee:
    """One person: where they live and what they have been sent.

    `reminded_at` are reminders of this wave, `messages_at` all messages that count.
    """

    zone: str
    reminded_at: tuple[datetime, ...] = ()
    messages_at: tuple[datetime, ...] = ()
    quiet: frozenset[date] = frozenset()
    snoozed_until: datetime | None = None
    has_stopped: bool = False


@cache
def zone_named(name: str) -> ZoneInfo:
    """The zone of this IANA name; UTC for a name that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def next_reminder(
    schedule: Schedule, person: Addressee, budget: Budget, *, now: datetime
) -> datetime | None:
    """The moment of the next reminder, not before `now`; None when there is none."""
    if person.has_stopped or len(person.reminded_at) >= schedule.at_most:
        return None
    zone = zone_named(person.zone)
    first = _first_day(schedule, person, zone, now)
    if first is None:
        return None
    messages = sorted(moment.astimezone(zone).date() for moment in person.messages_at)
    last = schedule.closes_at.astimezone(zone).date()
    day = first
    while day <= last:
        moment = _moment(day, zone, now)
        if moment >= schedule.closes_at:
            return None
        if moment.astimezone(zone).date() == day and _is_open(
            day, schedule, person, messages, budget
        ):
            return moment
        day += A_DAY
    return None


def _first_day(
    schedule: Schedule, person: Addressee, zone: ZoneInfo, now: datetime
) -> date | None:
    """The first day on which a reminder is owed and not too early."""
    closing = schedule.closes_at.astimezone(zone).date()
    marks = [closing - days * A_DAY for days in schedule.days_before]
    earliest = [
        now.astimezone(zone).date(),
        schedule.opens_at.astimezone(zone).date() + A_DAY,
    ]
    if person.snoozed_until:
        until = person.snoozed_until.astimezone(zone).date()
        marks.append(until)
        earliest.append(until)
    if person.reminded_at:
        reminded = max(person.reminded_at).astimezone(zone).date()
        marks = [mark for mark in marks if mark > reminded]
        earliest.append(reminded + max(schedule.gap_days, 1) * A_DAY)
    return max(min(marks), *earliest) if marks else None


def _moment(day: date, zone: ZoneInfo, now: datetime) -> datetime:
    """Nine o'clock of this day; now, if that has passed and the day is not over."""
    nine = datetime.combine(day, NINE, tzinfo=zone).astimezone(UTC)
    local = now.astimezone(zone)
    if nine >= now or local.date() != day:
        return max(nine, now)
    if local.time() < TOO_LATE:
        return now
    return datetime.combine(day + A_DAY, NINE, tzinfo=zone).astimezone(UTC)


def _is_open(
    day: date,
    schedule: Schedule,
    person: Addressee,
    messages: list[date],
    budget: Budget,
) -> bool:
    if day.weekday() not in schedule.weekdays or day in person.quiet:
        return False
    recent = [sent for sent in messages if day - budget.days * A_DAY < sent <= day]
    return day not in recent and len(recent) < budget.messages
