"""Calendars behind secret addresses: read, guessed, ended, of who left."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from meetings.choices import Answer
from meetings.models import Feed
from meetings.services.coming import answer_invitation
from meetings.services.feeds import TooManyFeeds, make_feed, revoke_feed
from meetings.services.planning import cancel_meeting
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def soon():
    """A meeting to come, and another of the same region."""
    day = (timezone.now() + timedelta(days=9)).date()
    return make.meeting(first_day=day), make.meeting(first_day=day, title="Other")


def entries(token: str) -> dict[str, str]:
    answer = Client().get(reverse("meetings:feed", args=[token]))
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("max-age=0")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(row["SUMMARY"]): str(row["STATUS"]) for row in events}


def test_own_and_regional_feeds_show_what_they_say(soon):
    meeting, _other = soon
    locality = make.locality()
    person = make.pair(locality)[0]
    invitation = make.invitation(meeting, locality)
    answer_invitation(
        invitation=invitation, answer=Answer.YES, by=person, now=timezone.now()
    )
    _feed, own = make_feed(person=person, region=None)
    _feed, regional = make_feed(person=person, region=meeting.region)
    _feed, far = make_feed(person=person, region=make.region("cee"))

    assert entries(own) == {"Regional meeting": "CONFIRMED"}
    assert entries(regional) == {"Regional meeting": "CONFIRMED", "Other": "CONFIRMED"}
    assert entries(far) == {}
    cancel_meeting(
        meeting=meeting, why="Floods", by=make.coordinator(), now=timezone.now()
    )
    assert entries(own) == {"Regional meeting": "CANCELLED"}


def test_a_token_is_long_kept_as_a_hash_and_shown_once(signed_in):
    person = make.pair(make.locality())[0]
    client, url = signed_in(person), reverse("meetings:feeds")

    made = client.post(url).content.decode()
    again = client.get(url).content.decode()

    feed = Feed.objects.get()
    (token,) = re.findall(r"/meetings/calendars/([\w-]+)\.ics", made)
    assert len(token) >= 43  # 256 bits
    assert token not in again
    assert token not in str(vars(feed))
    assert entries(token) == {}


def test_a_token_guessed_ended_or_of_who_left_is_nothing(soon):
    person = make.pair(make.locality())[0]
    feed, token = make_feed(person=person, region=None)
    _other, second = make_feed(person=person, region=None)
    guess = reverse("meetings:feed", args=["A" * 43])

    revoke_feed(feed=feed, by=person, now=timezone.now())
    dead = Client().get(reverse("meetings:feed", args=[token]))
    guessed = Client().get(guess)
    assert entries(second) == {}
    person.memberships.update(until=timezone.localdate())
    left = Client().get(reverse("meetings:feed", args=[second]))

    assert [row.status_code for row in (dead, guessed, left)] == [404, 404, 404]
    assert [row["Content-Type"] for row in (dead, guessed)] == [
        "text/html; charset=utf-8"
    ] * 2
    assert scrubbed(dead, token) == scrubbed(guessed, "A" * 43)


def scrubbed(page, token: str) -> str:
    body = page.content.decode().replace(token, "TOKEN")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", body)


def test_nobody_hoards_addresses():
    person = make.pair(make.locality())[0]
    for _number in range(10):
        make_feed(person=person, region=None)

    with pytest.raises(TooManyFeeds):
        make_feed(person=person, region=None)
