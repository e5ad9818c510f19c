"""Meetings are planned, changed, cancelled: bad input, clocks, calendars."""

from datetime import UTC, date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from loci.notices.models import Notice
from matchmaking.choices import ReplyAnswer, WaitsFor
from matchmaking.models import Reply
from meetings.choices import Answer, MeetingState
from meetings.models import Meeting, PrivateNote
from meetings.services.clock import NoSuchTime, NoSuchZone, moment
from meetings.services.coming import AnswersClosed, answer_invitation
from meetings.services.keeping import (
    forget_private_notes,
    keep_clocks,
    keep_private_note,
)
from meetings.services.planning import (
    EndsBeforeItBegins,
    MeetingNotYours,
    NotOverYet,
    SayWhy,
    TooFewPlaces,
    cancel_meeting,
    change_meeting,
    note_held,
    open_meeting,
)
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 25)


@pytest.fixture
def coming():
    """A meeting with one person who comes."""
    meeting, locality = make.meeting(), make.locality()
    person = make.pair(locality)[0]
    place = answer_invitation(
        invitation=make.invitation(meeting, locality),
        answer=Answer.YES,
        by=person,
        now=make.NOW,
    )
    meeting.refresh_from_db()
    return meeting, person, place


@pytest.mark.parametrize(
    "facts",
    [
        {"last_day": DAY - timedelta(days=1)},
        {"day_ends": time(9)},
        {"day_begins": time(18)},
    ],
)
def test_a_meeting_that_ends_before_it_begins_is_refused(facts):
    with pytest.raises(EndsBeforeItBegins):
        make.meeting(**facts)


def test_the_database_keeps_days_and_hours_in_order():
    meeting = make.meeting()

    too_long = {"last_day": DAY + timedelta(days=14)}
    for wrong in (
        {"last_day": DAY - timedelta(days=9)},
        {"day_ends": time(8)},
        too_long,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Meeting.objects.filter(pk=meeting.pk).update(**wrong)


def test_the_form_says_it_beside_the_field(signed_in):
    meeting = make.meeting()
    client = signed_in(make.coordinator())
    url = reverse("admin:meetings_meeting_change", args=[meeting.pk])

    page = client.post(url, {**form_of(meeting), "last_day": "2026-05-01"})
    long = client.post(url, {**form_of(meeting), "last_day": "4026-05-01"})
    unknown = client.post(url, {**form_of(meeting), "time_zone": "Mars/Base"})

    assert "The last day is before the first." in page.content.decode()
    assert "A meeting lasts two weeks at most." in long.content.decode()
    assert "is not a time zone" in unknown.content.decode()


def form_of(meeting: Meeting) -> dict[str, Any]:
    return {
        "title": meeting.title,
        "kind": meeting.kind,
        "region": meeting.region_id,
        "first_day": meeting.first_day.isoformat(),
        "last_day": meeting.last_day.isoformat(),
        "day_begins": "09:00",
        "day_ends": "17:00",
        "time_zone": meeting.time_zone,
        "capacity": meeting.capacity,
        "seats_per_pair": meeting.seats_per_pair,
        "languages": "en",
        "photos": meeting.photos,
        **{
            f"{name}-{key}": "0"
            for name in ("materials", "invitations", "rooms", "slots")
            for key in ("TOTAL_FORMS", "INITIAL_FORMS")
        },
    }


def test_a_change_by_form_moves_calendars_on(signed_in, coming):
    meeting, person, _place = coming
    client = signed_in(make.coordinator())
    url = reverse("admin:meetings_meeting_change", args=[meeting.pk])

    answer = client.post(url, {**form_of(meeting), "day_begins": "10:00"})

    meeting.refresh_from_db()
    mail = Notice.objects.get(kind="meeting_changed")
    assert answer.status_code == 302
    assert (meeting.sequence, meeting.starts_at.hour) == (1, 7)
    assert mail.recipient == person
    assert entry(mail.calendar)["SEQUENCE"] == 1


@pytest.mark.parametrize(
    ("zone", "day", "clock", "utc"),
    [
        ("Asia/Kathmandu", date(2026, 6, 1), time(9), (3, 15)),
        ("Pacific/Chatham", date(2027, 1, 15), time(9, 45), (20, 0)),
        ("Africa/Casablanca", date(2026, 3, 2), time(9), (9, 0)),  # Ramadan
        ("America/Sao_Paulo", date(2026, 1, 15), time(9), (12, 0)),  # no summer time
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), (0, 30)),  # the first
        ("Europe/Chisinau", date(2026, 3, 28), time(9), (7, 0)),
        ("Europe/Chisinau", date(2026, 3, 30), time(9), (6, 0)),
        ("America/Santiago", date(2026, 9, 7), time(9), (12, 0)),
        ("Asia/Tbilisi", date(2028, 2, 29), time(9), (5, 0)),
    ],
)
def test_wall_clocks_become_the_right_moments(zone, day, clock, utc):
    at = moment(day, clock, zone)

    assert (at.hour, at.minute) == utc


def test_an_hour_that_clocks_jump_over_is_refused_in_words():
    with pytest.raises(NoSuchTime, match="does not exist on 2026-03-29"):
        moment(date(2026, 3, 29), time(2, 30), "Europe/Chisinau")
    for name in ("Mars/Base", "", "../etc/passwd", "Africa"):
        with pytest.raises(NoSuchZone):
            moment(DAY, time(9), name)


def test_a_zone_that_changes_its_law_moves_the_moment_not_the_clock(coming):
    """The moment that was stored under the old law is derived anew from the clock."""
    meeting, person, _place = coming
    right = meeting.starts_at
    Meeting.objects.update(starts_at=right - timedelta(hours=1))

    assert [keep_clocks(now=make.NOW), keep_clocks(now=make.NOW)] == [1, 0]

    meeting.refresh_from_db()
    told = Notice.objects.get(kind="meeting_changed")
    assert (meeting.starts_at, meeting.sequence) == (right, 1)
    assert told.recipient == person


def test_places_are_not_cut_below_those_who_said_yes(coming):
    meeting, _person, _place = coming
    meeting.capacity = 0

    with pytest.raises(TooFewPlaces, match="1 places are taken"):
        change_meeting(meeting=meeting, by=make.coordinator(), now=make.NOW)

    assert Meeting.objects.get().capacity == 30


def test_a_hub_changes_meetings_of_its_own_region_only():
    meeting = make.meeting()

    with pytest.raises(MeetingNotYours):
        cancel_meeting(
            meeting=meeting, why="Strike", by=make.hub_coordinator("cee"), now=make.NOW
        )

    assert not Meeting.objects.get().is_cancelled


def test_cancelling_says_why_and_takes_it_out_of_calendars(coming):
    meeting, person, _place = coming
    coordinator = make.coordinator()
    confirmed = Notice.objects.get(kind="meeting_coming")

    with pytest.raises(SayWhy):
        cancel_meeting(meeting=meeting, why=" ", by=coordinator, now=make.NOW)
    for _press in range(2):
        cancel_meeting(meeting=meeting, why="Floods", by=coordinator, now=make.NOW)

    mail = Notice.objects.get(kind="meeting_cancelled")
    assert (mail.recipient, mail.parameters["why"]) == (person, "Floods")
    first, last = entry(confirmed.calendar), entry(mail.calendar)
    assert first["UID"] == last["UID"]
    assert (first["SEQUENCE"], last["SEQUENCE"]) == (0, 1)
    assert (str(first["STATUS"]), str(last["STATUS"])) == ("CONFIRMED", "CANCELLED")
    assert "METHOD:CANCEL" in mail.calendar


def test_nobody_answers_a_cancelled_meeting(coming):
    meeting, _person, _place = coming
    cancel_meeting(meeting=meeting, why="Floods", by=make.coordinator(), now=make.NOW)
    invitation = make.invitation(meeting, make.locality())
    other = make.pair(invitation.locality)[0]

    with pytest.raises(AnswersClosed, match="cancelled"):
        answer_invitation(
            invitation=invitation, answer=Answer.YES, by=other, now=make.NOW
        )


def entry(text: str | bytes):
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    return event


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Chisinau", date(2026, 10, 25)),
        ("America/Santiago", date(2026, 9, 6)),
        ("Africa/Casablanca", date(2027, 2, 8)),
        ("America/Bogota", date(2026, 11, 1)),
        ("Pacific/Chatham", date(2026, 9, 27)),
    ],
)
def test_calendar_files_carry_the_zone_over_its_changes(zone, day):
    """From before to after the night on which clocks change: nine by every wall clock."""
    meeting = make.meeting(
        time_zone=zone,
        first_day=day - timedelta(days=1),
        last_day=day + timedelta(days=1),
    )
    url = reverse("meetings:calendar", args=[meeting.reference])

    text = Client().get(url).content

    parsed = Calendar.from_ical(text)
    event = entry(text)
    begins, ends = event["DTSTART"].dt, event["DTEND"].dt
    assert [row["TZID"] for row in parsed.walk("VTIMEZONE")] == [zone]
    assert (begins.hour, ends.hour) == (9, 17)
    assert begins.astimezone(UTC) == meeting.starts_at
    assert ends.astimezone(UTC) == meeting.ends_at


def test_a_meeting_is_held_once_it_is_over_and_a_not_now_comes_back():
    meeting, coordinator = make.meeting(), make.coordinator()
    wave = make.wave()
    suggestion = make.approved(make.locality(), make.locality(), wave)
    reply = Reply.objects.create(
        suggestion=suggestion,
        locality=suggestion.seeker,
        answer=ReplyAnswer.NOT_NOW,
        side="government",
        at=make.NOW,
        waits_for=WaitsFor.MEETING,
    )

    with pytest.raises(NotOverYet):
        note_held(meeting=meeting, by=coordinator, now=make.NOW)
    over = meeting.ends_at + timedelta(hours=1)
    note_held(meeting=meeting, by=coordinator, now=over)

    meeting.refresh_from_db()
    reply.refresh_from_db()
    assert (meeting.state, reply.not_before) == (MeetingState.HELD, over.date())


def test_a_draft_is_seen_by_those_who_prepare_it_only(signed_in):
    meeting = make.meeting(state="draft")
    url = reverse("meetings:meeting", args=[meeting.reference])
    hub, other = make.hub_coordinator("africa"), make.hub_coordinator("cee")

    seen = [signed_in(who).get(url).status_code for who in (hub, other, None)]
    open_meeting(meeting=meeting, by=hub)

    assert seen == [200, 404, 404]
    assert signed_in(None).get(url).status_code == 200


def test_private_notes_are_read_by_the_host_alone_and_forgotten(signed_in, coming):
    meeting, person, place = coming
    host = make.organisation()
    hosting, coordinator = make.person(), make.coordinator()
    stay = make.place(hosting, host)
    Meeting.objects.update(host=host)
    keep_private_note(place=place, dietary="CANARY no nuts", access="", travel="")
    url = reverse("meetings:host", args=[meeting.reference])

    assert "CANARY no nuts" in signed_in(hosting).get(url).content.decode()
    for who in (coordinator, person, make.hub_coordinator("africa")):
        assert signed_in(who).get(url).status_code == 404
    stay.until = make.TODAY
    stay.save()
    assert signed_in(hosting).get(url).status_code == 404  # a host who leaves

    assert forget_private_notes(now=meeting.ends_at + timedelta(days=29)) == 0
    assert forget_private_notes(now=meeting.ends_at + timedelta(days=30)) == 1
    assert not PrivateNote.objects.exists()


def test_a_host_who_leaves_is_missed_by_the_coordinators(signed_in):
    host, coordinator = make.organisation(), make.coordinator()
    stay = make.place(make.person(), host)
    day = (timezone.now() + timedelta(days=9)).date()
    meeting = make.meeting(host=host, first_day=day)
    client = signed_in(coordinator)

    before = client.get(reverse("admin:index")).content.decode()
    stay.until = make.TODAY
    stay.save()
    after = client.get(reverse("admin:index")).content.decode()

    assert "meeting to come has no host" not in before
    assert "meeting to come has no host" in after
    assert signed_in(None).get(meeting.get_absolute_url()).status_code == 200


def test_the_way_in_opens_a_day_before_for_those_who_come(signed_in, coming, settings):
    meeting, person, _place = coming
    Meeting.objects.update(join_link="https://room.example/first")
    url = reverse("meetings:join", args=[meeting.reference])
    stranger = make.pair(make.locality())[0]

    with time_machine.travel(meeting.starts_at - timedelta(hours=25), tick=False):
        early = signed_in(person).get(url)
    with time_machine.travel(meeting.starts_at - timedelta(hours=23), tick=False):
        open_, refused = signed_in(person).get(url), signed_in(stranger).get(url)
        Meeting.objects.update(join_link="https://room.example/second")
        moved = signed_in(person).get(url)

    assert "The way in is not open yet" in early.content.decode()
    assert (open_.status_code, open_.url) == (302, "https://room.example/first")
    assert refused.status_code == 404
    assert moved.url == "https://room.example/second"
