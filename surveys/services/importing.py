"""Take over answers that another form tool has collected, after a rehearsal."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from surveys.choices import ConversationKind
from surveys.models import AnswerVersion, ColumnMapping, Part, Question, Wave
from surveys.queries.answer_tables import (
    LOCALITY,
    Columns,
    Table,
    blocks_from,
    questions_for,
)
from surveys.queries.completeness import Standing, missing_in
from surveys.services.answering import save_answer
from surveys.services.conversing import Talk, end_entering, enter_for_side
from surveys.services.sending import send_part


class NobodyNamed(Refused):
    """No column says whose row it is."""


@dataclass(frozen=True)
class Line:
    """What came, or would come, of one row; `number` is its line in the file."""

    number: int
    locality: str
    words: str
    is_taken: bool


@dataclass(frozen=True)
class Taking:
    """One import: of which side of which wave, by whom, on whose word."""

    wave: Wave
    side: str
    columns: Columns
    spoke_with: str
    has_consent: bool


def rehearse(*, taking: Taking, table: Table, by: User, now: datetime) -> list[Line]:
    """What an import would do, row by row; nothing stays written."""
    with transaction.atomic():
        lines = _take(taking, table, by, now)
        transaction.set_rollback(True)
    return lines


@transaction.atomic
def import_answers(
    *, taking: Taking, table: Table, by: User, now: datetime
) -> list[Line]:
    """Write the answers, send what is complete, and keep the columns for next time."""
    lines = _take(taking, table, by, now)
    ColumnMapping.objects.update_or_create(
        survey=taking.wave.survey,
        heading=table.fingerprint,
        defaults={"columns": taking.columns},
    )
    taken = sum(line.is_taken for line in lines)
    record(by, "imported answers into", taking.wave, f"{taken} of {len(lines)} rows")
    return lines


def _take(taking: Taking, table: Table, by: User, now: datetime) -> list[Line]:
    if LOCALITY not in taking.columns.values():
        raise NobodyNamed(_("Say which column holds the locality."))
    questions = questions_for(taking.wave.survey, taking.side)
    parts = _parts(taking, by)
    lines = []
    for number, row in enumerate(table.rows, start=2):
        name = next(
            row[column] for column, to in taking.columns.items() if to == LOCALITY
        )
        part = parts.pop(name.casefold(), None)
        if part is None:
            words = _(
                "no such locality in this wave and your regions, or it came before"
            )
            lines.append(Line(number, name, words, is_taken=False))
            continue
        lines.append(_take_row(taking, part, questions, (number, row), by, now))
    return lines


def _parts(taking: Taking, by: User) -> dict[str, Part]:
    rows = Part.objects.coordinated_by(by).filter(wave=taking.wave, side=taking.side)
    found: dict[str, Part] = {}
    for part in rows.select_related("locality", "wave__survey"):
        found[part.locality.slug.casefold()] = part
        found[part.locality.name.casefold()] = part
    return found


def _take_row(  # one argument for each thing that decides
    taking: Taking,
    part: Part,
    questions: list[Question],
    numbered: tuple[int, dict[str, str]],
    by: User,
    now: datetime,
) -> Line:
    number, row = numbered
    name = part.locality.name
    if AnswerVersion.objects.filter(answer__part=part).exists():
        words = _("has answers already: left as they are")
        return Line(number, name, words, is_taken=False)
    try:
        with transaction.atomic():
            words = _write(
                taking, part, blocks_from(row, taking.columns, questions), by, now
            )
    except Refused as refusal:
        return Line(number, name, str(refusal), is_taken=False)
    return Line(number, name, words, is_taken=True)


def _write(
    taking: Taking,
    part: Part,
    answers: dict[Question, list[dict[str, object]]],
    by: User,
    now: datetime,
) -> str:
    talk = Talk(
        ConversationKind.INTERVIEW, now.date(), taking.spoke_with, taking.has_consent
    )
    enter_for_side(part=part, talk=talk, by=by, now=now)
    for question in sorted(
        answers, key=lambda row: (row.section.position, row.position, row.pk)
    ):
        save_answer(
            part=part,
            question=question,
            blocks=answers[question],
            version=0,
            by=by,
            now=now,
        )
    missing = missing_in(Standing(part))
    if not missing:
        send_part(part=part, by=by, now=now)
        return _("complete: sent, and the side is asked to confirm")
    end_entering(part=part, by=by, now=now)
    first = missing[0]
    return _("kept as a draft: %(what)s") % {
        "what": f"{first.question.code}: {first.problem.message}"
    }
