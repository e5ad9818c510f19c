import pytest

from surveys.choices import StatementKind, WaveState
from surveys.models import Analysis
from surveys.queries.results import results_of
from surveys.services.analysing import largest_unmet, refresh_analysis
from surveys.services.waves import close_wave
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


def rows_of(wave):
    results = results_of(wave)
    assert results is not None
    return {row.topic: (row.needs.count, row.offers.count) for row in results.rows}


def speak(wave, places, kind=StatementKind.NEED):
    for _each in range(places):
        place = make.locality()
        make.statement(place, wave, kind)
        make.statement(place, wave, kind)  # the same locality says it twice


def test_counts_are_localities_and_small_ones_are_hidden():
    wave = make.wave(state=WaveState.CLOSED)
    speak(wave, 4)
    speak(wave, 1, StatementKind.OFFER)

    refresh_analysis(wave=wave, now=NOW)

    assert rows_of(wave) == {"it.portal": (4, None)}


def test_a_wave_that_grew_answer_by_answer_shows_its_counts_at_the_close():
    wave = make.wave()
    for _answer in range(4):
        speak(wave, 1)
        refresh_analysis(wave=wave, now=NOW)
    while_open = results_of(wave)

    closed = close_wave(wave=wave, by=make.coordinator(), now=NOW)
    closed.refresh_from_db()
    refresh_analysis(wave=closed, now=NOW)

    assert while_open is None
    assert rows_of(wave) == {"it.portal": (4, 0)}


def test_coordinators_counts_are_there_while_the_wave_is_open():
    wave = make.wave()
    speak(wave, 1)

    refresh_analysis(wave=wave, now=NOW)

    assert largest_unmet(wave=wave, at_most=1) == ["it.portal"]


def test_the_same_answers_are_not_computed_again():
    wave = make.wave()
    make.statement(make.locality(), wave)
    first = refresh_analysis(wave=wave, now=NOW)

    again = refresh_analysis(wave=wave, now=make.NOW.replace(year=2027))

    assert first == again
    assert Analysis.objects.get().computed_at == NOW


def test_before_the_first_answer_there_are_no_results():
    assert results_of(make.wave()) is None
