import pytest

from surveys.choices import StatementKind
from surveys.models import Analysis
from surveys.queries.results import results_of
from surveys.services.analysing import refresh_analysis
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


def rows_of(wave):
    results = results_of(wave)
    assert results is not None
    return {row.topic: (row.needs.count, row.offers.count) for row in results.rows}


def test_counts_are_localities_and_small_ones_are_hidden():
    wave = make.wave()
    for _each in range(4):
        place = make.locality()
        make.statement(place, wave)
        make.statement(place, wave)  # the same locality says it twice
    make.statement(make.locality(), wave, StatementKind.OFFER)

    refresh_analysis(wave=wave, now=NOW)

    assert rows_of(wave) == {"it.portal": (4, None)}


def test_the_same_answers_are_not_computed_again():
    wave = make.wave()
    make.statement(make.locality(), wave)
    first = refresh_analysis(wave=wave, now=NOW)

    again = refresh_analysis(wave=wave, now=make.NOW.replace(year=2027))

    assert first == again
    assert Analysis.objects.get().computed_at == NOW


def test_before_the_first_answer_there_are_no_results():
    assert results_of(make.wave()) is None
