"""The list of meetings, the page of one, the way in, the host's table."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from loci.accounts.http import member
from loci.accounts.models import User
from meetings.choices import PlaceState
from meetings.models import Meeting, Place
from meetings.queries.agenda import agenda_of
from meetings.queries.page import (
    counted,
    meeting_page,
    meetings_listed,
    places_for_host,
)
from meetings.services.calendar_files import file_for


def person_or_none(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def seen_meeting(request: HttpRequest, reference: UUID) -> Meeting:
    """The meeting, if this person may know of it."""
    rows = Meeting.objects.seen_by(person_or_none(request))
    return get_object_or_404(
        rows.select_related("region", "host").prefetch_related("co_hosts"),
        reference=reference,
    )


@require_GET
def meetings(request: HttpRequest) -> HttpResponse:
    ahead, past = meetings_listed(person_or_none(request), timezone.now())
    return render(request, "meetings/list.html", {"ahead": ahead, "past": past})


@require_GET
def meeting(request: HttpRequest, reference: UUID) -> HttpResponse:
    found = seen_meeting(request, reference)
    person = person_or_none(request)
    page = {
        "page": meeting_page(found, person, timezone.now()),
        "agenda": agenda_of(found, person),
    }
    return render(request, "meetings/meeting.html", page)


@require_GET
def calendar(request: HttpRequest, reference: UUID) -> HttpResponse:
    found = seen_meeting(request, reference)
    return ics(file_for(found, now=timezone.now()), "meeting.ics")


def ics(text: str, name: str) -> HttpResponse:
    """A calendar file to keep."""
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_required
@require_GET
def join(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Our own address of the room: a room that changes needs no new mail."""
    found, now = seen_meeting(request, reference), timezone.now()
    if not found.join_link or not _may_join(member(request), found):
        raise Http404
    if not found.can_be_joined(now):
        page = {"meeting": found, "is_over": now >= found.ends_at}
        return render(request, "meetings/join.html", page)
    return redirect(found.join_link)


def _may_join(person: User, found: Meeting) -> bool:
    coming = Place.objects.held().filter(
        invitation__meeting=found, person=person, state=PlaceState.YES
    )
    prepares = Meeting.objects.filter(pk=found.pk)
    return (
        coming.exists()
        or prepares.hosted_by(person).exists()
        or prepares.coordinated_by(person).exists()
    )


@login_required
@require_GET
def host(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Who comes, with what they wrote for the host: people of the host alone."""
    rows = Meeting.objects.hosted_by(member(request))
    found = get_object_or_404(rows, reference=reference)
    page = {
        "meeting": found,
        "places": places_for_host(found),
        "counted": counted(found),
    }
    return render(request, "meetings/host.html", page)
