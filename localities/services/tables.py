"""Rows out of a file that somebody keeps: CSV of any common shape, or XLSX."""

import csv
import io
import re
import zipfile
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from loci.core.errors import Refused
from loci.core.tables import unguarded
from loci.core.texts import clean_text

BYTES_AT_MOST = 5_000_000
ROWS_AT_MOST = 20_000
COLUMNS_AT_MOST = 60
CELL_AT_MOST = 5_000
Row = dict[str, str]
_LETTERS = re.compile(r"[^\W\d_]+")


class NotATable(Refused):
    """A file that cannot be read as rows."""


def rows_of(content: bytes, name: str) -> list[Row]:
    """Rows by the names in the first line, small letters; empty rows are left out.

    Raises NotATable.
    """
    if len(content) > BYTES_AT_MOST:
        raise NotATable(_("The file is larger than 5 MB. Split it."))
    if name.lower().endswith((".xlsx", ".xlsm")) or content[:4] == b"PK\x03\x04":
        lines = _sheet(content)
    else:
        lines = _separated(_decoded(content))
    lines = [line for line in lines if any(cell.strip() for cell in line)]
    if len(lines) < 2:  # noqa: PLR2004
        raise NotATable(_("The file has no rows under its first line."))
    if len(lines) > ROWS_AT_MOST + 1:
        raise NotATable(_("The file has more than 20,000 rows. Split it."))
    names = [" ".join(cell.split()).lower().replace(" ", "_") for cell in lines[0]]
    return [
        {key: _cell(cell) for key, cell in zip(names, line, strict=False) if key}
        for line in lines[1:]
    ]


def _cell(text: str) -> str:
    return clean_text(unguarded(text[:CELL_AT_MOST])).strip()


def _sheet(content: bytes) -> list[list[str]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet: Any = book.worksheets[0]
        rows = sheet.iter_rows(
            max_row=ROWS_AT_MOST + 2, max_col=COLUMNS_AT_MOST, values_only=True
        )
        return [[_as_text(cell) for cell in row] for row in rows]
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        IndexError,
        OSError,
    ) as problem:
        raise NotATable(_("This is not a sheet that can be read.")) from problem


def _as_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _separated(text: str) -> list[list[str]]:
    """By the sign that the first line has most of."""
    first = text.partition("\n")[0]
    sign = max(";,\t|", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=sign))
    except csv.Error as problem:
        raise NotATable(_("This is not a table that can be read.")) from problem


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16, else the Windows alphabet that makes whole words of it."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        cyrillic = content.decode("cp1251", errors="replace")
        western = content.decode("cp1252", errors="replace")
        return cyrillic if _share_of_whole_words(cyrillic) > 0.5 else western  # noqa: PLR2004


def _share_of_whole_words(text: str) -> float:
    """Of words with letters beyond ASCII, those of one alphabet only.

    Western letters read as Cyrillic mix two in a word; Cyrillic ones do not.
    """
    foreign = [word for word in _LETTERS.findall(text) if not word.isascii()]
    whole = [word for word in foreign if not any(c.isascii() for c in word)]
    return len(whole) / len(foreign) if foreign else 0.0
