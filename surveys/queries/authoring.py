"""What an author must mend before a survey is published, and how long it takes to answer."""

from collections import Counter
from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _

from surveys.choices import MINUTES, MINUTES_AT_MOST, QuestionKind, StatementSide
from surveys.models import Question, Section, Survey
from surveys.queries.conditions import NotUnderstood, read_conditions

WITH_OPTIONS = (QuestionKind.ONE_OF, QuestionKind.SEVERAL_OF)
MOST_QUESTIONS = 12
LANGUAGE = "en"


@dataclass(frozen=True)
class Burden:
    """What one part asks of people."""

    side: str
    questions: int
    minutes: int

    @property
    def is_too_much(self) -> bool:
        return self.minutes > MINUTES_AT_MOST or self.questions > MOST_QUESTIONS


def questions_in_order(survey: Survey) -> list[Question]:
    return list(
        Question.objects.filter(section__survey=survey)
        .select_related("section")
        .order_by("section__position", "section__pk", "position", "pk")
    )


def minutes_by_side(survey: Survey) -> dict[str, float]:
    """How long each part takes, not rounded."""
    found: dict[str, float] = {}
    for row in questions_in_order(survey):
        for side in row.section.sides:
            found[side] = found.get(side, 0) + MINUTES[QuestionKind(row.kind)]
    return found


def burdens(survey: Survey) -> list[Burden]:
    """Questions and minutes of each part, as an author and later the people read them."""
    found = []
    for side in StatementSide:
        asked = [row for row in questions_in_order(survey) if side in row.section.sides]
        if asked:
            minutes = sum(MINUTES[QuestionKind(row.kind)] for row in asked)
            found.append(Burden(str(side.label), len(asked), ceil(minutes)))
    return found


def flaws_in(survey: Survey) -> list[str]:
    """All that keeps the survey from being published, in words."""
    questions = questions_in_order(survey)
    sections = list(Section.objects.filter(survey=survey).order_by("position", "pk"))
    found = [] if questions else [_("There is no question yet.")]
    if not survey.titles:
        found.append(_("The survey has no title."))
    for section in sections:
        if not section.titles:
            found.append(_("Page “%(code)s” has no title.") % {"code": section.code})
        if not section.sides:
            found.append(_("Page “%(code)s” asks nobody.") % {"code": section.code})
    for question in questions:
        found += _flaws_of(question)
    return found + _twice(questions) + _conditions(questions)


def _flaws_of(question: Question) -> list[str]:
    named = {"code": question.code}
    found = []
    if not question.labels and not QuestionKind(question.kind).holds_statements:
        found.append(_("Question “%(code)s” has no words.") % named)
    if question.kind in WITH_OPTIONS and len(question.options) < 2:  # noqa: PLR2004
        found.append(_("Question “%(code)s” needs two options at least.") % named)
    return found


def _twice(questions: list[Question]) -> list[str]:
    """Codes that one side meets twice: an answer would not know where it belongs."""
    met = Counter(
        (side, row.code) for row in questions for side in set(row.section.sides)
    )
    codes = sorted({code for (_side, code), count in met.items() if count > 1})
    return [
        _("Two questions to one side have the code “%(code)s”.") % {"code": code}
        for code in codes
    ]


def _conditions(questions: list[Question]) -> list[str]:
    """Conditions that cannot be read, and those about a question that comes later."""
    found = []
    for place, question in enumerate(questions):
        try:
            conditions = read_conditions(question.visible_if)
        except NotUnderstood as problem:
            found.append(
                _("Question “%(code)s”: “%(words)s” is no condition.")
                % {"code": question.code, "words": problem}
            )
            continue
        for side in question.section.sides:
            earlier = {
                row.code for row in questions[:place] if side in row.section.sides
            }
            found += [
                _(
                    "Question “%(code)s” is asked by an answer to “%(other)s”, which the same "
                    "side does not meet before it."
                )
                % {"code": question.code, "other": condition.code}
                for condition in conditions
                if condition.code not in earlier
            ]
    return list(dict.fromkeys(found))
