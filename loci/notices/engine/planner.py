"""When one person is told that a survey is open, and when reminded; None when never.

All moments are aware; days are those of the person's own zone. The same input gives the
same answer. What must hold, whatever the zone, the clock changes and the quiet days:

- only at nine in the morning, or later on the same morning or afternoon if it was missed;
- on a day of the week that the schedule names, never on a quiet day;
- after a day of the schedule has been reached that no reminder has followed yet: what was
  missed while everything stood still collapses into one;
- at most `at_most` in all, `gap_days` days apart, and within the person's budget over all
  that the platform writes to them: never two messages on one day;
- before the close; never to somebody who has stopped them;
- the opening is told once, as the first of all or not at all; the first reminder is
  `gap_days` after it, and a day of the schedule that it has reached makes none.
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

    `weekdays` are 0 (Monday) to 6. The opening is told from `told_from` on; None: not.
    """

    opens_at: datetime
    closes_at: datetime
    days_before: tuple[int, ...]
    at_most: int
    gap_days: int
    weekdays: frozenset[int]
    told_from: datetime | None = None


@dataclass(frozen=True)
class Budget:
    """At most so many messages to one person in so many days."""

    messages: int
    days: int


@dataclass(frozen=True)
class Addressee:
    """One person: where they live and what they have been sent.

    `reminded_at` are reminders of this wave, `told_at` is when they were told that it is
    open, `messages_at` all messages that count. Who is `not_to_tell` knows it already or
    has stopped such mails.
    """

    zone: str
    reminded_at: tuple[datetime, ...] = ()
    messages_at: tuple[datetime, ...] = ()
    quiet: frozenset[date] = frozenset()
    snoozed_until: datetime | None = None
    has_stopped: bool = False
    told_at: datetime | None = None
    not_to_tell: bool = False


@cache
def zone_named(name: str) -> ZoneInfo:
    """The zone of this IANA name; UTC for a name that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def next_opening(
    schedule: Schedule, person: Addressee, budget: Budget, *, now: datetime
) -> datetime | None:
    """The moment at which they are told that it is open, not before `now`.

    None when not, or not any more: whoever was reminded or has put it off knows.
    """
    knows = person.told_at or person.reminded_at or person.snoozed_until
    if schedule.told_from is None or person.not_to_tell or knows:
        return None
    now = max(now, schedule.told_from)
    first = now.astimezone(zone_named(person.zone)).date()
    return _first_open(first, schedule, person, budget, now)


def next_reminder(
    schedule: Schedule, person: Addressee, budget: Budget, *, now: datetime
) -> datetime | None:
    """The moment of the next reminder, not before `now`; None when there is none."""
    if person.has_stopped or len(person.reminded_at) >= schedule.at_most:
        return None
    first = _first_day(schedule, person, zone_named(person.zone), now)
    if first is None:
        return None
    return _first_open(first, schedule, person, budget, now)


def day_with_room(person: Addressee, budget: Budget, *, now: datetime) -> date:
    """The first day, today or later, on which their budget has room for one more."""
    zone = zone_named(person.zone)
    messages = _days(person.messages_at, zone)
    day = now.astimezone(zone).date()
    latest = max([day, *messages]) + max(budget.days, 1) * A_DAY
    while day < latest and not _has_room(day, messages, budget):
        day += A_DAY
    return day


def _first_open(
    day: date, schedule: Schedule, person: Addressee, budget: Budget, now: datetime
) -> datetime | None:
    """The first good moment from this day on; None when there is none before the close."""
    zone = zone_named(person.zone)
    messages = _days(person.messages_at, zone)
    last = schedule.closes_at.astimezone(zone).date()
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
    written = (*person.reminded_at, *([person.told_at] if person.told_at else []))
    if written:
        latest = max(written).astimezone(zone).date()
        marks = [mark for mark in marks if mark > latest]
        earliest.append(latest + max(schedule.gap_days, 1) * A_DAY)
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
    return _has_room(day, messages, budget)


def _has_room(day: date, messages: list[date], budget: Budget) -> bool:
    recent = [sent for sent in messages if day - budget.days * A_DAY < sent <= day]
    return day not in recent and len(recent) < budget.messages


def _days(moments: tuple[datetime, ...], zone: ZoneInfo) -> list[date]:
    return [moment.astimezone(zone).date() for moment in moments]
