"""Tables as files that a spreadsheet opens without running anything."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

MARK = b"\xef\xbb\xbf"  # tells spreadsheets that the file is UTF-8
WIDE = "\uff1d\uff0b\uff0d\uff20"  # the same signs, full width
STARTS_A_FORMULA = frozenset("=+-@\t\r\n" + WIDE)


def plain_cell(value: Any) -> Any:
    """The value; words that a spreadsheet would take for a formula get an apostrophe."""
    if not isinstance(value, str):
        return value
    begins = value.lstrip(" \"'")[:1] or value[:1]
    starts = begins in STARTS_A_FORMULA or value[:1] in STARTS_A_FORMULA
    return f"'{value}" if value and starts else value


def unguarded(words: str) -> str:
    """The words without the apostrophe that `plain_cell` put before them.

    An apostrophe that somebody wrote before a formula goes too: guards cannot be told
    apart from it.
    """
    is_guard = words[:1] == "'" and plain_cell(words[1:]) == words
    return words[1:] if is_guard else words


def csv_of(
    heading: Sequence[Any], rows: Iterable[Sequence[Any]], *, sign: str = ","
) -> bytes:
    """A CSV file with its heading, in UTF-8; `sign` stands between the cells."""
    text = StringIO()
    lines = csv.writer(text, delimiter=sign, lineterminator="\r\n")
    lines.writerow([str(name) for name in heading])
    lines.writerows([plain_cell(cell) for cell in row] for row in rows)
    return MARK + text.getvalue().encode()
