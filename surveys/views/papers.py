"""A part to keep: as a mail to oneself, or on paper."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loci.accounts.http import member
from surveys.forms import SectionForm
from surveys.models import Question, Section
from surveys.queries.completeness import Standing, questions_of
from surveys.services.copying import mail_copy
from surveys.views.parts import own_part


@login_required
@require_POST
def copy(request: HttpRequest, reference: str) -> HttpResponse:
    """A copy of the answers to one's own address."""
    part, person = own_part(request, reference), member(request)
    mail_copy(part=part, to=person, now=timezone.now())
    messages.success(
        request, _("A copy is on its way to %(address)s.") % {"address": person.email}
    )
    return redirect("surveys:check", reference)


@login_required
@require_GET
def paper(request: HttpRequest, reference: str) -> HttpResponse:
    """All questions of the part on one page, with what has been answered so far."""
    part = own_part(request, reference)
    standing = Standing(part)
    pages: dict[Section, list[Question]] = {}
    for question in questions_of(part):
        pages.setdefault(question.section, []).append(question)
    kept, lists = standing.kept, standing.lists
    groups = [
        (section, SectionForm(questions, kept, lists=lists).question_groups({}))
        for section, questions in pages.items()
    ]
    return render(request, "surveys/paper.html", {"part": part, "pages": groups})
