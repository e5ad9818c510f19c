"""Times for a first call that suit two time zones."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CALL = timedelta(minutes=30)
OFFICE_BEGINS, OFFICE_ENDS = 9.0, 17.0  # hours of wall time
DAYS_LOOKED_AT = 14
FIRST_WORKING_DAY_AFTER = 2
SATURDAY = 5


def times_for_a_call(
    zones: tuple[str, str], after: datetime, count: int = 3
) -> tuple[datetime, ...]:
    """`count` starts in UTC on different working days of both, earliest first.

    `zones` are IANA names, `after` is aware. Of each day the half hour is taken that
    lies least outside office hours for the one who has it worst, then for both
    together, then the earliest. Days begin two days after `after`.
    """
    places = [ZoneInfo(zone) for zone in zones]
    first = after.astimezone(UTC).date() + timedelta(days=FIRST_WORKING_DAY_AFTER)
    best = []
    for shift in range(DAYS_LOOKED_AT):
        starts = _starts(first + timedelta(days=shift), places)
        if starts:
            best.append(min(starts, key=lambda start: (*_burden(start, places), start)))
    ranked = sorted(best, key=lambda start: (round(_burden(start, places)[0]), start))
    return tuple(sorted(ranked[:count]))


def _starts(day: date, places: list[ZoneInfo]) -> list[datetime]:
    midnight = datetime.combine(day, time(), UTC)
    halves = [midnight + CALL * step for step in range(48)]
    return [
        start
        for start in halves
        if all(start.astimezone(zone).weekday() < SATURDAY for zone in places)
    ]


def _burden(start: datetime, places: list[ZoneInfo]) -> tuple[float, float]:
    """Hours outside the office day: of the worse placed, and of both together."""
    outside = [_outside(start.astimezone(zone)) for zone in places]
    return max(outside), sum(outside)


def _outside(local: datetime) -> float:
    begins = local.hour + local.minute / 60
    ends = begins + CALL / timedelta(hours=1)
    return max(0.0, OFFICE_BEGINS - begins, ends - OFFICE_ENDS)
