"""Tables that a spreadsheet opens: words stay words, numbers numbers."""

import csv

import pytest
from hypothesis import given, strategies as st

from localities.services.tables import rows_of
from loci.core.tables import STARTS_A_FORMULA, csv_of, plain_cell, unguarded
from loci.core.texts import clean_text


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


HOSTILE = st.text(
    st.one_of(
        st.sampled_from(sorted(STARTS_A_FORMULA) + list(" \"'a1")),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=20,
)


@given(words=HOSTILE)
def test_what_is_guarded_is_read_back_as_it_was(words):
    guarded = plain_cell(words)

    assert guarded in {words, f"'{words}"}
    assert not guarded or guarded[0] not in STARTS_A_FORMULA
    if guarded != words:
        assert unguarded(guarded) == words


@given(words=HOSTILE)
def test_a_file_of_ours_that_is_imported_says_what_was_said(words):
    """One list of guards for the way out and the way in."""
    expected = clean_text(unguarded(plain_cell(words))).strip()

    rows = rows_of(csv_of(["name", "kind"], [(words, "city")]), "x.csv")

    assert [row["kind"] for row in rows] == ["city"]
    assert rows[0]["name"] == expected
    if plain_cell(words) != words:
        assert rows[0]["name"] == clean_text(words).strip()
