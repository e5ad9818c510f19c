"""Times for an hour that suit the office days of several time zones."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR, STEP = timedelta(hours=1), timedelta(minutes=30)
OFFICE_BEGINS, OFFICE_ENDS = 9.0, 17.0  # hours of wall time
FIRST_DAY_AFTER, DAYS_LOOKED_AT = 3, 14
SATURDAY = 5


def times_for_all(
    zones: Collection[str], after: datetime, count: int = 3
) -> tuple[datetime, ...]:
    """`count` starts in UTC on different working days of all, earliest first.

    Of each day the time is taken that lies least outside office hours for the one who
    has it worst, then for all together, then the earliest.
    """
    places = [ZoneInfo(zone) for zone in sorted(set(zones))] or [ZoneInfo("UTC")]
    first = after.astimezone(UTC).date() + timedelta(days=FIRST_DAY_AFTER)
    best = []
    for shift in range(DAYS_LOOKED_AT):
        starts = _starts(first + timedelta(days=shift), places)
        if starts:
            best.append(min(starts, key=lambda at: (*_burden(at, places), at)))
    ranked = sorted(best, key=lambda at: (*_burden(at, places), at))
    return tuple(sorted(ranked[:count]))


def _starts(day: date, places: list[ZoneInfo]) -> list[datetime]:
    midnight = datetime.combine(day, time(), UTC)
    halves = [midnight + STEP * step for step in range(48)]
    return [
        at
        for at in halves
        if all(at.astimezone(zone).weekday() < SATURDAY for zone in places)
    ]


def _burden(at: datetime, places: list[ZoneInfo]) -> tuple[float, float]:
    outside = [_outside(at.astimezone(zone)) for zone in places]
    return max(outside), sum(outside)


def _outside(local: datetime) -> float:
    begins = local.hour + local.minute / 60
    ends = begins + HOUR / timedelta(hours=1)
    return max(0.0, OFFICE_BEGINS - begins, ends - OFFICE_ENDS)
