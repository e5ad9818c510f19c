"""Tables that a spreadsheet opens: words stay words, numbers numbers."""

import csv

import pytest

from loci.core.tables import csv_of, plain_cell


@pytest.mark.parametrize(
    "words",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "  =1",
        "'=1",
        "\uff1d1",
        "\uff0b1",
    ],
)
def test_words_that_look_like_a_formula_get_an_apostrophe(words):
    assert plain_cell(words) == f"'{words}"


@pytest.mark.parametrize("value", ["plain", "a=b", "", 5, -5, None])
def test_other_cells_stay_as_they_are(value):
    assert plain_cell(value) == value


def test_a_file_is_read_back_as_it_was():
    text = csv_of(("a", "b"), [("one", 1), ("=two", -2)]).decode("utf-8-sig")

    assert list(csv.reader(text.splitlines())) == [
        ["a", "b"],
        ["one", "1"],
        ["'=two", "-2"],
    ]
