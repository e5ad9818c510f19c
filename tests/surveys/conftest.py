"""A closed wave with drafts of themes."""

import pytest

from surveys.services.analysing import refresh_analysis
from surveys.services.finding_themes import find_themes
from tests import make
from tests.make import NOW
from tests.surveys.themes import closed_wave, say_all


@pytest.fixture
def wave():
    wave = closed_wave()
    say_all(wave)
    refresh_analysis(wave=wave, now=NOW)
    find_themes(wave=wave, now=NOW)
    return wave


@pytest.fixture
def coordinator():
    return make.coordinator()
