"""A pair reads a circle that it was asked into, and answers."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import refused
from matchmaking.choices import ReplyAnswer
from matchmaking.models import Circle
from matchmaking.queries.circles import circle_page
from matchmaking.services.circles import answer_circle


@login_required
@require_http_methods(["GET", "POST"])
def circle(request: HttpRequest, reference: UUID) -> HttpResponse:
    rows = Circle.objects.shown_to(member(request)).select_related("topic")
    found = get_object_or_404(rows, reference=reference)
    if request.method == "POST":
        return _answer(request, found)
    page = circle_page(member(request), found)
    if page is None:
        raise Http404
    return render(request, "matchmaking/circle.html", {"page": page})


def _answer(request: HttpRequest, found: Circle) -> HttpResponse:
    said = request.POST.get("answer", "")
    if said not in {ReplyAnswer.YES, ReplyAnswer.NOT_FOR_US}:
        messages.warning(request, _("Choose yes or no."))
        return redirect(request.path)
    try:
        answer_circle(
            circle=found,
            answer=ReplyAnswer(said),
            by=member(request),
            now=timezone.now(),
        )
    except Refused as refusal:
        return refused(request, refusal, back_to=request.path)
    return redirect(request.path)
