"""Words as Postgres compares them: without capitals, accents and endings."""

import re
from typing import Any

from django.db.models import BooleanField, CharField, F, FloatField, Func, Q, Value
from django.db.models.expressions import Combinable

_SIGNS = re.compile(r"([\\%_])")
_ESCAPED = r"\\\1"  # a sign of LIKE, as itself


def plain(words: Combinable) -> Any:
    """Small letters without accents."""
    return Func(words, function="public.loci_plain", output_field=CharField())


def said_in(language: str, text: str, asked: str) -> Func:
    """Whether a text, in the language of its column, has the words that are asked for."""
    said: Any = Func(
        F(language), F(text), function="public.loci_words", output_field=CharField()
    )
    query: Any = Func(
        Value(asked), function="public.loci_query", output_field=CharField()
    )
    return _between(said, query, "@@", BooleanField())


def named_like(words: Combinable, asked: str) -> Q:
    """Whether a name has what is asked for in it, or a word a slip apart from it.

    Trigrams know the letters of the database's locale alone; the first half finds names
    in every script.
    """
    sought = f"%{_SIGNS.sub(_ESCAPED, asked)}%"
    within = _between(plain(words), plain(Value(sought)), "LIKE", BooleanField())
    alike = _between(plain(words), plain(Value(asked)), "%%>", BooleanField())
    return Q(within) | Q(alike)


def likeness(words: Combinable, asked: str) -> Func:
    """0 (nothing in common) to 1 (the same words)."""
    return Func(
        plain(Value(asked)),
        plain(words),
        function="public.word_similarity",
        output_field=FloatField(),
    )


def place_words() -> Func:
    """Name and country of a locality, as its index has them."""
    return Func(
        F("name"),
        Value(" "),
        F("country"),
        template="(%(expressions)s)",
        arg_joiner=" || ",
        output_field=CharField(),
    )


def _between(left: Func, right: Func, sign: str, field: Any) -> Func:
    return Func(
        left,
        right,
        template="(%(expressions)s)",
        arg_joiner=f" {sign} ",
        output_field=field,
    )
