"""What a side said in earlier waves and has not said again here."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from loci.accounts.models import User
from surveys.choices import QuestionKind
from surveys.models import Answer, Part, Question, Statement
from surveys.queries.blocks import Block, is_empty
from surveys.queries.pages import AnswerRow, rows_of
from surveys.queries.problems import problems_in

MOST = 12
NOT_KEPT = frozenset({QuestionKind.NEED, QuestionKind.OFFER, QuestionKind.CALL})


def said_before(part: Part, person: User) -> QuerySet[Statement]:
    """Open needs and offers of this side from earlier waves, the newest first.

    Whoever enters answers for a side is shown what they may read of it.
    """
    taken_here = Q(carried_to=part)
    return (
        Statement.objects.present()
        .visible_to(person)
        .filter(locality=part.locality_id, side=part.side)
        .filter(wave__opens_at__lt=part.wave.opens_at)
        .exclude(wave=part.wave_id)
        .exclude(taken_here)
        .select_related("topic", "sector", "wave")
        .order_by("-wave__opens_at", "kind", "pk")
    )


@dataclass(frozen=True)
class AnsweredBefore:
    """A plain answer that this side sent before, to a question that is asked again."""

    question: Question
    blocks: list[Block]
    row: AnswerRow
    wave_title: str


def answered_before(
    part: Part, person: User, questions: Iterable[Question]
) -> list[AnsweredBefore]:
    """Plain answers that this side sent in an earlier wave to these questions.

    The newest one to each, with who saw it, where this person may read it and it can
    still be given as it was.
    """
    wanted = {row.code: row for row in questions if row.kind not in NOT_KEPT}
    if not wanted:
        return []
    rows = (
        Answer.objects.visible_to(person)
        .filter(
            part__locality=part.locality_id,
            part__side=part.side,
            part__sent_at__isnull=False,
            part__wave__opens_at__lt=part.wave.opens_at,
            question__code__in=wanted,
        )
        .exclude(part__wave=part.wave_id)
        .select_related("question", "part__wave")
        .order_by("-part__wave__opens_at", "pk")
    )
    newest: dict[str, AnsweredBefore] = {}
    for answer in rows:
        question = wanted[answer.question.code]
        given = [{"visibility": answer.visibility} | block for block in answer.value]
        can_be_given = answer.question.kind == question.kind and any(
            not is_empty(block) for block in given
        )
        if can_be_given and not problems_in(question, given):
            said = rows_of(question, given)[0]
            title = answer.part.wave.title
            then = AnsweredBefore(question, given, said, title)
            newest.setdefault(question.code, then)
    return [newest[code] for code in wanted if code in newest]
