"""The first page after signing in."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from localities.models import Invitation
from localities.queries.standing import standing_of
from loci.accounts.http import member
from loci.cycles.queries.lessons import lessons_to_agree, lessons_to_write
from loci.cycles.queries.reports import reports_to_read
from loci.pages.queries.home import as_the_other_side, workspace_of
from surveys.models import Wave


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The pair's workspace; without a seat, what this person's roles lead to."""
    person = member(request)
    standing = standing_of(person)
    to_read = reports_to_read(person, timezone.now())
    invitations = (
        Invitation.objects.to(person)
        .standing(timezone.now())
        .select_related("organisation")
        .order_by("-created_at", "pk")
    )
    if not standing.seats:
        waves = Wave.objects.asked_of(person).order_by("-opens_at", "pk")
        return render(
            request,
            "pages/home_without_seat.html",
            {
                "standing": standing,
                "waves": waves,
                "to_read": to_read,
                "invitations": invitations,
            },
        )
    wanted = request.GET.get("locality", "")
    seat = next(
        (row for row in standing.seats if row.locality.slug == wanted),
        standing.seats[0],
    )
    space = workspace_of(person, seat, timezone.now())
    return render(
        request,
        "pages/home.html",
        {
            "space": space,
            "other_seats": [row for row in standing.seats if row != seat],
            "standing": standing,
            "to_read": to_read,
            "invitations": invitations,
            "cards_to_write": lessons_to_write(person) if space.has_applied else (),
            "cards_to_agree": lessons_to_agree(person),
        },
    )


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
