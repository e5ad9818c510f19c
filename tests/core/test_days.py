"""A day inside a sentence brings no full stop of its own."""

from datetime import date

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_a_day_ends_with_its_year(language):
    with translation.override(language):
        assert date_format(date(2026, 11, 4), "DATE_FORMAT").endswith("2026")
