from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from loci.core.states import WrongMove
from loci.cycles.models import Promise
from loci.cycles.queries.own_promises import promises_to
from loci.cycles.services.ledger import (
    LineMissing,
    NobodyOwnsIt,
    NotHeardYet,
    draft_promises,
    remind_of_late_promises,
    share_back,
)
from loci.notices.models import Notice
from surveys.choices import StatementKind, WaveState
from surveys.models import Statement, Theme, ThemeText
from surveys.services.analysing import refresh_analysis
from surveys.services.editing_themes import split_off
from surveys.services.showing_themes import show_themes
from surveys.services.waves import LastWaveNotShared, close_wave, open_wave
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """Three places need `it.portal`, one needs `it.ocds`; nobody offers."""
    wave = make.wave()
    for _each in range(3):
        make.statement(make.locality(), wave)
    make.statement(make.locality(), wave, topic=make.topic("it.ocds"))
    refresh_analysis(wave=wave, now=NOW)
    return wave


def test_the_largest_unmet_topics_get_a_line_without_telling_small_numbers(heard):
    close_wave(wave=heard, by=make.coordinator(), now=NOW)
    heard.refresh_from_db()
    refresh_analysis(wave=heard, now=NOW)

    draft_promises(wave=heard, by=make.coordinator())

    lines = Promise.objects.order_by("topic__code").values_list(
        "topic__code", "heard", "state"
    )
    assert list(lines) == [
        ("it.ocds", "Localities asked for help with: it.ocds", "heard"),
        ("it.portal", "3 localities asked for help with: it.portal", "heard"),
    ]


def test_what_one_side_keeps_to_itself_has_no_draft(heard):
    Statement.objects.filter(topic__code="it.ocds").update(visibility="side")

    draft_promises(wave=heard, by=None)

    assert not Promise.objects.filter(topic__code="it.ocds").exists()


def test_drafting_again_keeps_what_was_written(heard):
    draft_promises(wave=heard, by=None)
    Promise.objects.filter(topic__code="it.portal").update(heard="In our words")

    assert draft_promises(wave=heard, by=None) == []
    assert Promise.objects.get(topic__code="it.portal").heard == "In our words"


def test_the_next_wave_waits_until_the_last_is_shared_back(heard):
    coordinator = make.coordinator()
    following = make.wave(state=WaveState.DRAFT)

    with pytest.raises(LastWaveNotShared):
        open_wave(wave=following, by=coordinator)
    close_wave(wave=heard, by=coordinator, now=NOW)
    with pytest.raises(NotHeardYet):
        share_back(wave=heard, by=coordinator, now=NOW)
    draft_promises(wave=heard, by=coordinator)
    Promise.objects.update(is_published=True)
    with pytest.raises(NobodyOwnsIt):
        share_back(wave=heard, by=coordinator, now=NOW)
    Promise.objects.update(owner=coordinator, due_on=NOW.date())
    share_back(wave=heard, by=coordinator, now=NOW)
    opened = open_wave(wave=following, by=coordinator)

    assert opened.state == WaveState.OPEN


def test_a_written_reason_opens_the_gate_and_everyone_reads_it(heard, client):
    following = make.wave(state=WaveState.DRAFT, gate_override="The meeting is in May.")

    assert "The meeting is in May." not in ledger(client)
    opened = open_wave(wave=following, by=make.coordinator())

    assert opened.state == WaveState.OPEN
    assert "Why: The meeting is in May." in ledger(client)


def ledger(client):
    """What a visitor reads who has not signed in."""
    return client.get(reverse("pages:you_said_we_did")).content.decode()


def test_an_open_wave_is_not_shared_back(heard):
    draft_promises(wave=heard, by=None)
    Promise.objects.update(is_published=True)

    with pytest.raises(WrongMove):
        share_back(wave=heard, by=make.coordinator(), now=NOW)


def test_not_doing_must_say_why():
    promise = Promise.objects.create(
        wave=make.wave(), topic=make.topic(), heard="Heard"
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.objects.filter(pk=promise.pk).update(state="not_doing")


def test_numbers_that_the_results_hide_are_not_in_a_line(heard):
    draft_promises(wave=heard, by=None)

    heard_of = Promise.objects.order_by("pk").values_list("heard", flat=True)
    assert list(heard_of) == [
        "Localities asked for help with: it.portal",
        "Localities asked for help with: it.ocds",
    ]


@pytest.fixture
def themed():
    """A closed wave with one theme of five localities, and its coordinator."""
    wave, coordinator = make.wave(state=WaveState.CLOSED), make.coordinator()
    for _each in range(5):
        said = make.statement(make.locality(), wave, StatementKind.OFFER)
        ThemeText.objects.create(wave=wave, statement=said)
    refresh_analysis(wave=wave, now=NOW)
    texts = list(ThemeText.objects.all())
    split_off(texts=texts, name="Portals", by=coordinator, now=NOW)
    show_themes(wave=wave, by=coordinator, now=NOW)
    return wave, coordinator


def test_each_shown_theme_gets_a_line_and_the_gate_asks_for_it(themed):
    wave, coordinator = themed
    Promise.objects.create(
        wave=wave,
        topic=make.topic(),
        heard="Heard",
        state="done",
        is_published=True,
    )
    with pytest.raises(LineMissing, match="Portals"):
        share_back(wave=wave, by=coordinator, now=NOW)

    draft_promises(wave=wave, by=coordinator)
    line = Promise.objects.get(theme__isnull=False)
    assert (line.title, line.heard) == (
        "Portals",
        "5 localities spoke of: Portals",
    )
    Promise.objects.filter(pk=line.pk).update(
        state="not_doing", reason="No money this year.", is_published=True
    )

    assert share_back(wave=wave, by=coordinator, now=NOW).state == "shared_back"


def test_a_line_of_a_theme_outlives_it(themed):
    wave, coordinator = themed
    draft_promises(wave=wave, by=coordinator)

    Theme.objects.all().delete()

    assert [str(row) for row in Promise.objects.all()] == ["Portals: Heard"]


def test_a_line_is_about_something():
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.objects.create(wave=make.wave(), heard="Heard")


def test_each_side_sees_the_lines_about_its_own_words_alone(themed):
    wave, coordinator = themed
    draft_promises(wave=wave, by=coordinator)
    Promise.objects.update(is_published=True)
    place = Statement.objects.earliest("pk").locality
    government, civil_society = make.pair(place)
    Statement.objects.update(visibility="side")

    titles = [
        [line.title for line in promises_to(person, place)]
        for person in (government, civil_society)
    ]

    assert titles == [["Portals"], []]


def test_a_late_promise_reaches_its_owner_once_a_day_that_was_missed():
    owner = make.person()
    promise = Promise.objects.create(
        wave=make.wave(),
        topic=make.topic(),
        heard="Heard",
        owner=owner,
        due_on=NOW.date(),
        is_published=True,
    )

    for days in (0, 1, 2):
        remind_of_late_promises(now=NOW + timedelta(days=days))
    assert Notice.objects.get().recipient == owner
    Promise.objects.filter(pk=promise.pk).update(due_on=NOW.date() + timedelta(days=3))
    remind_of_late_promises(now=NOW + timedelta(days=5))
    Promise.objects.filter(pk=promise.pk).update(state="done")
    remind_of_late_promises(now=NOW + timedelta(days=9))

    assert Notice.objects.filter(kind="promise_late").count() == 2
