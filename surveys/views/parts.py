"""A side fills in its part, page by page, and sends it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import refused, whole
from surveys.choices import StatementSide
from surveys.forms import SectionForm, ThreeBoxes
from surveys.models import Answer, Part, Question, Section
from surveys.queries.before import answered_before, said_before
from surveys.queries.blocks import Block
from surveys.queries.completeness import Standing, missing_in, sections_of
from surveys.queries.entered import entered_for
from surveys.queries.merging import both
from surveys.queries.own_parts import part_for
from surveys.queries.pages import answer_rows, pairs_finished, part_page
from surveys.services.answering import (
    AnswerChanged,
    open_part,
    save_answer,
)
from surveys.services.carrying import give_again
from surveys.services.conversing import confirm_entered
from surveys.services.sending import NotComplete, send_part


def own_part(request: HttpRequest, reference: str) -> Part:
    """The part, if this person's side writes it.

    404 for strangers; the other side of the same pair is told whose it is.
    """
    found = part_for(member(request), reference)
    if found is None:
        raise Http404
    if not found.is_theirs:
        raise PermissionDenied(
            _("This part belongs to the other side of your pair (%(side)s).")
            % {"side": StatementSide(found.part.side).label}
        )
    return found.part


@login_required
@require_GET
def start(request: HttpRequest, reference: str) -> HttpResponse:
    part = own_part(request, reference)
    person = member(request)
    open_part(part=part, by=person, now=timezone.now())
    page = part_page(part)
    plain = answered_before(part, person, page.unanswered)
    return render(
        request,
        "surveys/start.html",
        {
            "page": page,
            "before": said_before(part, person).count() + len(plain),
            **entered_for(part, person),
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
    standing = Standing(part)
    asked = _questions(standing, page)
    form = SectionForm(asked, standing.kept, lists=standing.lists)
    if request.GET.get("check"):
        posted = _kept_as_posted(form)
        form = SectionForm(asked, standing.kept, data=posted, lists=standing.lists)
        form.show_problems(form.problems_for_sending())
    form.before = answered_before(part, member(request), standing.unanswered(asked))
    return _show_section(request, part, page, form, codes=_codes(standing.asked))


def _questions(standing: Standing, page: Section) -> list[Question]:
    """What is asked on this page now; earlier answers decide."""
    return [row for row in standing.asked if row.section_id == page.pk]


def _kept_as_posted(form: SectionForm) -> dict[str, object]:
    posted: dict[str, object] = {}
    for name, field in form.fields.items():
        if isinstance(field.widget, ThreeBoxes):
            boxes = enumerate(field.widget.decompress(field.initial))
            posted |= {f"{name}_{number}": box for number, box in boxes if box}
        elif field.initial:
            posted[name] = field.initial
    return posted


def _save_section(request: HttpRequest, part: Part, page: Section) -> HttpResponse:
    standing = Standing(part)
    before = _questions(standing, page)
    form = SectionForm(before, standing.kept, data=request.POST, lists=standing.lists)
    try:
        changed = _save_each(request, part, form, standing.kept)
    except Refused as refusal:
        form.refusal = str(refusal)
        return _show_section(request, part, page, form, status=400)
    form.show_problems(form.problems())
    unknown = form.unknown_names()
    if changed or form.errors or unknown:
        form.changed_by_others = changed
        form.has_unknown = bool(unknown)
        return _show_section(request, part, page, form, status=409 if changed else 400)
    if "keep" in request.POST or set(_questions(Standing(part), page)) - set(before):
        return redirect("surveys:section", part.reference, page.code)  # look once more
    return _after_saving(request, part, page)


def _save_each(
    request: HttpRequest, part: Part, form: SectionForm, kept: dict[int, list[Block]]
) -> list[AnswerChanged]:
    """Save what was posted, question by question; what others changed meanwhile is told."""
    person, now = member(request), timezone.now()
    changed: list[AnswerChanged] = []
    kept_code, _colon, how = request.POST.get("keep", "").partition(":")
    for question in form.questions:
        blocks = form.blocks(question)
        if question.code == kept_code and how == "theirs":
            continue
        if question.code == kept_code and how == "both":
            blocks = both(question, blocks, kept.get(question.pk, []))
        try:
            save_answer(
                part=part,
                question=question,
                blocks=blocks,
                version=_posted_version(request, question),
                by=person,
                now=now,
            )
        except AnswerChanged as refusal:
            changed.append(refusal)
    if again := request.POST.getlist("again"):
        give_again(part=part, codes=again, by=person, now=now)
    return changed


def _pages(part: Part) -> list[str]:
    """The pages on which something is asked now, in order."""
    return _codes(Standing(part).asked)


def _codes(asked: list[Question]) -> list[str]:
    return list(dict.fromkeys(row.section.code for row in asked))


def _posted_version(request: HttpRequest, question: Question) -> int:
    return whole(request.POST.get(f"{question.code}-version", ""))


def _after_saving(request: HttpRequest, part: Part, page: Section) -> HttpResponse:
    if "later" in request.POST:
        return redirect("pages:home")
    codes = _pages(part)
    place = codes.index(page.code) + 1 if page.code in codes else len(codes)
    if "check" in request.POST or place == len(codes):
        return redirect("surveys:check", part.reference)
    return redirect("surveys:section", part.reference, codes[place])


def _show_section(
    request: HttpRequest,
    part: Part,
    page: Section,
    form: SectionForm,
    *,
    codes: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    codes = _pages(part) if codes is None else codes
    place = codes.index(page.code) if page.code in codes else 0
    versions = dict(
        Answer.objects.filter(part=part).values_list("question_id", "version")
    )
    form.show_related()
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
            "topics": form.topics,
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
    standing = Standing(part)
    return render(
        request,
        "surveys/check.html",
        {
            "part": part,
            "rows": answer_rows(standing),
            "missing": missing_in(standing),
            **entered_for(part, member(request)),
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


@login_required
@require_POST
def confirm(request: HttpRequest, reference: str) -> HttpResponse:
    """The side says that what a coordinator entered for it is right."""
    part = own_part(request, reference)
    try:
        confirm_entered(part=part, by=member(request), now=timezone.now())
    except Refused as refusal:
        return refused(request, refusal, back_to=f"/surveys/{reference}/check/")
    messages.success(request, _("Confirmed. Thank you."))
    return redirect("surveys:check", reference)
