"""Load a survey from a file."""

from typing import Any

from django.db import transaction

from surveys.models import Question, Section, Survey

MOST_QUESTIONS = 12


class TooManyQuestions(ValueError):
    """A survey asks one side more than people will answer."""


@transaction.atomic
def load_survey(*, facts: dict[str, Any]) -> Survey:
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
            "is_published": True,
        },
    )
    survey.sections.all().delete()
    for position, section in enumerate(facts["sections"]):
        _load_section(survey, section, position)
    return survey


def _check_length(facts: dict[str, Any]) -> None:
    for side in ("government", "civil_society"):
        asked = sum(
            len(section["questions"])
            for section in facts["sections"]
            if side in section["sides"]
        )
        if asked > MOST_QUESTIONS:
            raise TooManyQuestions(
                f"{side}: {asked} questions, at most {MOST_QUESTIONS}"
            )


def _load_section(survey: Survey, facts: dict[str, Any], position: int) -> None:
    section = Section.objects.create(
        survey=survey,
        code=facts["code"],
        titles=facts["titles"],
        hints=facts.get("hints", {}),
        sides=facts["sides"],
        position=position,
    )
    for place, question in enumerate(facts["questions"]):
        Question.objects.create(section=section, position=place, **question)
