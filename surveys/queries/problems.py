"""What keeps an answer from being sent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from surveys.models import Question
from surveys.queries.blocks import (
    Block,
    BlockField,
    Lists,
    fields_of,
    flat_codes,
    is_empty,
)

MOST_HOURS = 40
_LINK = re.compile(r"^https?://[^\s<>\"]+\.[^\s<>\"]+$")


@dataclass(frozen=True)
class Problem:
    """What keeps an answer from being sent."""

    index: int
    field: str
    message: str


def problems_in(
    question: Question, blocks: list[Block], lists: Lists | None = None
) -> list[Problem]:
    """All that keeps this answer from being sent, in the order of the page."""
    said = [(index, block) for index, block in enumerate(blocks) if not is_empty(block)]
    if not said and question.is_required:
        first = fields_of(question, lists)[0]
        return [Problem(0, first.name, _("Answer this question."))]
    fields = fields_of(question, lists) if said else ()
    return [
        Problem(index, field.name, message)
        for index, block in said
        for field in fields
        for message in _problems_of_field(field, block.get(field.name))
    ]


def _problems_of_field(field: BlockField, value: Any) -> Iterator[str]:
    if not value:
        if field.is_required:
            yield _missing(field)
        return
    if field.longest and len(str(value)) > field.longest:
        over = len(str(value)) - field.longest
        yield _("This is %(over)d characters too long. Your text is kept.") % {
            "over": over
        }
    if field.shape == "number" and not _is_hours(value):
        yield _("Give a whole number of hours from 0 to %(most)d.") % {
            "most": MOST_HOURS
        }
    if field.shape == "link" and not _LINK.match(str(value)):
        yield _("Give a full link that begins with https://")
    if field.shape == "date" and as_date(value) is None:
        yield _("Give a real date, for example 27 3 2026.")
    if field.shape in {"choice", "choices"} and not _is_known(field, value):
        yield _("Choose from the list.")


def as_date(value: Any) -> date | None:
    """The day that three boxes name (kept as year-month-day); None if there is none."""
    parts = str(value).split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):  # noqa: PLR2004
        return None
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except (ValueError, OverflowError):
        return None


def _missing(field: BlockField) -> str:
    if field.shape in {"choice", "choices"}:
        return _("Choose: %(field)s") % {"field": field.label}
    return _("Fill in: %(field)s") % {"field": field.label}


def _is_hours(value: Any) -> bool:
    return str(value).isascii() and str(value).isdigit() and int(value) <= MOST_HOURS


def _is_known(field: BlockField, value: Any) -> bool:
    chosen = value if isinstance(value, list) else [value]
    return set(chosen) <= set(flat_codes(field.choices))
