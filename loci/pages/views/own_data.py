"""A person's own data: to read, to take along, to erase; a locality's memory."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import TypeVar

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from localities.models import Locality, Seat
from loci.accounts.http import member
from loci.core.errors import Refused
from loci.pages.services.held import KINDS
from loci.pages.services.memory import (
    OF_LOCALITY,
    memory_in_chapters,
    memory_of,
)
from loci.pages.services.own_data import (
    OF_PERSON,
    erase,
    held_about,
    own_chapters,
    own_data,
)
from loci.pages.services.readable import in_words

View = TypeVar("View", bound=Callable[..., HttpResponse])
PRETTY = {"indent": 2, "ensure_ascii": False}
files_are_few: Callable[[View], View] = ratelimit.decorator(
    app="loci.pages",
    action="take_along",
    config={"take_along": "20/5m/user"},
    limit_get=True,
)


@login_required
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/own_data.html", {"held": held_about(member(request))})


@login_required
@require_GET
@files_are_few
def own_file(request: HttpRequest) -> HttpResponse:
    return _file(own_data(member(request)), "loci-own-data.json")


@login_required
@require_GET
def own_page(request: HttpRequest) -> HttpResponse:
    """The same to be read: one file, whole in itself."""
    person = member(request)
    page = {
        "title": _("What is held about you"),
        "lead": _("Everything in LOCI that names you."),
        "first": in_words(person, (*OF_PERSON, "created_at")),
        "chapters": own_chapters(person),
    }
    return _page(request, page, "loci-own-data.html")


@login_required
@require_http_methods(["GET", "POST"])
def forget(request: HttpRequest) -> HttpResponse:
    """What goes and what stays; the typed address is the second look."""
    person, problem = member(request), ""
    typed = request.POST.get("email", "")
    if request.method == "POST":
        try:
            erase(person=person, typed=typed, now=timezone.now())
        except Refused as refusal:
            problem = str(refusal)
        else:
            logout(request)
            messages.success(request, _("You are forgotten here. Thank you."))
            return redirect("pages:landing")
    page = {
        "problem": problem,
        "typed": typed,
        "go": [kind.label for kind in KINDS if not kind.stays],
        "stay": [kind.label for kind in KINDS if kind.stays],
    }
    return render(request, "pages/forget.html", page)


@login_required
@require_GET
@files_are_few
def memory(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything of one's own locality, as far as one's side may read it."""
    place = _own_place(request, slug)
    return _file(memory_of(place, member(request)), f"loci-{place.slug}.json")


@login_required
@require_GET
def memory_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The same to be read: one file, whole in itself."""
    place = _own_place(request, slug)
    page = {
        "title": place.name,
        "lead": _("All that your pair has said here, as far as your side reads it."),
        "first": in_words(place, OF_LOCALITY),
        "chapters": memory_in_chapters(place, member(request)),
    }
    return _page(request, page, f"loci-{place.slug}.html")


def _own_place(request: HttpRequest, slug: str) -> Locality:
    seats = Seat.objects.held_by(member(request))
    places = Locality.objects.filter(pk__in=seats.values("locality"))
    return get_object_or_404(places, slug=slug)


def _page(request: HttpRequest, page: Mapping[str, object], name: str) -> HttpResponse:
    """To be kept, so that nothing in it runs here: its style is inside, no script."""
    style = (settings.BASE_DIR / "static" / "css" / "file.css").read_bytes()
    look = f"data:text/css;base64,{b64encode(style).decode()}"
    context = {**page, "look": look, "today": timezone.localdate()}
    answer = render(request, "pages/file.html", context)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _file(data: dict[str, object], name: str) -> HttpResponse:
    return JsonResponse(
        data,
        json_dumps_params=PRETTY,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
