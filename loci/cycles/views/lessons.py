"""Practice cards: read by everybody, written by a side, shown when it agrees."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from localities.choices import Side
from localities.models import Seat
from loci.accounts.http import member
from loci.accounts.models import User
from loci.core.errors import Refused
from loci.core.http import refused, whole
from loci.cycles.forms import LessonForm
from loci.cycles.models import Lesson
from loci.cycles.queries.lessons import lessons_to_write, readable_lessons, shelf
from loci.cycles.services.lessons import (
    agree_to_show,
    change_lesson,
    withdraw_lesson,
    write_lesson,
)
from matchmaking.models import CheckIn
from surveys.models import Statement


@require_GET
def lessons(request: HttpRequest) -> HttpResponse:
    code = request.GET.get("topic", "")[:40]
    return render(request, "cycles/lessons.html", {"shelf": shelf(code)})


@require_GET
def lesson(request: HttpRequest, reference: UUID) -> HttpResponse:
    reader = request.user if isinstance(request.user, User) else None
    found = get_object_or_404(readable_lessons(reader), reference=reference)
    is_own = reader is not None and _own(reader).filter(pk=found.pk).exists()
    return render(request, "cycles/lesson.html", {"lesson": found, "is_own": is_own})


@login_required
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """A new card for the seat that this person holds, perhaps on an introduction."""
    person = member(request)
    said = _said(request, person)
    seat = _seat(person, said)
    form = LessonForm(request.POST or None, initial=_first_words(person, said))
    if request.method == "POST" and form.is_valid():
        try:
            made = write_lesson(
                locality=seat.locality,
                side=Side(seat.side),
                written=form.written(),
                by=person,
                now=timezone.now(),
                introduction=said.suggestion if said else None,
            )
        except Refused as refusal:
            return refused(request, refusal, back_to="cycles:lessons")
        return redirect("cycles:lesson", made.reference)
    return render(request, "cycles/write_lesson.html", {"form": form, "seat": seat})


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, reference: UUID) -> HttpResponse:
    person = member(request)
    found = get_object_or_404(_own(person), reference=reference)
    form = LessonForm(request.POST or None, initial=LessonForm.of(found))
    if request.method == "POST" and form.is_valid():
        change_lesson(lesson=found, written=form.written(), by=person)
        return redirect("cycles:lesson", reference)
    return render(request, "cycles/write_lesson.html", {"form": form, "lesson": found})


@login_required
@require_POST
def agree(request: HttpRequest, reference: UUID) -> HttpResponse:
    found = get_object_or_404(_own(member(request)), reference=reference)
    try:
        agree_to_show(lesson=found, by=member(request), now=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Thank you. A coordinator has the last look."))
    return redirect("cycles:lesson", reference)


@login_required
@require_POST
def withdraw(request: HttpRequest, reference: UUID) -> HttpResponse:
    found = get_object_or_404(_own(member(request)), reference=reference)
    try:
        withdraw_lesson(lesson=found, by=member(request))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Withdrawn. Nobody else sees it now."))
    return redirect("cycles:lesson", reference)


def _own(person: User) -> QuerySet[Lesson]:
    return Lesson.objects.editable_by(person).select_related("locality", "topic")


def _said(request: HttpRequest, person: User) -> CheckIn | None:
    """The check-in that said *applied*, if the card is about an introduction."""
    wanted = whole(request.GET.get("about", ""))
    if not wanted:
        return None
    rows = {row.pk: row for row in lessons_to_write(person)}
    return rows.get(wanted)


def _seat(person: User, said: CheckIn | None) -> Seat:
    held = Seat.objects.held_by(person).select_related("locality").order_by("pk")
    if said is not None:
        held = held.filter(locality=said.locality)
    seat = held.first()
    if seat is None:
        raise Http404
    return seat


def _first_words(person: User, said: CheckIn | None) -> dict[str, object]:
    if said is None:
        return {}
    need = said.suggestion.need
    own = Statement.objects.quoted_to(person).filter(
        pk=need.pk, locality=said.locality_id
    )
    return {
        "topic": need.topic_id,
        "problem": need.text if own.exists() else "",
        "evidence": said.evidence,
    }
