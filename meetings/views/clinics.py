"""Clinics: cases of one's pair, cases one is asked to, what will be tried."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from localities.queries.standing import standing_of
from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import refused, whole
from meetings.choices import Did
from meetings.forms import AttemptForm, CaseForm, DidForm, TimesForm
from meetings.models import Attempt, Clinic
from meetings.queries.clinics import ClinicPage, clinic_page
from meetings.services.attempts import tell_attempt, write_attempt
from meetings.services.clinics import (
    calendar_of,
    close_clinic,
    post_case,
    say_times,
    settle_clinic,
)
from meetings.services.run_sheets import run_sheet
from meetings.views.meetings import ics


def shown_clinic(request: HttpRequest, reference: UUID) -> Clinic:
    rows = Clinic.objects.shown_to(member(request)).select_related(
        "locality", "facilitator", "note_taker"
    )
    return get_object_or_404(
        rows.prefetch_related("peers__locality"), reference=reference
    )


@login_required
@require_GET
def clinics(request: HttpRequest) -> HttpResponse:
    person = member(request)
    rows = Clinic.objects.shown_to(person).select_related("locality")
    page = {
        "clinics": rows.order_by("-created_at", "-pk")[:50],
        "has_seat": bool(standing_of(person).seats),
    }
    return render(request, "meetings/clinics.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A case of the pair that this person speaks for; with two, one is named."""
    seats = standing_of(member(request)).seats
    slug = request.GET.get("locality", "")
    own = [seat.locality for seat in seats if slug in {"", seat.locality.slug}]
    if not own:
        raise Http404
    form = CaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            clinic = post_case(
                locality=own[0],
                by=member(request),
                now=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error("question", str(refusal))
        else:
            messages.success(request, _("Your peers are asked which time suits."))
            return redirect(clinic)
    page = {"form": form, "locality": own[0], "others": seats[1:] and seats}
    return render(request, "meetings/clinic_new.html", page)


@login_required
@require_GET
def clinic(request: HttpRequest, reference: UUID) -> HttpResponse:
    found = shown_clinic(request, reference)
    page = clinic_page(found, member(request))
    return _page(request, page, _times_form(page), AttemptForm())


def _times_form(page: ClinicPage, data: object = None) -> TimesForm:
    times = [
        (
            vote.time.pk,
            date_format(timezone.localtime(vote.time.starts_at), "l j F, H:i"),
        )
        for vote in page.votes
    ]
    said = {f"time_{pk}": word for pk, word in page.own_words.items()}
    return TimesForm(data, times=times, initial=said)


def _page(
    request: HttpRequest, page: ClinicPage, times: TimesForm, attempt: AttemptForm
) -> HttpResponse:
    agreed = page.clinic.agreed_at
    begins = timezone.localtime(agreed).time() if agreed else None
    shown = {
        "page": page,
        "times_form": times,
        "attempt_form": attempt,
        "lines": run_sheet("clinic", begins),
    }
    return render(request, "meetings/clinic.html", shown)


@login_required
@require_POST
def times(request: HttpRequest, reference: UUID) -> HttpResponse:
    found = shown_clinic(request, reference)
    page = clinic_page(found, member(request))
    form = _times_form(page, request.POST)
    if not form.is_valid():
        return _page(request, page, form, AttemptForm())
    try:
        say_times(
            clinic=found, words=form.words(), by=member(request), now=timezone.now()
        )
    except Refused as refusal:
        return refused(request, refusal, back_to=found.get_absolute_url())
    messages.success(request, _("Thank you. You can change it until the time is set."))
    return redirect(found)


@login_required
@require_POST
def settle(request: HttpRequest, reference: UUID) -> HttpResponse:
    """The pair with the case chooses a time, or closes the case."""
    found = shown_clinic(request, reference)
    try:
        if request.POST.get("close"):
            close_clinic(clinic=found, by=member(request))
        else:
            number = whole(request.POST.get("time", ""))
            time = get_object_or_404(found.times, pk=number)
            settle_clinic(
                clinic=found, time=time, by=member(request), now=timezone.now()
            )
    except Refused as refusal:
        return refused(request, refusal, back_to=found.get_absolute_url())
    return redirect(found)


@login_required
@require_POST
def attempt_new(request: HttpRequest, reference: UUID) -> HttpResponse:
    found = shown_clinic(request, reference)
    form = AttemptForm(request.POST)
    if form.is_valid():
        try:
            write_attempt(
                clinic=found,
                by=member(request),
                now=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error("until", str(refusal))
        else:
            messages.success(request, _("Noted. In 30 days we ask whether you did."))
            return redirect(found)
    page = clinic_page(found, member(request))
    return _page(request, page, _times_form(page), form)


@login_required
@require_GET
def calendar(request: HttpRequest, reference: UUID) -> HttpResponse:
    found = shown_clinic(request, reference)
    if found.agreed_at is None:
        raise Http404
    return ics(calendar_of(found, timezone.now()), "clinic.ics")


@login_required
@require_http_methods(["GET", "POST"])
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Did you try it? Only who said so is asked."""
    own = Attempt.objects.held().filter(by=member(request)).select_related("clinic")
    found = get_object_or_404(own, pk=pk)
    form = DidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tell_attempt(
            attempt=found,
            did=Did(form.cleaned_data["did"]),
            words=form.cleaned_data["words"],
            by=member(request),
            now=timezone.now(),
        )
        messages.success(request, _("Thank you. This helps the next clinic."))
        return redirect(found.clinic)
    page = {"form": form, "attempt": found}
    return render(request, "meetings/attempt.html", page)
