"""Surveys as XLSForm: the subset that docs/surveys.md describes, read by pyxform.

What another tool cannot say has columns of ours: `loci::kind`, `loci::sides`,
`loci::visibility`, `loci::longest`. What we cannot ask is refused with its cell.
"""

import re
from io import BytesIO
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import get_xlsform

from surveys.choices import QuestionKind, StatementSide, Visibility
from surveys.models import Survey
from surveys.services.survey import Facts, NotASurvey, as_facts
from surveys.services.xlsform_conditions import NotSaid, from_relevant, to_relevant

LANGUAGES = {
    "en": "English (en)",
    "es": "Español (es)",
    "fr": "Français (fr)",
    "id": "Bahasa Indonesia (id)",
    "ru": "Русский (ru)",
    "uk": "Українська (uk)",
}
TYPES = {
    QuestionKind.SHORT: "text",
    QuestionKind.LONG: "text",
    QuestionKind.SCALE: "range",
    QuestionKind.DATE: "date",
    QuestionKind.NEED: "text",
    QuestionKind.OFFER: "text",
    QuestionKind.LANGUAGES: "text",
    QuestionKind.CALL: "text",
}
BOTH = [StatementSide.GOVERNMENT.value, StatementSide.CIVIL_SOCIETY.value]
OWN_KINDS = {"need", "offer", "languages", "call"}
_LANGUAGE = re.compile(r"\((\w+)\)\s*$")


def to_xlsform(survey: Survey) -> bytes:
    """The survey as an .xlsx that XLSForm tools and `from_xlsform` read."""
    facts = as_facts(survey)
    book = Workbook()
    sheet = book.active
    sheet.title = "survey"
    texts = [
        f"{kind}::{LANGUAGES[code]}" for kind in ("label", "hint") for code in LANGUAGES
    ]
    heading = [
        *("type", "name", "required", "relevant", "appearance", "parameters"),
        *texts,
        *("loci::kind", "loci::sides", "loci::visibility", "loci::longest"),
    ]
    rows: list[Facts] = []
    options: list[Facts] = []
    for section in facts["sections"]:
        rows.append(
            {
                "type": "begin_group",
                "name": section["code"],
                "loci::sides": " ".join(section["sides"]),
                **_texts("label", section["titles"]),
                **_texts("hint", section["hints"]),
            }
        )
        for question in section["questions"]:
            rows.append(_row(question))
            options += _options(question)
        rows.append({"type": "end_group"})
    _write(sheet, heading, rows)
    labels = [f"label::{name}" for name in LANGUAGES.values()]
    _write(book.create_sheet("choices"), ["list_name", "name", *labels], options)
    settings = {
        "form_title": survey.title,
        "form_id": survey.code,
        **_texts("title", survey.titles),
    }
    titles = [f"title::{name}" for name in LANGUAGES.values()]
    _write(
        book.create_sheet("settings"), ["form_title", "form_id", *titles], [settings]
    )
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _texts(kind: str, texts: dict[str, str]) -> Facts:
    return {
        f"{kind}::{LANGUAGES[code]}": words
        for code, words in texts.items()
        if code in LANGUAGES
    }


def _row(question: Facts) -> Facts:
    kind = QuestionKind(question["kind"])
    selects = {
        QuestionKind.ONE_OF: "select_one",
        QuestionKind.SEVERAL_OF: "select_multiple",
    }
    named = f"{selects[kind]} {question['code']}" if kind in selects else TYPES[kind]
    return {
        "type": named,
        "name": question["code"],
        "required": "yes" if question["is_required"] else "",
        "relevant": to_relevant(question["visible_if"]),
        "appearance": "multiline" if kind == QuestionKind.LONG else "",
        "parameters": "start=0 end=10 step=1" if kind == QuestionKind.SCALE else "",
        "loci::kind": kind.value if kind.value in OWN_KINDS else "",
        "loci::visibility": question["default_visibility"],
        "loci::longest": question["longest"],
        **_texts("label", question["labels"]),
        **_texts("hint", question["hints"]),
    }


def _options(question: Facts) -> list[Facts]:
    return [
        {
            "list_name": question["code"],
            "name": option["code"],
            **_texts("label", option["labels"]),
        }
        for option in question["options"]
    ]


def _write(sheet: Any, heading: list[str], rows: list[Facts]) -> None:
    sheet.append(heading)
    for number, row in enumerate(rows, start=2):
        for column, name in enumerate(heading, start=1):
            if row.get(name) not in {None, ""}:
                cell = sheet.cell(number, column, row[name])
                if isinstance(row[name], str):
                    cell.data_type = "s"  # words, never a formula


class Reading:
    """One XLSForm while it is read; remembers where each thing stands."""

    def __init__(self, book: Facts) -> None:
        self.rows: list[Facts] = book.get("survey") or []
        self.heading = list((book.get("survey_header") or [{}])[0])
        self.settings: Facts = (book.get("settings") or [{}])[0]
        self.lists: dict[str, list[Facts]] = {}
        for row in book.get("choices") or []:
            option = {"code": row.get("name", ""), "labels": self.texts(row, "label")}
            self.lists.setdefault(row.get("list_name", ""), []).append(option)
        self.number = 0

    def texts(self, row: Facts, kind: str) -> dict[str, str]:
        """The words of a row by language; a column without a language is English."""
        found = {}
        for name, words in row.items():
            column, _colons, language = name.partition("::")
            code = _LANGUAGE.search(language)
            if column == kind and (not language or code):
                found[code[1] if code else "en"] = words
        return {code: words for code, words in found.items() if code in LANGUAGES}

    def stop(self, column: str, words: str) -> NotASurvey:
        letter = ""
        if column in self.heading:
            letter = get_column_letter(self.heading.index(column) + 1)
        return NotASurvey(
            _("Sheet survey, cell %(cell)s: %(words)s")
            % {"cell": f"{letter}{self.number}", "words": words}
        )


def from_xlsform(content: bytes) -> Facts:
    """The facts of a survey for `import_survey`. Raises NotASurvey with the cell."""
    try:
        given = get_xlsform(BytesIO(content), file_type=".xlsx")
    except (PyXFormError, ValueError) as problem:
        raise NotASurvey(
            _("This is no .xlsx file with a sheet named survey.")
        ) from problem
    book = {name: getattr(given, name, None) for name in given.__slots__}
    reading = Reading(book)
    sections: list[Facts] = []
    for number, row in enumerate(reading.rows, start=2):
        reading.number = number
        if row:
            _read_row(reading, row, sections)
    titles = reading.texts(reading.settings, "title")
    title = str(reading.settings.get("form_title") or "")
    return {
        "code": slugify(str(reading.settings.get("form_id") or title)) or "survey",
        "titles": titles or ({"en": title} if title else {"en": _("Imported survey")}),
        "sections": [section for section in sections if section["questions"]],
    }


def _read_row(reading: Reading, row: Facts, sections: list[Facts]) -> None:
    kind = " ".join(str(row.get("type", "")).replace("_group", " group").split())
    if kind == "begin group":
        sections.append(_section(reading, row))
    elif kind == "end group":
        sections.append(_section(reading, {"name": f"page-{reading.number}"}))
    else:
        if not sections:
            sections.append(_section(reading, {"name": "page"}))
        sections[-1]["questions"].append(_question(reading, row))


def _section(reading: Reading, row: Facts) -> Facts:
    sides = str(row.get("loci::sides") or " ".join(BOTH)).split()
    if not set(sides) <= set(StatementSide.values):
        raise reading.stop("loci::sides", _("no such side"))
    code = _code(reading, row)
    return {
        "code": code,
        "titles": reading.texts(row, "label") or {"en": code},
        "hints": reading.texts(row, "hint"),
        "sides": sides,
        "questions": [],
    }


def _code(reading: Reading, row: Facts) -> str:
    name = str(row.get("name") or "")
    code = slugify(name).replace("_", "-") if "_" in name and "-" in name else name
    if not re.fullmatch(r"[-\w]{1,50}", code, re.ASCII):
        raise reading.stop("name", _("a name has letters, numbers, - and _ only"))
    return code


def _question(reading: Reading, row: Facts) -> Facts:
    code, kind, options = _code(reading, row), *_kind(reading, row)
    seen = str(row.get("loci::visibility") or Visibility.SIDE.value)
    if seen not in Visibility.values:
        raise reading.stop("loci::visibility", _("nobody knows this visibility"))
    longest = str(row.get("loci::longest") or 2000)
    if not longest.isdecimal():
        raise reading.stop("loci::longest", _("give a number of characters"))
    try:
        visible_if = from_relevant(str(row.get("relevant") or ""))
    except NotSaid as problem:
        words = _("this condition cannot be kept: %(words)s") % {"words": problem}
        raise reading.stop("relevant", words) from problem
    return {
        "code": code,
        "kind": kind,
        "labels": reading.texts(row, "label"),
        "hints": reading.texts(row, "hint"),
        "options": options,
        "is_required": str(row.get("required", "")).lower()
        in {"yes", "true", "true()"},
        "visible_if": visible_if,
        "longest": int(longest),
        "default_visibility": seen,
    }


def _kind(reading: Reading, row: Facts) -> tuple[str, list[Facts]]:
    own = str(row.get("loci::kind") or "")
    if own in OWN_KINDS:
        return own, []
    kind, _space, named = str(row.get("type", "")).strip().partition(" ")
    selects = {
        "select_one": QuestionKind.ONE_OF,
        "select_multiple": QuestionKind.SEVERAL_OF,
    }
    if kind in selects:
        if named.strip() not in reading.lists:
            words = _("there is no list “%(name)s” on the sheet choices")
            raise reading.stop("type", words % {"name": named.strip()})
        return selects[kind].value, reading.lists[named.strip()]
    plain = {"date": QuestionKind.DATE, "range": QuestionKind.SCALE}
    if kind in plain:
        return plain[kind].value, []
    if kind == "text":
        is_long = "multiline" in str(row.get("appearance", ""))
        return (QuestionKind.LONG if is_long else QuestionKind.SHORT).value, []
    raise reading.stop(
        "type",
        _("questions of the type “%(kind)s” cannot be asked here") % {"kind": kind},
    )
