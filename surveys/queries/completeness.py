"""What still keeps a part from being sent."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from surveys.models import Answer, Part, Question, Section
from surveys.queries.blocks import Block, is_empty
from surveys.queries.conditions import asked_now
from surveys.queries.problems import Problem, problems_in


@dataclass(frozen=True)
class Missing:
    """One thing to mend, and the page where it is."""

    section: Section
    question: Question
    problem: Problem


def sections_of(part: Part) -> QuerySet[Section]:
    """The pages that this side is asked, in order."""
    return Section.objects.filter(
        survey=part.wave.survey_id, sides__contains=[part.side]
    ).order_by("position", "pk")


def questions_of(part: Part) -> QuerySet[Question]:
    """The questions that this side is asked, in order."""
    return (
        Question.objects.filter(
            section__survey=part.wave.survey_id, section__sides__contains=[part.side]
        )
        .select_related("section")
        .order_by("section__position", "position", "pk")
    )


def blocks_of(part: Part) -> dict[int, list[Block]]:
    """What is kept now, by question."""
    rows = Answer.objects.filter(part=part).values_list("question_id", "value")
    return dict(rows)


def asked_of(part: Part, kept: dict[int, list[Block]]) -> list[Question]:
    """The questions that this side is asked now, given what it has answered."""
    return asked_now(questions_of(part), kept)


def unanswered(
    asked: Iterable[Question], kept: dict[int, list[Block]]
) -> list[Question]:
    """Which of these questions have no answer yet."""
    return [row for row in asked if all(map(is_empty, kept.get(row.pk, [])))]


def missing_in(part: Part) -> list[Missing]:
    """All that keeps this part from being sent, in the order of the pages."""
    kept = blocks_of(part)
    return [
        Missing(question.section, question, problem)
        for question in asked_of(part, kept)
        for problem in problems_in(question, kept.get(question.pk, []))
    ]
