"""Which topic fits: a search that works without scripts."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from surveys.queries.topics import topics_like

LONGEST = 100


@login_required
@require_GET
def topics(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "")[:LONGEST]
    return render(
        request, "surveys/topics.html", {"q": words, "topics": topics_like(words)}
    )
