"""What still keeps a part from being sent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import QuerySet

from surveys.models import Answer, Part, Question, Section
from surveys.queries.blocks import Block, Lists, is_empty
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


@dataclass(frozen=True)
class Standing:
    """A part as it stands: what is kept, asked and to be chosen, each read once."""

    part: Part
    lists: Lists = field(default_factory=Lists)

    @cached_property
    def kept(self) -> dict[int, list[Block]]:
        """What is kept now, by question."""
        rows = Answer.objects.filter(part=self.part)
        return dict(rows.values_list("question_id", "value"))

    @cached_property
    def asked(self) -> list[Question]:
        """The questions that this side is asked now, given what it has answered."""
        return asked_now(questions_of(self.part), self.kept)

    def unanswered(self, asked: Iterable[Question] | None = None) -> list[Question]:
        """Which of these questions, or of all that are asked, have no answer yet."""
        rows = self.asked if asked is None else asked
        return [row for row in rows if all(map(is_empty, self.kept.get(row.pk, [])))]

    def problems(self, question: Question) -> list[Problem]:
        return problems_in(question, self.kept.get(question.pk, []), self.lists)


def missing_in(standing: Standing) -> list[Missing]:
    """All that keeps this part from being sent, in the order of the pages."""
    return [
        Missing(question.section, question, problem)
        for question in standing.asked
        for problem in standing.problems(question)
    ]
