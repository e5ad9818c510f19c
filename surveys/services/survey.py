"""Surveys as files: read one into a draft or the standard survey, write one out."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from surveys.choices import QuestionKind, StatementSide, Visibility
from surveys.models import Question, Section, Survey
from surveys.queries.blocks import LONGEST_AT_ALL
from surveys.services.authoring import free_code

MOST_QUESTIONS = 12
LONGEST_CODE = 50
LONGEST_CONDITION = 200
OF_A_QUESTION = {
    "code",
    "kind",
    "labels",
    "hints",
    "options",
    "is_required",
    "longest",
    "default_visibility",
    "visible_if",
}
Facts = dict[str, Any]


class TooManyQuestions(ValueError):
    """A survey asks one side more than people will answer."""


class NotASurvey(Refused):
    """The file does not describe a survey; the words say where it stops."""


@transaction.atomic
def load_survey(*, facts: Facts) -> Survey:
    """Make the survey of this code equal to `facts`; one that has a wave stays as it is."""
    survey = Survey.objects.filter(code=facts["code"]).first()
    if survey and survey.waves.exists():
        return survey
    _check_length(facts)
    survey, _is_new = Survey.objects.update_or_create(
        code=facts["code"],
        defaults={
            "titles": facts["titles"],
            "minutes": facts["minutes"],
            "is_published": False,
        },
    )
    survey.sections.all().delete()
    _load_sections(survey, facts)
    survey.is_published = True
    survey.save(update_fields=["is_published"])
    return survey


@transaction.atomic
def import_survey(*, facts: Facts, by: User) -> Survey:
    """A new draft from a file. Raises NotASurvey, which names the place in the file."""
    check_facts(facts)
    survey = Survey.objects.create(
        code=free_code(slugify(str(facts.get("code", ""))) or "survey"),
        titles=facts["titles"],
        minutes=facts.get("minutes", 10),
    )
    _load_sections(survey, facts)
    record(by, "imported", survey)
    return survey


def as_facts(survey: Survey) -> Facts:
    """The whole survey, as `import_survey` reads it."""
    return {
        "code": survey.code,
        "titles": survey.titles,
        "minutes": survey.minutes,
        "sections": [
            {
                "code": section.code,
                "titles": section.titles,
                "hints": section.hints,
                "sides": section.sides,
                "questions": [
                    {name: getattr(question, name) for name in sorted(OF_A_QUESTION)}
                    for question in section.questions.order_by("position", "pk")
                ],
            }
            for section in survey.sections.order_by("position", "pk")
        ],
    }


def check_facts(facts: Facts) -> None:
    """Refuse what is no survey, with the place in the file."""
    if not isinstance(facts, dict):
        raise NotASurvey(_("The file holds no survey."))
    _texts(facts.get("titles"), "titles")
    sections = _rows(facts.get("sections"), "sections")
    for number, section in enumerate(sections):
        place = f"sections[{number}]"
        _texts(section.get("titles"), f"{place}.titles")
        _slug(section.get("code"), f"{place}.code")
        sides = section.get("sides") or []
        _known(sides, StatementSide.values, f"{place}.sides")
        for index, question in enumerate(_rows(section.get("questions"), place)):
            _check_question(question, f"{place}.questions[{index}]")


def _check_question(question: Facts, place: str) -> None:
    unknown = set(question) - OF_A_QUESTION
    if unknown:
        _stop(f"{place}.{min(unknown)}")
    _slug(question.get("code"), f"{place}.code")
    _known([question.get("kind")], QuestionKind.values, f"{place}.kind")
    _texts(question.get("labels"), f"{place}.labels")
    seen = question.get("default_visibility", Visibility.SIDE)
    _known([seen], Visibility.values, f"{place}.default_visibility")
    _plain(question, place)
    for number, option in enumerate(_rows(question.get("options") or [], place)):
        _slug(option.get("code"), f"{place}.options[{number}].code")
        _texts(option.get("labels"), f"{place}.options[{number}].labels")


def _plain(question: Facts, place: str) -> None:
    longest = question.get("longest", 1)
    if not isinstance(longest, int) or not 0 < longest <= LONGEST_AT_ALL:
        _stop(f"{place}.longest")
    if not isinstance(question.get("is_required", False), bool):
        _stop(f"{place}.is_required")
    condition = question.get("visible_if", "")
    if not isinstance(condition, str) or len(condition) > LONGEST_CONDITION:
        _stop(f"{place}.visible_if")
    if question.get("hints"):
        _texts(question["hints"], f"{place}.hints")


def _stop(place: str) -> None:
    raise NotASurvey(_("This is not understood: %(place)s") % {"place": place})


def _texts(value: Any, place: str) -> None:
    is_texts = isinstance(value, dict) and all(
        isinstance(text, str) for text in value.values()
    )
    if not is_texts:
        _stop(place)


def _slug(value: Any, place: str) -> None:
    if not isinstance(value, str) or slugify(value) != value.lower() or not value:
        _stop(place)
    if len(str(value)) > LONGEST_CODE:
        _stop(place)


def _known(values: Any, known: list[str], place: str) -> None:
    if not isinstance(values, list) or not values or not set(values) <= set(known):
        _stop(place)


def _rows(value: Any, place: str) -> list[Facts]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        _stop(place)
    rows: list[Facts] = value
    return rows


def _check_length(facts: Facts) -> None:
    for side in StatementSide:
        asked = sum(
            len(section["questions"])
            for section in facts["sections"]
            if side in section["sides"]
        )
        if asked > MOST_QUESTIONS:
            raise TooManyQuestions(
                f"{side}: {asked} questions, at most {MOST_QUESTIONS}"
            )


def _load_sections(survey: Survey, facts: Facts) -> None:
    for position, row in enumerate(facts["sections"]):
        section = Section.objects.create(
            survey=survey,
            code=row["code"],
            titles=row["titles"],
            hints=row.get("hints", {}),
            sides=row["sides"],
            position=position,
        )
        for place, question in enumerate(row["questions"]):
            Question.objects.create(section=section, position=place, **question)
