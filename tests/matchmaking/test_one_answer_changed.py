"""One answer changes after a round: its locality is looked for alone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from loci.cockpit.queries import cockpit_index
from matchmaking.models import Round, Suggestion
from matchmaking.queries.changed import changed_since
from matchmaking.services.rounds import run_round, start_round
from surveys.choices import StatementKind, Visibility
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave():
    """A round has been computed for one locality with a need and one with an offer."""
    wave = make.wave()
    make.statement(make.locality("First"), wave)
    make.statement(make.locality("Helper"), wave, StatementKind.OFFER)
    run(wave)
    return wave


def run(wave, **more):
    round_ = start_round(wave=wave, by=make.coordinator(), **more)
    run_round(round_id=round_.pk, now=timezone.now())
    return round_


def newcomer(wave, **facts):
    place = make.locality("New")
    make.statement(place, wave, **facts)
    return place


def test_who_said_something_new_is_named_until_a_round_has_read_it(wave):
    assert changed_since(wave) == []
    place = newcomer(wave)
    assert changed_since(wave) == [place]

    run(wave, only=[place])

    assert changed_since(wave) == []


def test_what_is_not_for_the_network_is_nothing_new_to_match(wave):
    newcomer(wave, visibility=Visibility.SIDE)

    assert changed_since(wave) == []


def test_before_the_first_round_nobody_is_named():
    wave = make.wave()
    newcomer(wave)

    assert changed_since(wave) == []


def test_the_round_looks_for_it_alone_and_what_stands_stays(wave):
    before = Suggestion.objects.get()
    place = newcomer(wave)

    round_ = run(wave, only=[place])

    before.refresh_from_db()
    assert before.state == "proposed"
    found = Suggestion.objects.filter(round=round_)
    assert [row.seeker for row in found] == [place]


def test_a_coordinator_starts_it_from_needs_you(wave, signed_in):
    place = newcomer(wave)
    coordinator = make.coordinator()
    lines = {line.verb: line for line in cockpit_index(coordinator).lines}
    line = lines["Match again"]
    client = signed_in(coordinator)

    page = client.get(line.url)
    assert place.name in page.content.decode()
    client.post(line.url)

    assert Round.objects.latest("pk").only == [place.pk]
    assert client.post(line.url).status_code == 302  # one at a time, in words
    assert Round.objects.filter(only=[place.pk]).count() == 1


def test_nothing_new_starts_nothing(wave, signed_in):
    rounds = Round.objects.count()

    page = signed_in(make.coordinator()).post(
        reverse("admin:matchmaking_round_changed", args=[wave.pk])
    )

    assert "Nobody has said anything new." in page.content.decode()
    assert Round.objects.count() == rounds
    assert timezone.now() - Round.objects.latest("pk").created_at < timedelta(days=1)
