"""The wave monitor: what it shows to whom, and deeds that show first whom they touch."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from localities.choices import Role, Side
from localities.models import Invitation
from localities.services.inviting import Guest, invite_to_place
from loci.notices.models import Notice
from surveys.choices import PartState
from surveys.models import Part, Reminder, Wave
from surveys.services.reminding import remind_wave
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    now = timezone.now()
    wave = make.wave(
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=9),
        gate_override="The meeting is in May.",
    )
    african = make.locality("Makueni", region_code="africa")
    asian = make.locality("Kathmandu", region_code="asia")
    people = make.pair(african), make.pair(asian)
    for place in (african, asian):
        make.part(wave, place, Side.GOVERNMENT)
    Part.objects.filter(locality=african, side="government").update(
        state=PartState.SENT, sent_at=now
    )
    return {"wave": wave, "african": african, "asian": asian, "people": people}


def url(name, wave):
    return reverse(f"admin:surveys_wave_{name}", args=[wave.pk])


def text_of(page):
    return page.content.decode()


def test_it_shows_each_part_and_a_hub_sees_its_own_region(network, signed_in):
    whole = signed_in(make.coordinator()).get(url("monitor", network["wave"]))
    hub = signed_in(make.hub_coordinator("africa")).get(url("monitor", network["wave"]))

    assert "Kathmandu" in text_of(whole)
    assert "The meeting is in May." in text_of(whole)
    assert "Makueni" in text_of(hub)
    assert "Kathmandu" not in text_of(hub)
    assert "✓ Sent" in text_of(hub)
    assert "Not opened" in text_of(hub)
    assert "0 of 3" in text_of(hub)


def test_reminding_shows_whom_it_touches_and_writes_only_when_confirmed(
    network, signed_in
):
    client = signed_in(make.coordinator())
    places = {"place": [network["african"].pk, network["asian"].pk]}

    preview = client.post(url("remind", network["wave"]), places)
    before = Reminder.objects.count()
    client.post(url("remind", network["wave"]), {**places, "confirmed": "1"})
    again = client.post(url("remind", network["wave"]), places)

    assert "3 people get a mail" in text_of(preview)
    assert before == 0
    assert Reminder.objects.count() == Notice.objects.filter(kind="reminder").count()
    assert Reminder.objects.count() == 3
    assert "Nobody gets a mail" in text_of(again)
    assert "was reminded a few days ago" in text_of(again)


def test_reminding_names_the_sides_that_have_nobody(network, signed_in):
    client = signed_in(make.coordinator())
    empty = make.locality("Nobody Here", region_code="africa")
    make.part(network["wave"], empty, Side.GOVERNMENT)
    places = {"place": [empty.pk, network["african"].pk]}

    page = text_of(client.post(url("remind", network["wave"]), places))

    assert "Nobody Here, Government: nobody speaks for this side yet" in page
    assert f"{network['african']}, " not in page


def test_it_says_who_was_told_of_the_opening_and_who_will_be(network, signed_in):
    wave, client = network["wave"], signed_in(make.coordinator())
    before = text_of(client.get(url("monitor", wave)))
    noon = timezone.now().replace(hour=12)
    Wave.objects.update(told_from=timezone.now(), remind_on=list(range(7)))
    wave.refresh_from_db()

    planned = text_of(client.get(url("monitor", wave)))
    remind_wave(wave=wave, now=noon + timedelta(days=1))
    told = text_of(client.get(url("monitor", wave)))
    of_hub = text_of(
        signed_in(make.hub_coordinator("africa")).get(url("monitor", wave))
    )

    assert "Its opening was not told by mail" in before
    assert "planned: " in planned
    assert ": 2 people" in told
    assert "Government of Kathmandu" in told
    assert "planned: " not in told
    assert "Government of Kathmandu" not in of_hub
    assert "Civil society of Makueni" in of_hub
    assert "Government of Makueni" not in of_hub  # has sent: is not told


def test_a_hub_cannot_reach_pairs_of_other_regions(network, signed_in):
    client = signed_in(make.hub_coordinator("africa"))
    posted = {"place": [network["asian"].pk, network["african"].pk], "confirmed": "1"}

    client.post(url("remind", network["wave"]), posted)
    late = {**posted, "until": "2099-01-01", "why": "Elections"}
    client.post(url("extend", network["wave"]), late)

    reminded = set(Reminder.objects.values_list("locality", flat=True))
    extended = Part.objects.exclude(extended_until=None)
    assert reminded == {network["african"].pk}
    assert set(extended.values_list("locality", flat=True)) == {network["african"].pk}


def test_more_time_is_for_chosen_pairs_with_a_reason(network, signed_in):
    client = signed_in(make.coordinator())
    place = {"place": [network["asian"].pk], "confirmed": "1"}
    day = (timezone.now() + timedelta(days=30)).date().isoformat()

    without = client.post(url("extend", network["wave"]), {**place, "until": day})
    early = client.post(
        url("extend", network["wave"]), {**place, "until": "2020-01-01", "why": "x"}
    )
    done = client.post(
        url("extend", network["wave"]), {**place, "until": day, "why": "Elections"}
    )

    assert (without.status_code, early.status_code, done.status_code) == (200, 200, 302)
    assert "More time ends after the close" in text_of(early)
    later = timezone.now() + timedelta(days=20)
    taking = Part.objects.taking_answers(later).values_list("locality", flat=True)
    assert set(taking) == {network["asian"].pk}
    part = Part.objects.get(locality=network["asian"], side="government")
    assert part.takes_answers(later)
    assert not part.takes_answers(later + timedelta(days=20))


def test_the_call_list_has_a_message_to_copy_and_guards_spreadsheets(
    network, signed_in
):
    network["wave"].reminders_at_most = 0
    network["wave"].save()
    network["asian"].name = "=HYPERLINK(1)"
    network["asian"].save()
    empty = make.locality("Nowhere", region_code="asia")
    make.part(network["wave"], empty, Side.GOVERNMENT)
    client = signed_in(make.coordinator())

    page = text_of(client.get(url("calls", network["wave"])))
    table = text_of(client.get(url("calls_csv", network["wave"])))

    assert "has had all reminders: call" in page
    assert "May wave: for Makueni a part is still missing" in page
    assert "nobody speaks for this side yet" in page
    assert "'=HYPERLINK(1)" in table
    assert "\r\n=HYPERLINK" not in table


def test_who_was_invited_and_has_not_come_is_shown_with_the_day(network, signed_in):
    wave, now = network["wave"], timezone.now()
    empty = make.locality("Nowhere", region_code="asia")
    make.seat(empty, Side.CIVIL_SOCIETY)
    seat = make.seat(empty, Side.GOVERNMENT)
    make.part(wave, empty, Side.GOVERNMENT)
    invited = invite_to_place(
        organisation=seat.organisation,
        role=Role.MEMBER,
        guest=Guest("ana@example.org", language="es"),
        by=make.coordinator(),
        now=now - timedelta(days=2),
    )
    client, hub = signed_in(make.coordinator()), signed_in(make.hub_coordinator())

    monitor = text_of(client.get(url("monitor", wave)))
    page = text_of(client.get(url("calls", wave)))
    of_hub = text_of(hub.get(url("calls", wave)))
    Invitation.objects.update(expires_at=now)
    late = text_of(client.get(url("calls", wave)))

    day = date_format(now - timedelta(days=2), "SHORT_DATE_FORMAT")
    assert f"invited on {day}, not here yet" in monitor
    assert monitor.count("nobody invited yet") == 1
    assert f"invited on {day}, not here yet" in page
    assert "ana@example.org" in page
    assert "/invitations/code/" in page
    assert "ana@example.org" not in of_hub
    assert "it has run out" in late
    assert "/invitations/code/" not in late
    assert invited.token not in page + late


def test_it_costs_the_same_with_more_pairs(network, signed_in):
    client = signed_in(make.coordinator())
    costs = []
    for _turn in range(2):
        other = make.locality(region_code="asia")
        make.pair(other)
        make.part(network["wave"], other, Side.GOVERNMENT)
        with CaptureQueriesContext(connection) as queries:
            client.get(url("monitor", network["wave"]))
        costs.append(len(queries))

    assert costs[0] == costs[1] <= 24
