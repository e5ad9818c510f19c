"""A survey as one side meets it, for those who coordinate; nothing is saved."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from localities.models import Membership
from loci.accounts.http import member
from surveys.choices import StatementSide
from surveys.forms import SectionForm
from surveys.models import Survey
from surveys.queries.authoring import questions_in_order
from surveys.queries.blocks import Lists


@login_required
@require_GET
def preview(request: HttpRequest, pk: int, side: str) -> HttpResponse:
    coordinates = Membership.objects.coordinating(member(request)).exists()
    if not coordinates or side not in StatementSide.values:
        raise Http404
    survey = get_object_or_404(Survey, pk=pk)
    lists, pages = Lists(), dict[Any, list[Any]]()
    for question in questions_in_order(survey):
        if side in question.section.sides:
            pages.setdefault(question.section, []).append(question)
    return render(
        request,
        "surveys/preview.html",
        {
            "survey": survey,
            "sides": StatementSide.choices,
            "side": side,
            "pages": [
                (section, SectionForm(questions, {}, lists=lists).question_groups({}))
                for section, questions in pages.items()
            ],
        },
    )
