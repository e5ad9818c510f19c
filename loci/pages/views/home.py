"""The first page after signing in."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from localities.models import Invitation
from localities.queries.standing import seats_held, standing_of
from loci.accounts.http import member
from loci.accounts.models import User
from loci.cycles.queries.lessons import lessons_to_agree, lessons_to_write
from loci.cycles.queries.reports import reports_to_read
from loci.pages.queries.home import as_the_other_side, waits_for, workspace_of
from surveys.models import Wave


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The pair's workspace; without a seat, what this person's roles lead to."""
    person, now = member(request), timezone.now()
    seats = seats_held(person)
    if not seats:
        page = {
            "standing": standing_of(person),
            "waves": Wave.objects.asked_of(person).order_by("-opens_at", "pk"),
            "to_read": reports_to_read(person, now),
            "invitations": _invitations(person, now),
        }
        return render(request, "pages/home_without_seat.html", page)
    wanted = request.GET.get("locality", "")
    seat = next((row for row in seats if row.locality.slug == wanted), seats[0])
    waits = waits_for(person, seat, now)
    space = workspace_of(person, seat, now, waits)
    return render(
        request,
        "pages/home.html",
        {
            "space": space,
            "other_seats": [row for row in seats if row != seat],
            "to_read": reports_to_read(person, now) if "reports" in waits else (),
            "invitations": _invitations(person, now) if "invitations" in waits else (),
            "cards_to_write": lessons_to_write(person) if space.has_applied else (),
            "cards_to_agree": lessons_to_agree(person) if "cards" in waits else (),
        },
    )


def _invitations(person: User, now: datetime) -> QuerySet[Invitation]:
    rows = Invitation.objects.to(person).standing(now).select_related("organisation")
    return rows.order_by("-created_at", "pk")


@login_required
@require_GET
def other_side(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own rooms as the partner finds them; nothing of the partner's is told."""
    person = member(request)
    held = standing_of(person).seats
    seat = next((row for row in held if row.locality.slug == slug), None)
    if seat is None:
        raise Http404
    page = {"seat": seat, "rooms": as_the_other_side(person, seat)}
    return render(request, "pages/other_side.html", page)
