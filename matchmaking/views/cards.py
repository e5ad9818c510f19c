"""A pair reads its card and replies."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import refused
from matchmaking.choices import ReplyAnswer
from matchmaking.forms import DeclineForm, LaterForm, NoteForm
from matchmaking.models import Suggestion
from matchmaking.queries.card import card_for
from matchmaking.services.replying import Answered, reply_to
from matchmaking.services.returning import ask_for_another


def own_suggestion(request: HttpRequest, reference: UUID) -> Suggestion:
    """The suggestion, if it is shown to this person's pair."""
    rows = Suggestion.objects.shown_to(member(request)).select_related(
        "seeker__region",
        "helper__region",
        "need__topic__area",
        "offer__topic__area",
        "approved_by",
    )
    return get_object_or_404(rows, reference=reference)


@login_required
@require_GET
def card(request: HttpRequest, reference: UUID) -> HttpResponse:
    return card_page(request, own_suggestion(request, reference), NoteForm())


def card_page(
    request: HttpRequest, suggestion: Suggestion, note_form: NoteForm
) -> HttpResponse:
    """The card, with the form for notes that two introduced pairs find there."""
    shown = card_for(member(request), suggestion, timezone.now())
    page = {"card": shown, "note_form": note_form}
    return render(request, "matchmaking/card.html", page)


@login_required
@require_POST
def say_yes(request: HttpRequest, reference: UUID) -> HttpResponse:
    return _reply(
        request, own_suggestion(request, reference), Answered(ReplyAnswer.YES)
    )


@login_required
@require_http_methods(["GET", "POST"])
def say_later(request: HttpRequest, reference: UUID) -> HttpResponse:
    suggestion = own_suggestion(request, reference)
    form = LaterForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        return _reply(request, suggestion, form.said())
    page = "matchmaking/later.html"
    return render(request, page, {"form": form, "suggestion": suggestion})


@login_required
@require_http_methods(["GET", "POST"])
def say_no(request: HttpRequest, reference: UUID) -> HttpResponse:
    suggestion = own_suggestion(request, reference)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = Answered(
            ReplyAnswer.NOT_FOR_US,
            reason=form.cleaned_data["reason"],
            words=form.cleaned_data["words"],
        )
        return _reply(request, suggestion, said)
    page = "matchmaking/decline.html"
    return render(request, page, {"form": form, "suggestion": suggestion})


@login_required
@require_POST
def ask_another(request: HttpRequest, reference: UUID) -> HttpResponse:
    suggestion = own_suggestion(request, reference)
    page = reverse("matchmaking:card", args=[suggestion.reference])
    try:
        ask_for_another(suggestion=suggestion, by=member(request), now=timezone.now())
    except Refused as refusal:
        return refused(request, refusal, back_to=page)
    messages.success(
        request, _("Thank you. We look for another; a coordinator reads it first.")
    )
    return redirect(page)


def _reply(
    request: HttpRequest, suggestion: Suggestion, said: Answered
) -> HttpResponse:
    page = reverse("matchmaking:card", args=[suggestion.reference])
    try:
        reply_to(
            suggestion=suggestion, said=said, by=member(request), now=timezone.now()
        )
    except Refused as refusal:
        return refused(request, refusal, back_to=page)
    return redirect(page)
