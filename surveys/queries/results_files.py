"""The results as files: the same cells as on the page, and no others."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from loci.core.tables import csv_of
from surveys.queries.results import Cell, Results, Split
from surveys.queries.themes import ThemesShown

HIDDEN = "hidden"
Row = tuple[str, str, str, str, int | str]


def table_of(results: Results, themes: ThemesShown) -> list[Row]:
    """Rows of (what, name, kind, split, count); a hidden count is the word."""
    return [*_topics(results), *_themes(themes), *_response(results)]


def _topics(results: Results) -> Iterator[Row]:
    for row in results.rows:
        whole = Split("", _("All"), row.needs, row.offers)
        for part in (whole, *row.by_side, *row.by_region):
            yield ("topic", row.topic, "need", part.label, _told(part.needs))
            yield ("topic", row.topic, "offer", part.label, _told(part.offers))


def _themes(themes: ThemesShown) -> Iterator[Row]:
    for row in themes.rows:
        yield ("theme", row.name, "", _("All"), _told(row.total))
        for part in (*row.by_side, *row.by_region):
            yield ("theme", row.name, "", part.label, _told(part.cell))


def _response(results: Results) -> Iterator[Row]:
    yield ("response", _("All"), "asked", "", results.asked)
    yield ("response", _("All"), "answered", "", results.answered)
    for row in results.response:
        yield ("response", row.label, "asked", "", row.asked)
        yield ("response", row.label, "answered", "", _told(row.answered))


def _told(cell: Cell) -> int | str:
    return HIDDEN if cell.count is None else cell.count


def heading() -> tuple[str, ...]:
    return (_("What"), _("Name"), _("Kind"), _("Split"), _("Localities"))


def as_csv(results: Results, themes: ThemesShown) -> bytes:
    return csv_of(heading(), table_of(results, themes))


def as_xlsx(results: Results, themes: ThemesShown) -> bytes:
    """One sheet; words are kept as words."""
    book = Workbook()
    sheet = book.active
    sheet.title = "LOCI"
    for number, row in enumerate([heading(), *table_of(results, themes)], start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(row=number, column=place, value=value)
            if isinstance(value, str):
                cell.data_type = "s"
    sheet.freeze_panes = "A2"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def as_json(results: Results, themes: ThemesShown) -> bytes:
    """The same rows with their names; hidden is null with the word beside it."""
    rows: list[dict[str, Any]] = [
        {
            "what": what,
            "name": name,
            "kind": kind,
            "split": split,
            "localities": None if count == HIDDEN else count,
            "hidden": count == HIDDEN,
        }
        for what, name, kind, split, count in table_of(results, themes)
    ]
    whole = {
        "wave": results.wave.title,
        "counted": results.computed_at.isoformat(),
        "threshold": 3,
        "rows": rows,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()
