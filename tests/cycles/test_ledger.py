import pytest
from django.db import IntegrityError, transaction

from loci.core.states import WrongMove
from loci.cycles.models import Promise
from loci.cycles.services.ledger import NotHeardYet, draft_promises, share_back
from surveys.choices import WaveState
from surveys.services.analysing import refresh_analysis
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
    draft_promises(wave=heard, by=make.coordinator())

    lines = Promise.objects.order_by("topic__code").values_list(
        "topic__code", "heard", "state"
    )
    assert list(lines) == [
        ("it.ocds", "Localities asked for help with: it.ocds", "heard"),
        ("it.portal", "3 localities asked for help with: it.portal", "heard"),
    ]


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
    share_back(wave=heard, by=coordinator, now=NOW)
    opened = open_wave(wave=following, by=coordinator)

    assert opened.state == WaveState.OPEN


def test_a_written_reason_opens_the_gate(heard):
    following = make.wave(state=WaveState.DRAFT, gate_override="The meeting is in May.")

    opened = open_wave(wave=following, by=make.coordinator())

    assert opened.state == WaveState.OPEN


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
