"""Talks at tables: whom one wants, where one sits, the plan to print."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from loci.accounts.http import member
from loci.accounts.models import User
from meetings.forms import TalksForm
from meetings.models import Meeting
from meetings.queries.talks import (
    called,
    others_coming,
    place_with_a_yes,
    table_plan,
)
from meetings.services.talks import wish_for_talks
from meetings.views.meetings import seen_meeting


@login_required
@require_http_methods(["GET", "POST"])
def talks(request: HttpRequest, reference: UUID) -> HttpResponse:
    """For those who come: one's wishes, and one's own timetable."""
    meeting = seen_meeting(request, reference)
    place = place_with_a_yes(meeting, member(request))
    if place is None:
        raise Http404
    people = [(other.pk, called(other)) for other in others_coming(place)]
    said = list(place.talk_wishes.values_list("other", flat=True))
    form = TalksForm(request.POST or None, people=people, initial={"others": said})
    if request.method == "POST" and form.is_valid():
        others = [int(pk) for pk in form.cleaned_data["others"]]
        wish_for_talks(place=place, others=others)
        messages.success(request, _("Noted. Tables are given before the meeting."))
        return redirect("meetings:talks", reference)
    page = {
        "meeting": meeting,
        "form": form,
        "has_people": people,
        "plan": table_plan(meeting, own=place),
    }
    return render(request, "meetings/talks.html", page)


@login_required
@require_GET
def tables(request: HttpRequest, reference: UUID) -> HttpResponse:
    """The whole plan, to print: for those who prepare the meeting."""
    meeting = seen_meeting(request, reference)
    if not prepares(member(request), meeting):
        raise Http404
    page = {"meeting": meeting, "plan": table_plan(meeting, own=None)}
    return render(request, "meetings/tables.html", page)


def prepares(person: User, meeting: Meeting) -> bool:
    own = Meeting.objects.filter(pk=meeting.pk)
    return own.hosted_by(person).exists() or own.coordinated_by(person).exists()
