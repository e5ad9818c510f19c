"""Calendars behind secret addresses."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from localities.models import Region
from localities.queries.standing import standing_of
from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import refused
from loci.core.texts import clean_text
from meetings.models import Feed
from meetings.queries.addresses import site_address
from meetings.services.feeds import feed_file, feed_of, make_feed, revoke_feed
from meetings.views.meetings import ics


@login_required
@require_http_methods(["GET", "POST"])
def feeds(request: HttpRequest) -> HttpResponse:
    """One's own addresses; a new one is shown once, on the page that made it."""
    person, address = member(request), ""
    if not standing_of(person).roles:
        raise Http404
    if request.method == "POST":
        code = request.POST.get("region", "")
        region = get_object_or_404(Region, code=clean_text(code)) if code else None
        try:
            _feed, token = make_feed(person=person, region=region)
        except Refused as refusal:
            return refused(request, refusal, back_to=reverse("meetings:feeds"))
        address = site_address(reverse("meetings:feed", args=[token]))
    rows = Feed.objects.filter(person=person, revoked_at=None)
    page = {
        "feeds": rows.select_related("region").order_by("-created_at", "-pk"),
        "regions": Region.objects.order_by("name", "pk"),
        "address": address,
    }
    return render(request, "meetings/feeds.html", page)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    own = Feed.objects.filter(person=member(request))
    revoke_feed(
        feed=get_object_or_404(own, pk=pk), by=member(request), now=timezone.now()
    )
    messages.success(request, _("That address is dead from now on."))
    return redirect("meetings:feeds")


@require_GET
@never_cache
def feed(_request: HttpRequest, token: str) -> HttpResponse:
    """The calendar; a guessed or ended token looks like nothing at all."""
    found = feed_of(token)
    if found is None:
        raise Http404
    return ics(feed_file(found, now=timezone.now()), "loci.ics")
