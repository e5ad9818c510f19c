"""Publish a survey, and go on from it: a published one never changes."""

from django.db import transaction

from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from surveys.models import Question, Section, Survey
from surveys.queries.authoring import burdens, flaws_in


class NotReady(Refused):
    """Something in the survey must be mended first."""


class AlreadyPublished(Refused):
    """A published survey is not changed; its next version is."""


@transaction.atomic
def publish_survey(*, survey: Survey, by: User | None) -> Survey:
    """From now on waves can ask it and nothing in it changes. Raises NotReady."""
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    if survey.is_published:
        return survey
    flaws = flaws_in(survey)
    if flaws:
        raise NotReady(" ".join(flaws))
    survey.minutes = max(row.minutes for row in burdens(survey))
    survey.is_published = True
    survey.save(update_fields=["is_published", "minutes", "updated_at"])
    record(by, "published", survey)
    return survey


@transaction.atomic
def next_version(*, survey: Survey, by: User | None) -> Survey:
    """A draft with the same questions that links back to this version."""
    copy = _copy(survey, version=survey.version + 1, previous=survey)
    record(by, "made the next version of", survey, copy.code)
    return copy


@transaction.atomic
def duplicate(*, survey: Survey, by: User | None) -> Survey:
    """Another survey with the same questions, with a history of its own."""
    copy = _copy(survey, version=1, previous=None)
    record(by, "duplicated", survey, copy.code)
    return copy


def _copy(survey: Survey, *, version: int, previous: Survey | None) -> Survey:
    stem = survey.code.removesuffix(f"-{survey.version}")
    copy = Survey.objects.create(
        code=free_code(f"{stem}-{version}" if previous else f"{stem}-copy"),
        titles=survey.titles,
        minutes=survey.minutes,
        version=version,
        previous=previous,
    )
    for section in Section.objects.filter(survey=survey).order_by("position", "pk"):
        questions = list(section.questions.order_by("position", "pk"))
        section.pk, section.survey = None, copy
        section.save(force_insert=True)
        for question in questions:
            question.pk, question.section = None, section
        Question.objects.bulk_create(questions)
    return copy


def free_code(wanted: str) -> str:
    """The wanted code, or with a number behind it if another survey has it."""
    code, number = wanted[:46], 2
    while Survey.objects.filter(code=code).exists():
        code, number = f"{wanted[:43]}-{number}", number + 1
    return code
