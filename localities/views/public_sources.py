"""A side looks at a line of public sources about its locality: wrong, or its own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from localities.choices import FactKind
from localities.forms import DoubtForm, TakeOverForm
from localities.models import Fact, FactDoubt, Seat
from localities.services.public_sources import doubt, take_over
from localities.views.team import own_seat
from loci.accounts.http import member
from loci.core.errors import Refused


@login_required
@require_http_methods(["GET", "POST"])
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """The line with its history; two forms, one of them was sent."""
    person = member(request)
    own = Seat.objects.held_by(person).values("locality")
    rows = Fact.objects.standing().of_public_sources().filter(locality__in=own)
    fact = get_object_or_404(rows.select_related("locality"), pk=pk)
    seat = own_seat(request, fact.locality.slug)
    takes = "kind" in request.POST
    doubting = DoubtForm(None if takes else request.POST or None)
    taking = TakeOverForm(request.POST if takes else None)
    form = taking if takes else doubting
    if request.method == "POST" and form.is_valid():
        try:
            _do(request, fact, seat, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("localities:profile", fact.locality.slug)
    said = FactDoubt.objects.written_by_side_of(person).filter(fact=fact)
    page = {
        "fact": fact,
        "seat": seat,
        "form": form,
        "doubting": doubting,
        "taking": taking,
        "doubts": said.order_by("-created_at", "-pk"),
        "versions": fact.versions.order_by("-version"),
    }
    return render(request, "localities/public_line.html", page)


def _do(
    request: HttpRequest, fact: Fact, seat: Seat, form: DoubtForm | TakeOverForm
) -> None:
    facts, person = form.cleaned_data, member(request)
    if isinstance(form, TakeOverForm):
        kind = FactKind(facts["kind"])
        take_over(fact=fact, seat=seat, kind=kind, by=person, now=timezone.now())
        messages.success(request, _("The line is in your half now."))
    else:
        doubt(fact=fact, seat=seat, words=facts["words"], by=person)
        messages.success(request, _("Noted. The coordinators check it."))
