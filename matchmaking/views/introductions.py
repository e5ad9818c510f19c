"""Two introduced pairs settle on a time and keep notes; the card is their page."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import refused
from matchmaking.choices import SuggestionState
from matchmaking.forms import NoteForm, TimeForm
from matchmaking.services.introducing import add_note, agree_on_time, calendar_for
from matchmaking.views.cards import card_page, own_suggestion


@login_required
@require_POST
def note(request: HttpRequest, reference: UUID) -> HttpResponse:
    suggestion = own_suggestion(request, reference)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return card_page(request, suggestion, form)
    page_url = reverse("matchmaking:card", args=[suggestion.reference])
    try:
        add_note(
            suggestion=suggestion,
            text=form.cleaned_data["text"],
            by=member(request),
            now=timezone.now(),
        )
    except Refused as refusal:
        return refused(request, refusal, back_to=page_url)
    return redirect(f"{page_url}#notes")


@login_required
@require_POST
def time(request: HttpRequest, reference: UUID) -> HttpResponse:
    suggestion = own_suggestion(request, reference)
    page_url = reverse("matchmaking:card", args=[suggestion.reference])
    form = TimeForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Choose one of the proposed times."))
        return redirect(page_url)
    try:
        agree_on_time(
            suggestion=suggestion,
            at=form.cleaned_data["at"],
            by=member(request),
            now=timezone.now(),
        )
    except Refused as refusal:
        return refused(request, refusal, back_to=page_url)
    messages.success(request, _("Both pairs get this time by mail."))
    return redirect(page_url)


@login_required
@require_GET
def calendar(request: HttpRequest, reference: UUID) -> HttpResponse:
    suggestion = own_suggestion(request, reference)
    if suggestion.state != SuggestionState.INTRODUCED:
        raise Http404
    text = calendar_for(
        suggestion=suggestion, person=member(request), now=timezone.now()
    )
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="call.ics"'},
    )
