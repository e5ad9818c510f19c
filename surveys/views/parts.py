"""A side fills in its part, page by page, and sends it."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import refused
from surveys.choices import StatementSide
from surveys.forms import SectionForm
from surveys.models import Answer, Part, Question, Section
from surveys.queries.completeness import blocks_of, missing_in, sections_of
from surveys.queries.pages import answer_rows, pairs_finished, part_page
from surveys.services.answering import (
    AnswerChanged,
    open_part,
    save_answer,
)
from surveys.services.sending import NotComplete, send_part


def own_part(request: HttpRequest, reference: str) -> Part:
    """The part, if this person's side writes it.

    404 for strangers; the other side of the same pair is told whose it is.
    """
    person = member(request)
    parts = Part.objects.visible_to(person).select_related("wave__survey", "locality")
    part = get_object_or_404(parts, reference=reference)
    if not Part.objects.editable_by(person).filter(pk=part.pk).exists():
        raise PermissionDenied(
            _("This part belongs to the other side of your pair (%(side)s).")
            % {"side": StatementSide(part.side).label}
        )
    return part


@login_required
@require_GET
def start(request: HttpRequest, reference: str) -> HttpResponse:
    part = own_part(request, reference)
    open_part(part=part, by=member(request), now=timezone.now())
    return render(
        request,
        "surveys/start.html",
        {
            "page": part_page(part),
            "part": part,
            "is_open": part.takes_answers(timezone.now()),
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    part = own_part(request, reference)
    page = get_object_or_404(sections_of(part), code=code)
    if request.method == "POST":
        return _save_section(request, part, page)
    form = SectionForm(_questions(page), blocks_of(part))
    if request.GET.get("check"):
        form = SectionForm(
            _questions(page), blocks_of(part), data=_kept_as_posted(form)
        )
        form.show_problems(form.problems_for_sending())
    return _show_section(request, part, page, form)


def _questions(page: Section) -> list[Question]:
    return list(page.questions.select_related("section").order_by("position", "pk"))


def _kept_as_posted(form: SectionForm) -> dict[str, object]:
    return {name: field.initial for name, field in form.fields.items() if field.initial}


def _save_section(request: HttpRequest, part: Part, page: Section) -> HttpResponse:
    form = SectionForm(_questions(page), blocks_of(part), data=request.POST)
    changed: list[AnswerChanged] = []
    for question in form.questions:
        try:
            save_answer(
                part=part,
                question=question,
                blocks=form.blocks(question),
                version=_posted_version(request, question),
                by=member(request),
                now=timezone.now(),
            )
        except AnswerChanged as refusal:
            changed.append(refusal)
        except Refused as refusal:
            form.refusal = str(refusal)
            return _show_section(request, part, page, form, status=400)
    form.show_problems(form.problems())
    unknown = form.unknown_names()
    if changed or form.errors or unknown:
        form.changed_by_others = changed
        form.has_unknown = bool(unknown)
        return _show_section(request, part, page, form, status=409 if changed else 400)
    return _after_saving(request, part, page)


def _posted_version(request: HttpRequest, question: Question) -> int:
    posted = request.POST.get(f"{question.code}-version", "")
    return int(posted) if posted.isascii() and posted.isdigit() else 0


def _after_saving(request: HttpRequest, part: Part, page: Section) -> HttpResponse:
    if "later" in request.POST:
        return redirect("pages:home")
    codes = list(sections_of(part).values_list("code", flat=True))
    place = codes.index(page.code) + 1
    if "check" in request.POST or place == len(codes):
        return redirect("surveys:check", part.reference)
    return redirect("surveys:section", part.reference, codes[place])


def _show_section(
    request: HttpRequest,
    part: Part,
    page: Section,
    form: SectionForm,
    status: int = 200,
) -> HttpResponse:
    codes = list(sections_of(part).values_list("code", flat=True))
    place = codes.index(page.code)
    versions = dict(
        Answer.objects.filter(part=part).values_list("question_id", "version")
    )
    back = "surveys:section" if place else "surveys:start"
    return render(
        request,
        "surveys/section.html",
        {
            "part": part,
            "section": page,
            "form": form,
            "questions": form.question_groups(versions),
            "number": place + 1,
            "count": len(codes),
            "back_url_name": back,
            "previous": codes[place - 1] if place else None,
            "is_open": part.takes_answers(timezone.now()),
        },
        status=status,
    )


@login_required
@require_GET
def check(request: HttpRequest, reference: str) -> HttpResponse:
    part = own_part(request, reference)
    return render(
        request,
        "surveys/check.html",
        {
            "part": part,
            "rows": answer_rows(part),
            "missing": missing_in(part),
            "is_open": part.takes_answers(timezone.now()),
        },
    )


@login_required
@require_POST
def send(request: HttpRequest, reference: str) -> HttpResponse:
    part = own_part(request, reference)
    try:
        send_part(part=part, by=member(request), now=timezone.now())
    except NotComplete:
        return redirect("surveys:check", reference)
    except Refused as refusal:
        return refused(request, refusal, back_to=f"/surveys/{reference}/check/")
    return redirect("surveys:sent", reference)


@login_required
@require_GET
def sent(request: HttpRequest, reference: str) -> HttpResponse:
    part = own_part(request, reference)
    if part.sent_at is None:
        return redirect("surveys:check", reference)
    finished, pairs = pairs_finished(part.wave)
    partner = (
        Part.objects.filter(wave=part.wave, locality=part.locality)
        .exclude(pk=part.pk)
        .first()
    )
    return render(
        request,
        "surveys/sent.html",
        {"part": part, "finished": finished, "pairs": pairs, "partner": partner},
    )
