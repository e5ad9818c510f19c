"""Save what a side writes: every accepted save is kept as a version."""

from collections.abc import Iterable
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from localities.choices import Role
from localities.models import Membership
from loci.accounts.models import User
from loci.core.errors import Refused
from loci.core.states import move
from loci.core.texts import clean_text
from surveys.choices import (
    PART_MOVES,
    PartState,
    QuestionKind,
    StatementSide,
    Visibility,
)
from surveys.models import Answer, AnswerVersion, Part, Question
from surveys.queries.blocks import (
    LONGEST_AT_ALL,
    MOST_BLOCKS,
    Block,
    fields_of,
    flat_codes,
)
from surveys.queries.completeness import asked_of, blocks_of
from surveys.queries.merging import joins_words


class WaveClosed(Refused):
    """The wave does not take answers now."""


class NotYourSide(Refused):
    """The part belongs to a side for which this person does not speak."""


class UnknownField(Refused):
    """The form holds a question that this part does not ask."""


class NotAsked(UnknownField):
    """Earlier answers have hidden this question meanwhile."""


class TooLong(Refused):
    """More text than is kept at all."""


class AnswerChanged(Refused):
    """Somebody else saved this answer since the form was opened."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.can_join = joins_words(answer.question)
        super().__init__(
            _("%(who)s changed this answer in the meantime. Yours is kept below.")
            % {"who": answer.by or _("Somebody on your side")}
        )


def open_part(*, part: Part, by: User, now: datetime) -> Part:
    """Note that a side has looked at its part."""
    if part.first_opened_at is None and _speaks_for(part, by):
        Part.objects.filter(pk=part.pk, first_opened_at=None).update(
            first_opened_at=now
        )
    return part


@transaction.atomic
def save_answer(  # one argument for each thing that is kept
    *,
    part: Part,
    question: Question,
    blocks: list[Block],
    version: int,
    by: User,
    now: datetime,
) -> Answer:
    """Keep one whole answer as its side wrote it; `version` is the one it started from.

    Raises WaveClosed, NotYourSide, UnknownField, TooLong, or AnswerChanged when
    somebody else saved in between.
    """
    part = lock_for_writing(part, by, now)
    return _store(part, _row_to_write(part, question), blocks, version, by, now)


@transaction.atomic
def save_field(  # noqa: PLR0913  # one argument for each thing that is kept
    *,
    part: Part,
    question: Question,
    index: int,
    field: str,
    value: Any,
    version: int,
    by: User,
    now: datetime,
) -> Answer:
    """Keep one field of one block; the rest of the answer stays as it is."""
    part = lock_for_writing(part, by, now)
    kept = _row_to_write(part, question)
    blocks = [dict(block) for block in kept.value]
    if not 0 <= index < MOST_BLOCKS:
        raise UnknownField(_("This form has changed. Open the page again."))
    while len(blocks) <= index:
        blocks.append({})
    blocks[index][field] = value
    return _store(part, kept, blocks, version, by, now)


def lock_for_writing(part: Part, by: User, now: datetime) -> Part:
    """The part, locked, if this person may write in it now; refuses otherwise."""
    locked = Part.objects.select_for_update(of=("self",)).select_related("wave")
    part = locked.get(pk=part.pk)
    if not _speaks_for(part, by):
        side = StatementSide(part.side)
        raise NotYourSide(
            _("This part belongs to the other side of your pair (%(side)s).")
            % {"side": side.label}
        )
    if not part.takes_answers(now):
        raise WaveClosed(
            _("Closed on %(day)s. Tell your hub if something is wrong.")
            % {"day": date_format(localtime(part.closes_at), "DATE_FORMAT")}
        )
    return part


def _speaks_for(part: Part, person: User) -> bool:
    """By a seat, as nearly everybody does (a plain join); else by the whole rule."""
    seat: dict[str, Any] = {
        "organisation__seats__locality": part.locality_id,
        "organisation__seats__until": None,
    }
    if not part.is_joint:
        seat["organisation__seats__side"] = part.side
    places = Membership.objects.current().filter(
        person=person, role=Role.MEMBER, **seat
    )
    if places.exists():
        return True
    return Part.objects.editable_by(person).filter(pk=part.pk).exists()


def _store(  # the same facts, already checked for rights
    part: Part,
    answer: Answer,
    blocks: list[Block],
    version: int,
    by: User,
    now: datetime,
) -> Answer:
    question = answer.question
    cleaned = clean_blocks(part, question, blocks)
    _check_asked(part, question)
    visibility = _visibility_of(question, cleaned)
    is_stale = answer.version not in (0, version)
    if is_stale and _undoes(answer, version, cleaned):
        raise AnswerChanged(answer)
    if answer.version and answer.value == cleaned and answer.visibility == visibility:
        return answer
    answer.value, answer.visibility, answer.by = cleaned, visibility, by
    answer.version += 1
    changed = ("value", "visibility", "by", "version", "updated_at")
    answer.save(update_fields=changed if answer.pk else None)
    AnswerVersion.objects.create(
        answer=answer,
        version=answer.version,
        value=cleaned,
        visibility=visibility,
        by=by,
        at=now,
    )
    if part.last_section != question.section.code:
        part.last_section = question.section.code  # where this side goes on next time
        part.save(update_fields=["last_section"])
    if part.state != PartState.IN_PROGRESS:
        move(part, to=PartState.IN_PROGRESS, moves=PART_MOVES)
    return answer


def _check_asked(part: Part, question: Question) -> None:
    if question.visible_if and question not in asked_of(part, blocks_of(part)):
        raise NotAsked(
            _("An earlier answer means that this is not asked. It was not saved.")
        )


def _row_to_write(part: Part, question: Question) -> Answer:
    """The answer as it stands, held until the end; a new one that is not saved yet."""
    locked = Answer.objects.select_for_update(of=("self",)).select_related("by")
    answer: Answer | None = locked.filter(part=part, question=question).first()
    if answer is None:
        return Answer(part=part, question=question, value=[], version=0)
    answer.question = question
    return answer


def _undoes(answer: Answer, version: int, ours: list[Block]) -> bool:
    """Whether a field would be lost that somebody changed since `version`.

    A page saves a field by itself while its whole form is on the way: what is the same
    in both, or still as it was, is no conflict.
    """
    older = AnswerVersion.objects.filter(answer=answer, version=version).first()
    before: list[Block] = older.value if older else []
    empty: Block = {}
    rows: Iterable[tuple[Block, Block, Block]] = zip_longest(
        before, answer.value, ours, fillvalue=empty
    )
    return any(
        (kept.get(name) or "") not in (was.get(name) or "", own.get(name) or "")
        for was, kept, own in rows
        for name in {*was, *kept, *own}
    )


def _visibility_of(question: Question, blocks: list[Block]) -> str:
    if QuestionKind(question.kind).holds_statements:
        return Visibility.SIDE  # what is still being written is the side's own
    chosen = blocks[0].get("visibility") if blocks else ""
    return chosen or question.default_visibility


def clean_blocks(part: Part, question: Question, blocks: list[Block]) -> list[Block]:
    """The blocks with known fields only, texts without control characters.

    Raises UnknownField for a question or field that this part does not ask,
    TooLong beyond the hard limit.
    """
    section = question.section
    if section.survey_id != part.wave.survey_id or part.side not in section.sides:
        raise UnknownField(_("This form has changed. Open the page again."))
    fields = {field.name: field for field in fields_of(question)}
    cleaned = []
    for block in blocks[:MOST_BLOCKS]:
        if not block.keys() <= fields.keys():
            raise UnknownField(_("This form has changed. Open the page again."))
        cleaned.append({name: _clean(value) for name, value in block.items()})
        _check_choices(fields, cleaned[-1])
    return cleaned


def _clean(value: Any) -> Any:
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    text = clean_text(str(value or "")).strip()
    if len(text) > LONGEST_AT_ALL:
        raise TooLong(
            _("This text is longer than we can keep (%(most)d characters). Shorten it.")
            % {"most": LONGEST_AT_ALL}
        )
    return text


def _check_choices(fields: dict[str, Any], block: Block) -> None:
    for name, value in block.items():
        if fields[name].shape not in {"choice", "choices"} or not value:
            continue
        chosen = value if isinstance(value, list) else [value]
        if not set(chosen) <= set(flat_codes(fields[name].choices)):
            raise UnknownField(_("Choose from the list."))
