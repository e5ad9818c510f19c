"""The people of one's own side: who is here, who is asked, leaving."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from localities.forms import GuestForm, PartnerForm, SuccessorForm
from localities.models import Invitation, Seat
from localities.queries.team import has_just_left, seat_of, team_of
from localities.services.inviting import (
    Guest,
    invite_colleague,
    invite_partner,
    invite_successor,
    withdraw_invitation,
)
from localities.services.inviting_again import send_again
from localities.services.people import leave_seat
from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import refused


def own_seat(request: HttpRequest, slug: str) -> Seat:
    """The seat of the person at the door; 404 for everybody else."""
    seat = seat_of(member(request), slug)
    if seat is None:
        raise Http404
    return seat


@login_required
@require_GET
def team(request: HttpRequest, slug: str) -> HttpResponse:
    page = {"team": team_of(own_seat(request, slug), timezone.now())}
    return render(request, "localities/team.html", page)


Invite = Callable[[Seat, Any, Guest, HttpRequest], object]


def _colleague(seat: Seat, _form: Any, guest: Guest, request: HttpRequest) -> object:
    return invite_colleague(
        seat=seat, guest=guest, by=member(request), now=timezone.now()
    )


def _successor(seat: Seat, _form: Any, guest: Guest, request: HttpRequest) -> object:
    return invite_successor(
        seat=seat, guest=guest, by=member(request), now=timezone.now()
    )


def _partner(seat: Seat, form: Any, guest: Guest, request: HttpRequest) -> object:
    return invite_partner(
        seat=seat,
        organisation_name=form.cleaned_data["organisation_name"],
        guest=guest,
        by=member(request),
        now=timezone.now(),
    )


INVITE: dict[str, tuple[type[GuestForm], Invite, Any, Any]] = {
    "colleague": (
        GuestForm,
        _colleague,
        gettext_lazy("Invite a colleague"),
        gettext_lazy("They see and do what you see and do on this side."),
    ),
    "successor": (
        SuccessorForm,
        _successor,
        gettext_lazy("Hand over to a successor"),
        gettext_lazy(
            "Your place ends when they accept. What you wrote stays with your side."
        ),
    ),
    "partner": (
        PartnerForm,
        _partner,
        gettext_lazy("Invite the other side"),
        gettext_lazy(
            "They answer for their side alone. You do not see what they confide there, "
            "and they do not see yours."
        ),
    ),
}


@login_required
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """One form for each kind of guest."""
    seat = own_seat(request, slug)
    if kind not in INVITE:
        raise Http404
    shape, write, title, lead = INVITE[kind]
    initial = {"language": member(request).language}
    form = shape(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        guest = Guest(
            form.cleaned_data["email"],
            note=form.cleaned_data.get("note", ""),
            language=form.cleaned_data["language"],
        )
        try:
            write(seat, form, guest, request)
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(
                request,
                _("The invitation is on its way to %(email)s. It works for 21 days.")
                % {"email": guest.email},
            )
            return redirect("localities:team", slug)
    page = {"form": form, "seat": seat, "title": title, "lead": lead, "kind": kind}
    return render(request, "localities/invite.html", page)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    person = member(request)
    rows = Invitation.objects.editable_by(person).select_related("locality")
    invitation = get_object_or_404(rows, pk=pk)
    place = invitation.locality
    page = reverse("localities:team", args=[place.slug]) if place else "/"
    try:
        withdraw_invitation(invitation=invitation, by=person, now=timezone.now())
    except Refused as refusal:
        return refused(request, refusal, back_to=page)
    messages.success(request, _("The invitation is withdrawn. Its link is dead."))
    return redirect(page)


@login_required
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Another mail for an invitation that was not used."""
    person = member(request)
    rows = Invitation.objects.editable_by(person).select_related("locality")
    invitation = get_object_or_404(rows, pk=pk)
    place = invitation.locality
    try:
        sent = send_again(invitation=invitation, by=person, now=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        words = _("A new mail is on its way to %(email)s. The old link is dead.")
        messages.success(request, words % {"email": sent.person.email})
    return redirect("localities:team", place.slug) if place else redirect("pages:home")


@login_required
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """What stays and what ends; the button ends it, pressed twice too."""
    if request.method == "POST" and has_just_left(member(request), slug):
        return redirect("pages:home")
    seat = own_seat(request, slug)
    if request.method == "POST":
        try:
            leave_seat(seat=seat, on=timezone.localdate(), by=member(request))
        except Refused as refusal:
            return refused(
                request, refusal, back_to=reverse("localities:team", args=[slug])
            )
        messages.success(
            request, _("You have left. What you wrote stays with your side.")
        )
        return redirect("pages:home")
    page = {"team": team_of(seat, timezone.now())}
    return render(request, "localities/leave.html", page)
