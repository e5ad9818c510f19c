"""Three rooms: each says who reads it, and shows no more than that."""

from datetime import timedelta

import pytest
from django.utils import timezone

from localities.choices import Side
from localities.models import Seat
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    locality, wave = make.locality(slug="own"), make.wave()
    people = make.pair(locality)
    for side in Side:
        for visibility in ("side", "coordinators", "pair", "network"):
            make.statement(
                locality,
                wave,
                side=side,
                visibility=visibility,
                text=f"CANARY-{side.value}-{visibility}",
            )
    return dict(zip(Side, people, strict=True))


def canaries(page):
    words = page.content.decode().replace("“", " ").replace("”", " ").split()
    return {word for word in words if word.startswith("CANARY-")}


SHARED = {
    f"CANARY-{side}-{visibility}" for side in Side for visibility in ("pair", "network")
}


def own(side):
    return {f"CANARY-{side.value}-side", f"CANARY-{side.value}-coordinators"}


@pytest.mark.parametrize("side", Side)
def test_a_side_reads_its_own_room_and_the_common_one(pair, side, signed_in):
    client = signed_in(pair[side])

    home = client.get("/home/")
    as_other = client.get("/home/own/other-side/")

    assert canaries(home) == SHARED | own(side)
    assert canaries(as_other) == SHARED
    assert "2 lines are in it" in as_other.content.decode()
    assert "your side and the coordinators" in home.content.decode()


def test_a_stranger_sees_no_rooms(pair, signed_in):
    stranger = signed_in(make.pair(make.locality())[0])

    assert stranger.get("/home/own/other-side/").status_code == 404


def test_a_partner_who_never_came_is_written_to_by_other_ways(pair, signed_in):
    client = signed_in(pair[Side.GOVERNMENT])
    words = "has not signed in for two weeks"

    Seat.objects.update(since=timezone.localdate() - timedelta(days=15))
    silent = client.get("/home/").content.decode()
    person = pair[Side.CIVIL_SOCIETY]
    person.last_login = timezone.now()
    person.save()

    assert words in silent
    assert words not in client.get("/home/").content.decode()


def test_who_is_here_first_is_led_to_inviting_the_other_side(pair, signed_in):
    client = signed_in(pair[Side.GOVERNMENT])
    words, door = "You are here first.", "/pairs/own/invite/partner/"
    together = client.get("/home/").content.decode()

    Seat.objects.filter(side=Side.CIVIL_SOCIETY).delete()
    alone = client.get("/home/").content.decode()

    assert words not in together
    assert door not in together
    assert words in alone
    assert door in alone
    assert client.get(door).status_code == 200
