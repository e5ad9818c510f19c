"""Letters that are not seen, or that turn what stands after them."""

import pytest

from loci.core.texts import clean_text, one_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202eNino\u202c \u2066(hub)\u2069", "Nino (hub)"),
        ("Ana\r\nBcc: all@example.org", "Ana Bcc: all@example.org"),
        ("\u200b\u2060 \ufeff\x01", ""),
        ("ნინო \u2028 Ოქრო", "ნინო Ოქრო"),
        ("क\u200dष", "क\u200dष"),  # a joiner is part of the word
    ],
)
def test_a_name_is_one_line_of_what_is_seen(typed, kept):
    assert one_line(typed) == kept


def test_a_text_keeps_its_lines_and_turns_nothing_after_it():
    assert clean_text("\u202aone\r\ntwo\u202e\x00") == "one\ntwo"
