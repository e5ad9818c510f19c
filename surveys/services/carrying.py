"""What a side said before: still true, changed, or done and by what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from loci.accounts.models import User
from loci.core.errors import Refused
from surveys.choices import StatementState
from surveys.models import Answer, Part, Question, Statement
from surveys.queries.before import answered_before, said_before
from surveys.queries.blocks import MOST_BLOCKS, Block, is_empty
from surveys.queries.completeness import Standing
from surveys.services.answering import save_answer
from surveys.services.holding import lock_for_writing
from surveys.services.settling import mark


class Now(StrEnum):
    """What has become of something said before."""

    STILL = "still"
    CHANGED = "changed"
    DONE = "done"


class NoPlace(Refused):
    """The part has no free place for another need or offer."""


@dataclass(frozen=True)
class Word:
    """What a side says now about one earlier need or offer."""

    statement: int
    now: Now
    solved_by: str = ""


@transaction.atomic
def carry_over(*, part: Part, words: list[Word], by: User, now: datetime) -> int:
    """Take over what still holds into this part's answers; close what is done.

    Only what this side said itself, in an earlier wave. Raises what saving raises, NoPlace.
    """
    part = lock_for_writing(part, by, now)
    before = {row.pk: row for row in said_before(part, by)}
    taken = 0
    for word in words:
        statement = before.get(word.statement)
        if statement is None:
            continue
        if word.now == Now.DONE:
            done = StatementState.MET if statement.is_need else StatementState.WITHDRAWN
            mark(statement=statement, to=done, by=by, now=now, met_by=word.solved_by)
        else:
            _take_over(part, statement, by, now)
            taken += 1
    return taken


@transaction.atomic
def give_again(*, part: Part, codes: Iterable[str], by: User, now: datetime) -> int:
    """Answer these questions as this side did before, seen by the same people.

    Only what was sent before and is not answered here. Raises what saving raises.
    """
    part = lock_for_writing(part, by, now)
    wanted, standing = set(codes), Standing(part)
    asked = [row for row in standing.asked if row.code in wanted]
    again = answered_before(part, by, standing.unanswered(asked))
    for row in again:
        kept = part.answers.filter(question=row.question).first()
        save_answer(
            part=part,
            question=row.question,
            blocks=row.blocks,
            version=kept.version if kept else 0,
            by=by,
            now=now,
        )
    return len(again)


def _take_over(part: Part, statement: Statement, by: User, now: datetime) -> None:
    question = _question_for(part, statement)
    answer = Answer.objects.filter(part=part, question=question).first()
    blocks: list[Block] = [
        block for block in (answer.value if answer else []) if not is_empty(block)
    ]
    if len(blocks) >= MOST_BLOCKS:
        raise NoPlace(
            _("There are %(most)d here already. Take one out first.")
            % {"most": MOST_BLOCKS}
        )
    save_answer(
        part=part,
        question=question,
        blocks=[*blocks, _block(statement)],
        version=answer.version if answer else 0,
        by=by,
        now=now,
    )
    statement.carried_to, statement.carried_place = part, len(blocks)
    statement.save(update_fields=["carried_to", "carried_place", "updated_at"])


def _question_for(part: Part, statement: Statement) -> Question:
    asked = Standing(part).asked
    found = next((row for row in asked if row.kind == statement.kind), None)
    if found is None:
        raise NoPlace(_("This survey does not ask for that."))
    return found


def _block(statement: Statement) -> Block:
    facts: dict[str, Any] = {
        "text": statement.text,
        "topic": statement.topic.code,
        "stage": statement.stage,
        "sector": statement.sector.code if statement.sector else "",
        "visibility": statement.visibility,
    }
    if statement.is_need:
        return facts | {"tried": statement.tried, "urgency": statement.urgency}
    hours = statement.hours_a_month
    return facts | {
        "experience": statement.experience,
        "hours": "" if hours is None else str(hours),
        "formats": statement.formats,
        "terms": statement.terms,
        "evidence_url": statement.evidence_url,
    }
