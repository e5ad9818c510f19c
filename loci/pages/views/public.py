"""Pages for everybody."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from localities.models import Locality, SavedPlace
from localities.queries.profile import changes_between
from loci.accounts.models import User
from loci.cycles.queries.ledger import published_promises
from loci.pages.queries.directory import directory
from loci.pages.queries.filters import asked_for, labels
from loci.pages.queries.locality import locality_page
from loci.pages.queries.public import (
    landing as landing_page,
)
from matchmaking.services.weights import weights_in_words
from surveys.models import Wave

HALF_A_YEAR = timedelta(days=183)
YEARS = range(2000, 2200)


def reader(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/landing.html", {"page": landing_page()})


@require_GET
def localities(request: HttpRequest) -> HttpResponse:
    """The directory; its filters stand in the address."""
    known = labels()
    filters = asked_for(request.GET.dict(), known)
    page = directory(reader(request), filters, known)
    return render(request, "pages/localities.html", {"page": page})


@require_GET
def locality(request: HttpRequest, slug: str) -> HttpResponse:
    page = locality_page(_place(request, slug), reader(request), timezone.localdate())
    return render(request, "pages/locality.html", {"page": page})


def _place(request: HttpRequest, slug: str) -> Locality:
    person = reader(request)
    rows = Locality.objects.visible_to(person).select_related("region")
    if person is not None:
        saved = SavedPlace.objects.filter(person=person, locality=OuterRef("pk"))
        rows = rows.annotate(is_saved=Exists(saved))
    return get_object_or_404(rows, slug=slug)


@require_GET
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed in a profile between two days; a day that is none is ignored."""
    place, today = _place(request, slug), timezone.localdate()
    since = _day(request, "since") or today - HALF_A_YEAR
    until = _day(request, "until") or today
    if until < since:
        since, until = until, since
    page = {
        "locality": place,
        "since": since,
        "until": until,
        "changes": changes_between(place, reader(request), since, until),
        "ignored": any(
            request.GET.get(name) and not _day(request, name)
            for name in ("since", "until")
        ),
    }
    return render(request, "pages/changes.html", page)


def _day(request: HttpRequest, name: str) -> date | None:
    """The day in the address; None for anything else."""
    try:
        day = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return day if day.year in YEARS else None


@require_GET
def you_said_we_did(request: HttpRequest) -> HttpResponse:
    page = {"promises": published_promises(), "early": Wave.objects.opened_early()}
    return render(request, "pages/you_said_we_did.html", page)


@require_GET
def how_we_suggest(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/how_we_suggest.html", {"weights": weights_in_words()})
