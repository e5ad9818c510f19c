"""A pair says how an introduction went; the page in the mail only shows the form."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import refused
from matchmaking.choices import Ending, Outcome
from matchmaking.forms import CheckInForm
from matchmaking.models import Suggestion
from matchmaking.services.checking_in import EvidenceNeeded, Told, tell_how_it_went
from matchmaking.views.cards import own_suggestion


@login_required
@require_http_methods(["GET", "POST"])
def check_in(request: HttpRequest, reference: UUID) -> HttpResponse:
    suggestion = own_suggestion(request, reference)
    tapped = {"said": request.GET.get("said", "")}
    form = CheckInForm(request.POST or None, initial=tapped)
    if request.method == "POST" and form.is_valid():
        try:
            _tell(request, suggestion, form)
        except EvidenceNeeded as refusal:
            form.add_error("evidence", str(refusal))
        except Refused as refusal:
            return refused(request, refusal, back_to="pages:home")
        else:
            messages.success(
                request, _("Thank you. This helps the next introductions.")
            )
            return redirect("matchmaking:card", reference)
    return render(
        request, "matchmaking/check_in.html", {"form": form, "suggestion": suggestion}
    )


def _tell(request: HttpRequest, suggestion: Suggestion, form: CheckInForm) -> None:
    said = form.cleaned_data["said"]
    evidence = form.cleaned_data["evidence"].strip()
    told = (
        Told(ending=Ending(said)) if said in Ending.values else Told(Outcome(int(said)))
    )
    tell_how_it_went(
        suggestion=suggestion,
        told=Told(told.outcome, told.ending, evidence),
        by=member(request),
        now=timezone.now(),
    )
