"""Texts kept in several languages."""

import re

from django.utils.translation import get_language

# Control characters; and those that turn the way of writing of all that follows.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_NOTHING = re.compile(r"[\u200b\u2060\ufeff]")  # takes no place: a name of it is none


def in_reader_language(texts: dict[str, str]) -> str:
    """The text in the reader's language, else English, else any."""
    language = (get_language() or "en").split("-")[0]
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def one_line(text: str) -> str:
    """The words on one line, without control characters and what cannot be seen."""
    return " ".join(_NOTHING.sub("", clean_text(text)).split())


def clean_text(text: str) -> str:
    """The text without control characters and with plain line ends."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
