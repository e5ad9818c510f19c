"""A query that the ORM writes once and that is asked again and again.

Building a query of several joins costs more than asking it. Where something is done
with every key that is typed, its SQL is kept for the life of the process.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import F, QuerySet

M = TypeVar("M", bound=models.Model)
Converter = tuple[str, Callable[[Any], Any]]


class Prepared(Generic[M]):
    """What `build` says, kept as SQL; asked again with other values in its slots.

    `build` is called once, with a marker of the right type for each slot. It may depend
    on nothing but its slots (not on the time, the language or a setting).
    """

    def __init__(self, build: Callable[..., QuerySet[M]], **markers: Any) -> None:
        self._build = build
        self._markers = markers
        self._kept: _Kept[M] | None = None

    def one(self, **values: Any) -> M | None:
        """The first row, annotations and all, or None."""
        return next(iter(self.rows(**values)), None)

    def rows(self, **values: Any) -> list[M]:
        """All rows in their order, annotations and all."""
        kept = self._kept or self._write()
        filled = [
            values[place.name] if isinstance(place, _Slot) else place
            for place in kept.parameters
        ]
        rows = list(kept.model._default_manager.raw(kept.sql, filled))
        for row in rows:
            for name, convert in kept.converters:
                setattr(row, name, convert(getattr(row, name)))
        return rows

    def _write(self) -> "_Kept[M]":
        rows = self._build(**self._markers)
        query = rows.query
        sql, given = query.sql_with_params()
        slots = {marker: _Slot(name) for name, marker in self._markers.items()}
        parameters = [
            slots.get(value, value) if isinstance(value, str | int) else value
            for value in given
        ]
        missing = set(slots.values()) - {p for p in parameters if isinstance(p, _Slot)}
        if missing:
            raise ValueError(f"not in the query: {missing}")
        converters: list[Converter] = [
            (name, partial(convert, expression=said, connection=connection))
            for name, said in query.annotation_select.items()
            for convert in [
                *connection.ops.get_db_converters(said),
                *said.get_db_converters(connection),
            ]
        ]
        self._kept = _Kept(rows.model, sql, parameters, converters)
        return self._kept


@dataclass(frozen=True)
class _Kept(Generic[M]):
    model: type[M]
    sql: str
    parameters: list[Any]
    converters: list[Converter]


class _Slot:
    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


def columns(path: str, model: type[models.Model], *names: str) -> dict[str, F]:
    """Annotations that bring along the row of `model` at `path`: these columns, or all."""
    wanted = names or tuple(row.attname for row in model._meta.concrete_fields)
    return {f"its_{path}_{name}": F(f"{path}__{name}") for name in wanted}


def brought(row: models.Model, path: str, model: type[M]) -> M | None:
    """The row that `columns` brought along; None if there is none."""
    start = f"its_{path}_"
    found = {
        name.removeprefix(start): value
        for name, value in vars(row).items()
        if name.startswith(start)
    }
    return None if found["id"] is None else partly(model, **found)


def partly(model: type[M], **columns: Any) -> M:
    """A row of which these columns are known; others are fetched when asked for."""
    names = [row.attname for row in model._meta.concrete_fields]
    known = [name for name in names if name in columns]
    return model.from_db(DEFAULT_DB_ALIAS, known, [columns[name] for name in known])
