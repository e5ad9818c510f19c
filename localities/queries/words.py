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


def named(words: Combinable) -> Any:
    """A name in small Latin letters without accents, whatever its script."""
    return Func(words, function="public.loci_name", output_field=CharField())


class _SaidWords(Func):
    """The words of a row's text, which the database keeps beside it.

    No model has this column, so that no query carries it along by itself.
    """

    def as_sql(  # type: ignore[override]  # called with these two alone
        self,
        compiler: Any,
        connection: Any,  # noqa: ARG002  # Django's signature
        **_more: Any,
    ) -> tuple[str, list[Any]]:
        (text,) = self.get_source_expressions()
        sql, _params = compiler.compile(text)
        table, _dot, _column = sql.rpartition(".")
        return f'{table}."said_words"', []


def said(asked: str) -> Func:
    """Whether a text, in the language of its row, has the words that are asked for."""
    words: Any = _SaidWords(F("text"), output_field=CharField())
    query: Any = Func(
        Value(asked), function="public.loci_query", output_field=CharField()
    )
    return _between(words, query, "@@", BooleanField())


def named_like(words: Combinable, asked: str) -> Q:
    """Whether a name has what is asked for in it, or a word a slip apart from it.

    Both are compared in Latin letters: trigrams know others only where the locale of
    the database does. A name in another script (Arabic, Hindi) is found as it stands.
    """
    sought = f"%{_SIGNS.sub(_ESCAPED, asked)}%"
    within = _between(named(words), named(Value(sought)), "LIKE", BooleanField())
    alike = _between(named(words), named(Value(asked)), "%%>", BooleanField())
    return Q(within) | Q(alike)


def likeness(words: Combinable, asked: str) -> Func:
    """0 (nothing in common) to 1 (the same words)."""
    return Func(
        named(Value(asked)),
        named(words),
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
