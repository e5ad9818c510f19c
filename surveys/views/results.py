"""What the answers add up to."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from loci.accounts.http import member
from surveys.models import Wave
from surveys.queries.results import results_of


@login_required
@require_GET
def results(request: HttpRequest, pk: int) -> HttpResponse:
    wave = get_object_or_404(Wave.objects.asked_of(member(request)), pk=pk)
    return render(
        request, "surveys/results.html", {"wave": wave, "results": results_of(wave)}
    )
