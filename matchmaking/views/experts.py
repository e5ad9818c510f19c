"""An expert says what to be asked about, and takes it back."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from localities.queries.standing import standing_of
from loci.accounts.http import member
from loci.accounts.models import User
from loci.core.errors import Refused
from matchmaking.forms import ExpertiseForm
from matchmaking.models import Expertise
from matchmaking.services.experts import offer_expertise, withdraw_expertise


def _expert(request: HttpRequest) -> User:
    person = member(request)
    if not standing_of(person).is_expert:
        raise Http404
    return person


@login_required
@require_http_methods(["GET", "POST"])
def expertise(request: HttpRequest) -> HttpResponse:
    person = _expert(request)
    form = ExpertiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            offer_expertise(
                topic=form.cleaned_data["topic"],
                words=form.cleaned_data["words"],
                hours=form.cleaned_data["hours"],
                by=person,
            )
        except Refused as refusal:
            form.add_error("topic", str(refusal))
        else:
            return redirect("matchmaking:expertise")
    own = Expertise.objects.filter(person=person, withdrawn_at__isnull=True)
    return render(
        request,
        "matchmaking/expertise.html",
        {"form": form, "own": own.select_related("topic").order_by("pk")},
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, reference: UUID) -> HttpResponse:
    person = _expert(request)
    own = Expertise.objects.filter(person=person)
    found = get_object_or_404(own, reference=reference)
    withdraw_expertise(expertise=found, by=person, now=timezone.now())
    return redirect("matchmaking:expertise")
