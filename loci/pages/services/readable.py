"""Rows as a page that a person reads: names and values in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import singledispatch
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.formats import date_format, localize
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

StrOrPromise = str | Promise
Line = tuple[str, str]


@dataclass(frozen=True)
class Chapter:
    """Rows of one kind, and which of their columns are told."""

    code: str
    label: StrOrPromise
    rows: tuple[models.Model, ...]
    told: tuple[str, ...]

    @property
    def lines(self) -> list[list[Line]]:
        return [in_words(row, self.told) for row in self.rows]


def in_words(row: models.Model, names: Iterable[str]) -> list[Line]:
    """(What it is called, what it says); what is empty is left out."""
    said = ((_name_of(row, name), _value_of(row, name)) for name in names)
    return [(name, value) for name, value in said if value]


def _name_of(row: models.Model, name: str) -> str:
    try:
        field = row._meta.get_field(name)
    except FieldDoesNotExist:
        return capfirst(name.replace("_", " "))
    return str(capfirst(str(getattr(field, "verbose_name", name))))


def _value_of(row: models.Model, name: str) -> str:
    shown = getattr(row, f"get_{name}_display", None)
    return _words(shown() if callable(shown) else getattr(row, name))


@singledispatch
def _words(value: Any) -> str:
    return str(getattr(value, "label", value))


@_words.register
def _nothing(_value: None) -> str:
    return ""


@_words.register
def _yes_or_no(value: bool) -> str:  # noqa: FBT001  # a value to be read
    return _("yes") if value else _("no")


@_words.register(int)
@_words.register(float)
def _number(value: float) -> str:
    return str(localize(value))


@_words.register
def _moment(value: datetime) -> str:
    return date_format(localtime(value), "DATETIME_FORMAT")


@_words.register
def _day(value: date) -> str:
    return date_format(value, "DATE_FORMAT")


@_words.register(list)
@_words.register(tuple)
def _several(values: Sequence[Any]) -> str:
    return "; ".join(filter(None, map(_words, values)))


@_words.register(dict)
def _named(values: dict[str, Any]) -> str:
    inner = ((name, _words(one)) for name, one in values.items())
    return "; ".join(f"{name}: {said}" for name, said in inner if said)
