"""A side asks to be introduced to a locality of the directory."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from localities.models import Locality, Seat
from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import refused
from matchmaking.forms import RequestForm
from matchmaking.models import IntroductionRequest
from matchmaking.queries.requests import requests_of, topics_offered
from matchmaking.services.asking import Wish, ask_for_introduction, withdraw_request


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Own words to the coordinators; the other locality is not told of them."""
    person = member(request)
    place = get_object_or_404(Locality.objects.visible_to(person), slug=slug)
    seat = _seat_apart_from(request, place)
    topics = topics_offered(place, person)
    form = RequestForm(request.POST or None, topics=topics)
    if request.method == "POST" and form.is_valid():
        wish = Wish(place, form.cleaned_data["words"], form.about())
        try:
            ask_for_introduction(seat=seat, wish=wish, by=person)
        except Refused as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, _("Your coordinators have it now."))
            return redirect(request.path)
    page = {
        "form": form,
        "place": place,
        "seat": seat,
        "asked": requests_of(person, place),
    }
    return render(request, "matchmaking/ask.html", page)


@login_required
@require_POST
def withdraw(request: HttpRequest, reference: UUID) -> HttpResponse:
    rows = IntroductionRequest.objects.shown_to(member(request))
    asked = get_object_or_404(rows, reference=reference)
    try:
        withdraw_request(asked=asked, by=member(request), now=timezone.now())
    except Refused as refusal:
        return refused(request, refusal, back_to="/saved/")
    messages.success(request, _("Taken back."))
    return redirect("/saved/")


def _seat_apart_from(request: HttpRequest, place: Locality) -> Seat:
    """The seat that this person asks from; none is needed to be found at home."""
    seats = Seat.objects.held_by(member(request)).select_related("locality")
    held = list(seats.order_by("locality__name", "side", "pk"))
    apart = [seat for seat in held if seat.locality_id != place.pk]
    if not apart:
        raise Http404
    return apart[0]
