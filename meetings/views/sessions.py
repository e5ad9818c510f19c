"""Sessions of a meeting: the run sheet of one, wishes."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import refused
from meetings.models import Meeting, Session
from meetings.queries.agenda import heading_of
from meetings.services.run_sheets import run_sheet
from meetings.services.wishing import wish_for
from meetings.views.meetings import seen_meeting


def shown_session(meeting: Meeting, pk: int) -> Session:
    """A session of an agenda that is shown."""
    rows = Session.objects.filter(
        meeting=meeting, meeting__agenda_shown=True, is_dropped=False
    )
    return get_object_or_404(rows.select_related("slot", "room", "topic"), pk=pk)


@require_GET
def session(request: HttpRequest, reference: UUID, pk: int) -> HttpResponse:
    meeting = seen_meeting(request, reference)
    found = shown_session(meeting, pk)
    page = {
        "meeting": meeting,
        "session": found,
        "heading": heading_of(found),
        "lines": run_sheet(found.format, found.slot.begins if found.slot else None),
    }
    return render(request, "meetings/session.html", page)


@login_required
@require_POST
def wish(request: HttpRequest, reference: UUID, pk: int) -> HttpResponse:
    meeting = seen_meeting(request, reference)
    found = shown_session(meeting, pk)
    page = f"{meeting.get_absolute_url()}#session-{found.pk}"
    try:
        wish_for(session=found, by=member(request))
    except Refused as refusal:
        return refused(request, refusal, back_to=page)
    return redirect(page)
