"""A person answers, hands a place on, writes to the host."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from localities.queries.people import people_of
from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import refused
from meetings.choices import Answer, PlaceState
from meetings.forms import InsteadForm, PrivateNoteForm
from meetings.models import Invitation, Place, PrivateNote
from meetings.services.coming import answer_invitation, decline_for_pair, send_instead
from meetings.services.keeping import keep_private_note

SAID = {
    PlaceState.YES: gettext_lazy(
        "You are coming. A mail with the calendar file is on its way."
    ),
    PlaceState.WAITING: gettext_lazy(
        "All places are taken: you are on the waiting list."
    ),
    PlaceState.MAYBE: gettext_lazy(
        "Noted as maybe. We ask again before answers close."
    ),
    PlaceState.NO: gettext_lazy("Noted. Your place goes to somebody else."),
}


def own_invitation(request: HttpRequest, reference: UUID, pk: int) -> Invitation:
    """The invitation, if this person speaks for the pair that was asked."""
    rows = Invitation.objects.held_by(member(request))
    return get_object_or_404(
        rows.select_related("meeting", "locality"), meeting__reference=reference, pk=pk
    )


def own_place(request: HttpRequest, reference: UUID, pk: int) -> Place:
    invitation = own_invitation(request, reference, pk)
    return get_object_or_404(
        Place.objects.select_related("invitation__meeting"),
        invitation=invitation,
        person=member(request),
    )


@login_required
@require_POST
def answer(request: HttpRequest, reference: UUID, pk: int) -> HttpResponse:
    invitation = own_invitation(request, reference, pk)
    said, by, now = request.POST.get("answer", ""), member(request), timezone.now()
    page = invitation.meeting.get_absolute_url()
    if said not in {*Answer.values, "nobody"}:
        messages.warning(request, _("Choose yes, maybe or no."))
        return redirect(page)
    try:
        if said == "nobody":
            decline_for_pair(invitation=invitation, by=by, now=now)
            state = PlaceState.NO
        else:
            place = answer_invitation(
                invitation=invitation, answer=Answer(said), by=by, now=now
            )
            state = PlaceState(place.state)
    except Refused as refusal:
        return refused(request, refusal, back_to=page)
    messages.success(request, SAID[state])
    return redirect(page)


@login_required
@require_http_methods(["GET", "POST"])
def instead(request: HttpRequest, reference: UUID, pk: int) -> HttpResponse:
    place, by = own_place(request, reference, pk), member(request)
    people = tuple(
        one for one in people_of(place.invitation.locality) if one.pk != by.pk
    )
    form = InsteadForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            send_instead(
                place=place,
                person=form.cleaned_data["person"],
                by=by,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("person", str(refusal))
        else:
            messages.success(request, _("They come instead of you, and get a mail."))
            return redirect(place.invitation.meeting)
    page = {"form": form, "meeting": place.invitation.meeting, "has_others": people}
    return render(request, "meetings/instead.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def private(request: HttpRequest, reference: UUID, pk: int) -> HttpResponse:
    place = own_place(request, reference, pk)
    kept = PrivateNote.objects.filter(place=place).first()
    form = PrivateNoteForm(request.POST or None, instance=kept)
    if request.method == "POST" and form.is_valid():
        keep_private_note(place=place, **form.cleaned_data)
        messages.success(request, _("The host reads it, nobody else."))
        return redirect(place.invitation.meeting)
    page = {"form": form, "meeting": place.invitation.meeting}
    return render(request, "meetings/private.html", page)
