"""Save what a side writes: every accepted save is kept as a version."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from loci.accounts.models import User
from loci.core.errors import Refused
from loci.core.states import move
from loci.core.texts import clean_text
from surveys.choices import (
    PART_MOVES,
    PartState,
    QuestionKind,
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
from surveys.queries.completeness import Standing
from surveys.queries.merging import joins_words
from surveys.services.holding import (
    UnknownField,
    hold_answer,
    hold_field,
    lock_for_writing,
)
from surveys.services.narrowing import narrow_at_once

Write = Callable[[Question, list[Block]], list[Block]]


class _Moved(Exception):
    """Another save ended while this one waited."""


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
    if part.first_opened_at is None:
        own = Part.objects.editable_by(by).filter(pk=part.pk, first_opened_at=None)
        own.update(first_opened_at=now)
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
    return _store(part, hold_answer(part, question), blocks, version, by, now)


@transaction.atomic
def save_field(  # one argument for each thing that is kept
    *,
    reference: str,
    code: str,
    write: Write,
    version: int,
    by: User,
    now: datetime,
) -> Answer:
    """Keep what `write` makes of one answer's blocks; `write` may be asked twice.

    Raises what `save_answer` raises, UnknownField too where there is no such part.
    """
    held = hold_field(reference, code, by, now)
    blocks = write(held.question, held.answer.value)
    try:
        return _store(held.part, held.answer, blocks, version, by, now)
    except _Moved:  # by a save that ended while this one waited for the lock
        kept = hold_answer(held.part, held.question)
        blocks = write(held.question, kept.value)
        return _store(held.part, kept, blocks, version, by, now)


def with_field(blocks: list[Block], index: int, field: str, value: Any) -> list[Block]:
    """The blocks with one field of one of them as it is now; the rest stays."""
    if not 0 <= index < MOST_BLOCKS:
        raise UnknownField(_("This form has changed. Open the page again."))
    changed = [dict(block) for block in blocks]
    while len(changed) <= index:
        changed.append({})
    changed[index][field] = value
    return changed


def _store(  # the same facts, already checked for rights
    part: Part,
    answer: Answer,
    blocks: list[Block],
    version: int,
    by: User,
    now: datetime,
) -> Answer:
    question = answer.question
    cleaned = clean_blocks(part, question, blocks, answer.value)
    _check_asked(part, question)
    visibility = _visibility_of(question, cleaned)
    is_stale = answer.version not in (0, version)
    if is_stale and _undoes(answer, version, cleaned):
        raise AnswerChanged(answer)
    if answer.version and answer.value == cleaned and answer.visibility == visibility:
        return answer
    before = answer.value
    _write(answer, cleaned, visibility, by, now)
    if QuestionKind(question.kind).holds_statements:
        narrow_at_once(part, answer, before)
    if part.last_section != question.section.code:
        part.last_section = question.section.code  # where this side goes on next time
        part.save(update_fields=["last_section"])
    if part.state != PartState.IN_PROGRESS:
        move(part, to=PartState.IN_PROGRESS, moves=PART_MOVES)
    return answer


def _write(
    answer: Answer, blocks: list[Block], visibility: str, by: User, now: datetime
) -> None:
    """The next version, which the database copies into the history by itself."""
    is_first = answer.version == 0
    kept = Answer.objects.filter(pk=answer.pk, version=answer.version)
    answer.value, answer.visibility, answer.by = blocks, visibility, by
    answer.updated_at = now
    answer.version += 1
    if is_first:
        answer.save(force_insert=True)
        return
    changed = ("value", "visibility", "by", "version", "updated_at")
    if not kept.update(**{name: getattr(answer, name) for name in changed}):
        raise _Moved


def _check_asked(part: Part, question: Question) -> None:
    if question.visible_if and question not in Standing(part).asked:
        raise NotAsked(
            _("An earlier answer means that this is not asked. It was not saved.")
        )


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


def clean_blocks(
    part: Part, question: Question, blocks: list[Block], before: list[Block]
) -> list[Block]:
    """The blocks with known fields only, texts without control characters.

    What stands in `before` was checked when it came. Raises UnknownField for a
    question or field that this part does not ask, TooLong beyond the hard limit.
    """
    section = question.section
    if section.survey_id != part.wave.survey_id or part.side not in section.sides:
        raise UnknownField(_("This form has changed. Open the page again."))
    fields = {field.name: field for field in fields_of(question)}
    cleaned = []
    for block, was in zip_longest(blocks[:MOST_BLOCKS], before[: len(blocks)]):
        if not block.keys() <= fields.keys():
            raise UnknownField(_("This form has changed. Open the page again."))
        known = was or {}
        row = {name: _clean(value) for name, value in block.items()}
        new = {name: value for name, value in row.items() if value != known.get(name)}
        _check_choices(fields, new)
        cleaned.append(row)
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
