from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from loci.core.calendars import Appointment, Method, calendar_file

WRITTEN = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def appointment(starts_at, zone, **more):
    return Appointment(
        uid="one@loci.example",
        title="A call; with, signs",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        zone=zone,
        **more,
    )


@pytest.mark.parametrize(
    ("zone", "at", "hour"),
    [
        ("Asia/Kathmandu", datetime(2026, 5, 4, 3, 15, tzinfo=UTC), (9, 0)),
        ("Pacific/Chatham", datetime(2026, 1, 4, 20, 15, tzinfo=UTC), (10, 0)),
        ("Europe/Kyiv", datetime(2026, 3, 29, 6, 0, tzinfo=UTC), (9, 0)),
        ("America/Mexico_City", datetime(2026, 7, 1, 15, 0, tzinfo=UTC), (9, 0)),
        ("Africa/Casablanca", datetime(2026, 3, 2, 9, 0, tzinfo=UTC), (9, 0)),
    ],
)
def test_a_file_keeps_the_moment_and_the_wall_time_of_its_zone(zone, at, hour):
    text = calendar_file([appointment(at, zone)], written_at=WRITTEN)

    event = Calendar.from_ical(text).walk("VEVENT")[0]
    start = event["dtstart"].dt
    assert start.astimezone(UTC) == at
    assert (start.hour, start.minute) == hour
    assert [str(z["tzid"]) for z in Calendar.from_ical(text).walk("VTIMEZONE")] == [
        zone
    ]


def test_the_same_appointment_keeps_its_name_and_counts_its_changes():
    at = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    first = calendar_file([appointment(at, "UTC")], written_at=WRITTEN)
    changed = calendar_file(
        [appointment(at + timedelta(hours=1), "UTC", sequence=1)],
        written_at=WRITTEN,
        method=Method.CANCEL,
    )

    events = [Calendar.from_ical(text).walk("VEVENT")[0] for text in (first, changed)]
    assert [event["uid"] for event in events] == ["one@loci.example"] * 2
    assert [int(event["sequence"]) for event in events] == [0, 1]
    assert str(Calendar.from_ical(changed)["method"]) == "CANCEL"
    assert first == calendar_file([appointment(at, "UTC")], written_at=WRITTEN)
