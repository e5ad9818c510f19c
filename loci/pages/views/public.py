"""Pages for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from localities.models import Locality
from loci.accounts.models import User
from loci.cycles.queries.ledger import published_promises
from loci.pages.queries.public import (
    landing as landing_page,
    localities_by_region,
    locality_page,
)
from matchmaking.services.weights import weights_in_words


def reader(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/landing.html", {"page": landing_page()})


@require_GET
def localities(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/localities.html", {"regions": localities_by_region()})


@require_GET
def locality(request: HttpRequest, slug: str) -> HttpResponse:
    place = get_object_or_404(
        Locality.objects.listed().select_related("region").prefetch_related("facts"),
        slug=slug,
    )
    page = locality_page(place, reader(request))
    return render(request, "pages/locality.html", {"page": page})


@require_GET
def you_said_we_did(request: HttpRequest) -> HttpResponse:
    return render(
        request, "pages/you_said_we_did.html", {"promises": published_promises()}
    )


@require_GET
def how_we_suggest(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/how_we_suggest.html", {"weights": weights_in_words()})
