"""From the wall clock of a zone to moments, and back to a check that they exist."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext_lazy as _

from loci.core.errors import Refused


class NoSuchZone(Refused):
    """The name is none of the IANA zones."""


class NoSuchTime(Refused):
    """Clocks jump over this time on that day."""


def zone_named(name: str) -> ZoneInfo:
    """Raises NoSuchZone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise NoSuchZone(
            _("“%(name)s” is not a time zone. Write one such as Asia/Tbilisi.")
            % {"name": name}
        ) from problem


def moment(day: date, clock: time, zone: str) -> datetime:
    """The moment in UTC at which the wall clock of `zone` shows this.

    Where clocks are set back, the first of the two. Raises NoSuchZone, NoSuchTime.
    """
    local = datetime.combine(day, clock, zone_named(zone))
    at = local.astimezone(UTC)
    if at.astimezone(local.tzinfo).time() != clock:
        raise NoSuchTime(
            _("%(time)s does not exist on %(day)s in %(zone)s: clocks go forward then.")
            % {"time": clock.strftime("%H:%M"), "day": day.isoformat(), "zone": zone}
        )
    return at
