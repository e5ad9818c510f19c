"""Pages of a part, ready to be shown."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from localities.models import Locality
from surveys.choices import USED_FOR_INTRODUCTIONS, PartState, Visibility
from surveys.models import Part, Question, Section, Wave
from surveys.queries.blocks import (
    Block,
    BlockField,
    Choices,
    Lists,
    fields_of,
    is_empty,
)
from surveys.queries.completeness import Standing, sections_of
from surveys.queries.problems import as_date


@dataclass(frozen=True)
class SectionProgress:
    """One page of a part in the task list."""

    section: Section
    state: str
    is_complete: bool
    has_text: bool


@dataclass(frozen=True)
class PartPage:
    """The start page of a part: what is asked, what of it not answered, how far it is."""

    part: Part
    sections: tuple[SectionProgress, ...]
    questions: int
    unanswered: list[Question]
    finished_pairs: int
    pairs: int

    @property
    def is_complete(self) -> bool:
        return all(row.is_complete for row in self.sections)

    @property
    def has_text(self) -> bool:
        return any(row.has_text for row in self.sections)


@dataclass(frozen=True)
class AnswerRow:
    """One line of the check-answers page."""

    label: str
    lines: tuple[tuple[str, str], ...]
    who_sees: str
    section: Section
    is_given: bool
    kept_from_introductions: bool


def part_page(part: Part) -> PartPage:
    """How far a part is, section by section."""
    standing = Standing(part)
    by_section: dict[int, list[Question]] = {}
    for question in standing.asked:
        by_section.setdefault(question.section_id, []).append(question)
    rows = tuple(
        _progress(section, by_section.get(section.pk, []), standing)
        for section in sections_of(part)
        if section.pk in by_section
    )
    finished, pairs = pairs_finished(part.wave)
    count, open_yet = len(standing.asked), standing.unanswered()
    return PartPage(part, rows, count, open_yet, finished, pairs)


def _progress(
    section: Section, questions: list[Question], standing: Standing
) -> SectionProgress:
    has_text = any(
        not is_empty(block)
        for question in questions
        for block in standing.kept.get(question.pk, [])
    )
    problems = [row for question in questions for row in standing.problems(question)]
    if problems and has_text:
        return SectionProgress(
            section, _("In progress"), is_complete=False, has_text=True
        )
    if problems or not has_text:
        optional = not problems
        state = _("Optional") if optional else _("Not started")
        return SectionProgress(section, state, is_complete=optional, has_text=False)
    return SectionProgress(section, _("Completed"), is_complete=True, has_text=True)


def pairs_finished(wave: Wave) -> tuple[int, int]:
    """How many pairs have sent every part, of how many."""
    still_open = Count("locality", distinct=True, filter=~Q(state=PartState.SENT))
    counted = Part.objects.filter(wave=wave).aggregate(
        pairs=Count("locality", distinct=True), still_open=still_open
    )
    return counted["pairs"] - counted["still_open"], counted["pairs"]


def answer_rows(standing: Standing) -> list[AnswerRow]:
    """All answers of a part with who sees each."""
    return [
        row
        for question in standing.asked
        for row in rows_of(question, standing.kept.get(question.pk, []), standing.lists)
    ]


def rows_of(
    question: Question, blocks: list[Block], lists: Lists | None = None
) -> list[AnswerRow]:
    said = [block for block in blocks if not is_empty(block)]
    if not said:
        return [AnswerRow(question.label, (), "", question.section, False, False)]  # noqa: FBT003
    fields = fields_of(question, lists)
    return [
        _row(question, fields, block, number, len(said))
        for number, block in enumerate(said, start=1)
    ]


def _row(
    question: Question,
    fields: tuple[BlockField, ...],
    block: Block,
    number: int,
    count: int,
) -> AnswerRow:
    seen = block.get("visibility") or question.default_visibility
    lines = tuple(
        (field.label if field.name != "value" else "", _words(field, block[field.name]))
        for field in fields
        if field.name != "visibility" and block.get(field.name)
    )
    label = question.label
    if count > 1:
        label = _("%(question)s (%(number)d of %(count)d)") % {
            "question": question.label,
            "number": number,
            "count": count,
        }
    kept_back = (
        question.kind in {"need", "offer"} and seen not in USED_FOR_INTRODUCTIONS
    )
    return AnswerRow(
        label,
        lines,
        Visibility(seen).seen_by,
        question.section,
        is_given=True,
        kept_from_introductions=kept_back,
    )


def _words(field: BlockField, value: Any) -> str:
    day = as_date(value) if field.shape == "date" else None
    if day:
        return date_format(day, "DATE_FORMAT")
    chosen = value if isinstance(value, list) else [value]
    words = dict(_flat(field.choices))
    return ", ".join(str(words.get(code, code)) for code in chosen)


def _flat(choices: Choices) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for code, label in choices:
        rows.extend(label if isinstance(label, (list, tuple)) else [(code, label)])
    return rows


def parts_of(locality: Locality) -> list[Part]:
    """All parts of one pair with their waves, the newest wave first."""
    parts = Part.objects.filter(locality=locality).select_related(
        "wave__survey", "sent_by"
    )
    return list(parts.order_by("-wave__closes_at", "side", "pk"))
