"""The run sheet of a session in words, with times where it is placed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from meetings.agenda.runsheets import RUN_SHEETS, Format
from meetings.choices import STEPS


@dataclass(frozen=True)
class Line:
    """One step: from when by the host's clock, if that is known, and how long."""

    at: time | None
    minutes: int
    what: str


def run_sheet(format_: str, begins: time | None = None) -> tuple[Line, ...]:
    """What happens minute by minute in a session of this form."""
    lines, passed = [], timedelta()
    for step in RUN_SHEETS[Format(format_)]:
        lines.append(Line(_later(begins, passed), step.minutes, str(STEPS[step.what])))
        passed += timedelta(minutes=step.minutes)
    return tuple(lines)


def _later(begins: time | None, passed: timedelta) -> time | None:
    if begins is None:
        return None
    day = date(2000, 1, 1)  # any day: only the clock counts
    return (datetime.combine(day, begins) + passed).time()
