from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from icalendar import Calendar

from loci.notices.models import Notice
from matchmaking.choices import Outcome, ReplyAnswer, SuggestionState
from matchmaking.engine.times import times_for_a_call
from matchmaking.models import IntroductionNote, Suggestion
from matchmaking.queries.introductions import times_of
from matchmaking.services.introducing import (
    NothingToNote,
    NotIntroduced,
    NotProposed,
    add_note,
    agree_on_time,
)
from matchmaking.services.replying import Answered, reply_to
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    seeker, helper = make.locality("Makueni"), make.locality("Jalisco")
    people = {"seeker": make.pair(seeker), "helper": make.pair(helper)}
    for who, zone in (
        ("seeker", "Africa/Nairobi"),
        ("helper", "America/Mexico_City"),
    ):
        for person in people[who]:
            person.time_zone = zone
            person.save()
    return {**people, "suggestion": make.approved(seeker, helper, make.wave())}


def introduced(two):
    for who in ("seeker", "helper"):
        for person in two[who]:
            reply_to(
                suggestion=two["suggestion"],
                said=Answered(ReplyAnswer.YES),
                by=person,
                now=NOW,
            )
    return Suggestion.objects.get(pk=two["suggestion"].pk)


def test_the_mail_names_three_times_in_both_clocks_and_carries_them_as_a_file(two):
    suggestion = introduced(two)

    mail = Notice.objects.get(kind="introduction", recipient=two["seeker"][0])
    assert len(mail.parameters["times"]) == 3
    assert "Africa/Nairobi" in mail.parameters["times"][0]
    assert "America/Mexico_City" in mail.parameters["times"][0]
    events = Calendar.from_ical(mail.calendar).walk("VEVENT")
    assert [event["dtstart"].dt for event in events] == times_of(suggestion)
    assert {str(event["status"]) for event in events} == {"TENTATIVE"}


def test_a_time_both_settle_on_reaches_everybody_and_keeps_its_name(two):
    suggestion = introduced(two)
    second = times_of(suggestion)[1]

    for _press in range(2):
        agree_on_time(suggestion=suggestion, at=second, by=two["helper"][0], now=NOW)

    mails = Notice.objects.filter(kind="time_agreed")
    assert {mail.recipient for mail in mails} == {*two["seeker"], *two["helper"]}
    assert mails.count() == 4
    first = Notice.objects.get(kind="introduction", recipient=two["seeker"][0])
    before, after = (
        Calendar.from_ical(mail.calendar).walk("VEVENT")
        for mail in (first, mails.get(recipient=first.recipient))
    )
    assert [row["uid"] for row in before] == [row["uid"] for row in after]
    assert [int(row["sequence"]) for row in after] == [1, 1, 1]
    assert [str(row["status"]) for row in after] == [
        "CANCELLED",
        "CONFIRMED",
        "CANCELLED",
    ]


def test_no_other_time_and_nobody_else(two):
    suggestion = introduced(two)
    stranger = make.pair(make.locality())[0]

    with pytest.raises(NotProposed):
        agree_on_time(suggestion=suggestion, at=NOW, by=two["helper"][0], now=NOW)
    with pytest.raises(NotIntroduced):
        agree_on_time(
            suggestion=suggestion, at=times_of(suggestion)[0], by=stranger, now=NOW
        )
    with pytest.raises(NotIntroduced):
        add_note(suggestion=suggestion, text="x", by=stranger, now=NOW)


def test_notes_are_dated_read_by_both_pairs_and_not_doubled(two, client):
    suggestion = introduced(two)
    for _press in range(2):
        add_note(
            suggestion=suggestion,
            text="We call on <b>Monday</b>\x00",
            by=two["seeker"][0],
            now=NOW,
        )
    with pytest.raises(NothingToNote):
        add_note(suggestion=suggestion, text=" \x00 ", by=two["seeker"][0], now=NOW)

    client.force_login(two["helper"][1])
    page = client.get(reverse("matchmaking:card", args=[suggestion.reference]))

    assert IntroductionNote.objects.count() == 1
    assert "We call on &lt;b&gt;Monday&lt;/b&gt;" in page.content.decode()


def test_contacts_times_and_notes_show_only_after_both_said_yes(two, client):
    client.force_login(two["helper"][0])
    address = reverse("matchmaking:card", args=[two["suggestion"].reference])
    file = reverse("matchmaking:calendar", args=[two["suggestion"].reference])

    before = client.get(address).content.decode()
    assert two["seeker"][0].email not in before
    assert "Three times" not in before
    assert client.get(file).status_code == 404
    with pytest.raises(NotIntroduced):
        add_note(
            suggestion=two["suggestion"], text="hello", by=two["helper"][0], now=NOW
        )

    introduced(two)
    after = client.get(address).content.decode()
    assert two["seeker"][0].email in after
    assert "Three times" in after
    assert client.get(file)["Content-Type"].startswith("text/calendar")


def test_the_first_tap_chooses_and_the_second_sends(two, client):
    suggestion = introduced(two)
    client.force_login(two["seeker"][0])
    address = reverse("matchmaking:check_in", args=[suggestion.reference])

    page = client.get(address, {"said": "3"}).content.decode()
    assert Suggestion.objects.get().outcome == Outcome.ACCEPTED  # a GET writes nothing
    assert 'value="3"' in page
    assert "checked" in page
    client.post(address, {"said": "3", "evidence": ""})

    assert Suggestion.objects.get().outcome == Outcome.USEFUL


def test_an_unknown_line_in_the_link_is_ignored(two, client):
    suggestion = introduced(two)
    client.force_login(two["seeker"][0])

    page = client.get(
        reverse("matchmaking:check_in", args=[suggestion.reference]), {"said": "<x>"}
    )

    assert page.status_code == 200
    assert "<x>" not in page.content.decode()


def test_pairs_without_people_meanwhile_still_have_a_page(two, client):
    suggestion = introduced(two)
    for person in two["helper"]:
        person.memberships.update(until=make.TODAY)
    client.force_login(two["seeker"][0])

    page = client.get(reverse("matchmaking:card", args=[suggestion.reference]))

    assert "Nobody speaks for them" in page.content.decode()
    assert suggestion.state == SuggestionState.INTRODUCED


@pytest.mark.parametrize(
    "zones",
    [
        ("Africa/Nairobi", "Asia/Manila"),
        ("America/Mexico_City", "Asia/Jakarta"),
        ("Europe/Kyiv", "Africa/Lagos"),
        ("Pacific/Chatham", "America/Los_Angeles"),
        ("UTC", "UTC"),
    ],
)
def test_three_times_lie_on_three_working_days_of_both(zones):
    times = times_for_a_call(zones, NOW)

    assert len({start.date() for start in times}) == 3
    assert list(times) == sorted(times)
    assert min(times) > NOW + timedelta(days=1)
    assert all(
        start.astimezone(ZoneInfo(zone)).weekday() < 5
        for start in times
        for zone in zones
    )


def test_times_lie_in_both_office_days_where_these_meet():
    for start in times_for_a_call(("Africa/Nairobi", "Europe/Kyiv"), NOW):
        hours = [start.astimezone(ZoneInfo(z)).hour for z in ("Africa/Nairobi",)]
        assert all(9 <= hour < 17 for hour in hours)
