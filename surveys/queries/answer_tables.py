"""A table of answers from another form tool: its columns, and where each could go."""

import csv
import hashlib
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _

from surveys.models import ColumnMapping, Question, Survey
from surveys.queries.authoring import questions_in_order
from surveys.queries.blocks import Block, BlockField, fields_of

LOCALITY = "locality"
BLOCKS = 2  # needs and offers of one row
MOST_ROWS = 5_000
Columns = dict[str, str]  # column -> where it goes: "locality" or "code|block|field"


class NoTable(ValueError):
    """The text is no table with a heading."""


@dataclass(frozen=True)
class Table:
    """Heading and rows, as they stand in the file."""

    heading: tuple[str, ...]
    rows: tuple[dict[str, str], ...]

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256("\0".join(sorted(self.heading)).encode()).hexdigest()


def read_table(text: str) -> Table:
    """A CSV with commas, semicolons or tabs. Raises NoTable."""
    text = text.lstrip("\ufeff").replace("\0", "")
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = list(csv.DictReader(StringIO(text), delimiter=separator, strict=True))
    except csv.Error as problem:
        raise NoTable(str(problem)) from problem
    heading = tuple(rows[0]) if rows else ()
    if not heading or None in heading or not any(heading):
        raise NoTable(_("a heading and at least one row are needed"))
    if len(rows) > MOST_ROWS:
        raise NoTable(_("more than %(most)d rows") % {"most": MOST_ROWS})
    if any(None in row for row in rows):
        raise NoTable(_("a row has more cells than the heading"))
    plain = tuple(
        {name: str(cell or "").strip() for name, cell in row.items()} for row in rows
    )
    return Table(heading, plain)


def questions_for(survey: Survey, side: str) -> list[Question]:
    return [row for row in questions_in_order(survey) if side in row.section.sides]


def targets(survey: Survey, side: str) -> list[tuple[str, str]]:
    """Where a column can go: the locality, or one field of one question."""
    found = [("", _("Leave it out")), (LOCALITY, _("Locality (name or address name)"))]
    for question in questions_for(survey, side):
        blocks = BLOCKS if question.kind in {"need", "offer"} else 1
        for index in range(blocks):
            for field in fields_of(question):
                place = f" {index + 1}" if blocks > 1 else ""
                words = f"{question.label or question.code}{place}: {field.label}"
                found.append((f"{question.code}|{index}|{field.name}", words))
    return found


def remembered(survey: Survey, table: Table) -> Columns:
    """What was chosen the last time a file had these columns, else the nearest names."""
    kept = ColumnMapping.objects.filter(
        survey=survey, heading=table.fingerprint
    ).first()
    if kept:
        columns: Columns = kept.columns
        return columns
    named = {LOCALITY, "place", "municipality", "city", "county"}
    return {name: LOCALITY for name in table.heading if name.strip().lower() in named}


def blocks_from(
    row: dict[str, str], columns: Columns, questions: list[Question]
) -> dict[Question, list[Block]]:
    """The row as answers; choices are found by their code or by their words."""
    by_code = {question.code: question for question in questions}
    found: dict[Question, list[Block]] = {}
    for column, target in columns.items():
        code, _bar, rest = target.partition("|")
        index, _bar, name = rest.partition("|")
        if code not in by_code or not row.get(column) or not index.isdigit():
            continue
        question = by_code[code]
        fields = {field.name: field for field in fields_of(question)}
        if name not in fields or int(index) >= BLOCKS:
            continue
        blocks = found.setdefault(question, [])
        while len(blocks) <= int(index):
            blocks.append({})
        blocks[int(index)][name] = _value(fields[name], row[column])
    return found


def _value(field: BlockField, cell: str) -> Any:
    if field.shape == "choices":
        parts = [part.strip() for part in cell.replace(";", ",").split(",")]
        return [_chosen(field, part) for part in parts if part]
    return _chosen(field, cell) if field.shape == "choice" else cell


def _chosen(field: BlockField, words: str) -> str:
    """The code of a choice by code or words; the words themselves if nothing fits."""
    for code, label in field.choices:
        rows = label if isinstance(label, (list, tuple)) else [(code, label)]
        for inner, text in rows:
            label_alone = str(text).partition(":")[0]  # who sees it explains itself
            known = {str(inner), str(text), label_alone}
            if words.casefold() in {one.casefold() for one in known}:
                return str(inner)
    return words
