"""Values that no page of ours sends: never a failure, never somebody else's row."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from localities.choices import Side
from localities.models import Fact, Milestone
from loci.core.http import back_within, whole
from loci.cycles.models import Lesson
from tests import make

pytestmark = pytest.mark.django_db
LONG = "9" * 5000


@pytest.mark.parametrize(
    ("typed", "number"),
    [("7", 7), ("007", 7), ("", 0), ("-1", 0), ("٣", 0), ("1\x00", 0), (LONG, 0)],
)
def test_a_number_is_read_or_is_none(typed, number):
    assert whole(typed) == number


def test_nobody_is_sent_back_to_another_host():
    request = RequestFactory().get("/", HTTP_REFERER="http://testserver//evil.example/")

    assert back_within(request, "/home/") == "/evil.example/"


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "latin-1"])
def test_a_form_in_another_charset_is_not_read(client, charset):
    answer = client.post(
        reverse("set_language"),
        b"language=fr",
        content_type=f"application/x-www-form-urlencoded; charset={charset}",
    )

    assert answer.status_code == 415


def test_a_form_in_utf_8_is_read(client):
    answer = client.post(
        reverse("set_language"),
        b"language=fr",
        content_type="application/x-www-form-urlencoded; charset=UTF-8",
    )

    assert (answer.status_code, client.cookies["django_language"].value) == (302, "fr")


def test_nul_in_an_address_finds_nothing(client, signed_in):
    wave = make.wave()
    monitor = reverse("admin:surveys_wave_monitor", args=[wave.pk])
    parts = reverse("admin:surveys_part_changelist")
    coordinator = signed_in(make.coordinator())

    shelf = client.get("/practice/?topic=a%00b%%0000")
    region = coordinator.get(f"{monitor}?region=%00")
    state = coordinator.get(f"{parts}?state__exact=a%00b")

    assert (shelf.status_code, region.status_code, state.status_code) == (200, 200, 400)


def test_long_numbers_and_nul_in_forms_of_a_side(signed_in):
    place = make.locality()
    person, _other = make.pair(place)
    part = make.part(make.wave(), place, Side.GOVERNMENT)
    client = signed_in(person)
    page = reverse("surveys:section", args=[part.reference, "needs"])

    still = client.post(
        reverse("localities:still_true", args=[place.slug]), {"fact": LONG}
    )
    saved = client.post(page, {"needs-version": LONG, "needs-0-text": "A need"})
    feed = client.post(reverse("meetings:feeds"), {"region": "a\x00b"})

    assert (still.status_code, feed.status_code) == (302, 404)
    assert saved.status_code in {200, 302, 400}


def test_an_event_is_of_a_day_that_was_and_pressed_twice_is_one(signed_in):
    place = make.locality()
    person, _other = make.pair(place)
    page = reverse("localities:milestone", args=[place.slug])
    client = signed_in(person)
    event = {"kind": "change_made", "text": "A portal", "link": ""}
    today = timezone.localdate().isoformat()

    never = [
        client.post(page, {**event, "on": day}) for day in ("0001-01-01", "9999-12-31")
    ]
    pressed = [client.post(page, {**event, "on": today}) for _turn in range(2)]

    assert [answer.status_code for answer in never] == [200, 200]
    assert [answer.status_code for answer in pressed] == [302, 302]
    assert Milestone.objects.filter(text="A portal").count() == 1


def test_a_line_and_a_card_pressed_twice_are_one(signed_in):
    place = make.locality()
    person, _other = make.pair(place)
    client = signed_in(person)
    line = {"text": "A portal", "language": "en", "visibility": "public"}
    card = {"title": "Ask early", "problem": "x", "done": "y", "language": "en"}
    card |= {"topic": str(make.topic().pk)}

    for _turn in range(2):
        client.post(
            reverse("localities:fact_add", args=[place.slug, "objective"]), line
        )
        client.post(reverse("cycles:write_lesson"), card)

    assert Fact.objects.filter(locality=place, text="A portal").count() == 1
    assert Lesson.objects.filter(locality=place, title="Ask early").count() == 1


def test_the_last_day_of_all_is_no_day_of_a_deed(signed_in):
    place = make.locality()
    make.pair(place)
    wave = make.wave()
    make.part(wave, place, Side.GOVERNMENT)
    meeting = make.meeting()
    client = signed_in(make.coordinator())
    day = "9999-12-31"

    more = client.post(
        reverse("admin:surveys_wave_extend", args=[wave.pk]),
        {"place": [place.pk, LONG], "confirmed": "1", "until": day, "why": "Rain"},
    )
    talks = client.post(
        reverse("admin:meetings_meeting_talks", args=[meeting.pk]),
        {"day": day, "begins": "23:59", "minutes": 120, "count": 40, "tables": 3},
    )

    assert (more.status_code, talks.status_code) == (200, 200)


def test_the_admin_leaves_out_proposals_and_ticks_that_are_no_numbers(signed_in):
    client = signed_in(make.coordinator())

    add = client.get(reverse("admin:matchmaking_pin_add") + "?seeker=1;drop")
    ticked = client.post(
        reverse("admin:surveys_theme_changelist"),
        {"action": "merge", ACTION_CHECKBOX_NAME: [LONG]},
    )

    assert (add.status_code, ticked.status_code) == (200, 400)
