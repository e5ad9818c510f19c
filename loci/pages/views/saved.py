"""One's own saved list, and the questions that wait for an answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from localities.models import Locality
from localities.services.keeping import leave_place, save_place
from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import back_within, refused
from loci.pages.queries.filters import asked_for, labels
from loci.pages.queries.saved import saved_by
from loci.pages.services.saved_searches import ask_to_be_told, stop_telling


@login_required
@require_GET
def saved(request: HttpRequest) -> HttpResponse:
    page = saved_by(member(request), labels())
    return render(request, "pages/saved.html", {"page": page})


@login_required
@require_POST
def save(request: HttpRequest, slug: str) -> HttpResponse:
    place = _place(request, slug)
    save_place(locality=place, by=member(request))
    messages.success(request, _("Saved: %(place)s") % {"place": place.name})
    return redirect(_back(request, slug))


@login_required
@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    place = _place(request, slug)
    leave_place(locality=place, by=member(request))
    words = _("No longer on your list: %(place)s") % {"place": place.name}
    messages.success(request, words)
    return redirect(_back(request, slug))


@login_required
@require_POST
def tell_me(request: HttpRequest) -> HttpResponse:
    """Keep the filters of a search that found nobody."""
    filters = asked_for(request.POST.dict(), labels())
    back = reverse("pages:localities") + filters.address()
    try:
        ask_to_be_told(filters=filters, by=member(request), now=timezone.now())
    except Refused as refusal:
        return refused(request, refusal, back_to=back)
    messages.success(request, _("We will write to you once, when somebody fits."))
    return redirect("pages:saved")


@login_required
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    stop_telling(search=pk, by=member(request))
    messages.success(request, _("Taken away. We will not write about it."))
    return redirect("pages:saved")


def _place(request: HttpRequest, slug: str) -> Locality:
    rows = Locality.objects.visible_to(member(request))
    return get_object_or_404(rows, slug=slug)


def _back(request: HttpRequest, slug: str) -> str:
    return back_within(request, reverse("pages:locality", args=[slug]))
