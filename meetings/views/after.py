"""After a meeting: the two questions, the notes to keep."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import refused
from meetings.choices import OfUse
from meetings.forms import FeedbackForm
from meetings.models import Invitation, Place
from meetings.services.after import notes_file, tell_feedback
from meetings.views.meetings import seen_meeting
from meetings.views.talks import prepares


@login_required
@require_http_methods(["GET", "POST"])
def feedback(request: HttpRequest, reference: UUID) -> HttpResponse:
    meeting, person = seen_meeting(request, reference), member(request)
    own = Place.objects.held().filter(invitation__meeting=meeting, person=person)
    if not own.exists():
        raise Http404
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            tell_feedback(
                meeting=meeting,
                of_use=OfUse(form.cleaned_data["of_use"]),
                changed=form.cleaned_data["changed"],
                by=person,
                now=timezone.now(),
            )
        except Refused as refusal:
            return refused(request, refusal, back_to=meeting.get_absolute_url())
        messages.success(request, _("Thank you. This makes the next meeting better."))
        return redirect(meeting)
    return render(request, "meetings/feedback.html", {"form": form, "meeting": meeting})


@login_required
@require_GET
def notes(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Notes and review as text, for invited pairs and those who prepare it."""
    meeting, person = seen_meeting(request, reference), member(request)
    asked = Invitation.objects.held_by(person).filter(meeting=meeting)
    if not (asked.exists() or prepares(person, meeting)):
        raise Http404
    return HttpResponse(
        notes_file(meeting),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="notes.txt"'},
    )
