"""Put a reminder off to another day."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import refused
from surveys.services.reminding import snooze
from surveys.views.parts import own_part

CHOICES = (3, 7, 14)


@login_required
@require_http_methods(["GET", "POST"])
def later(request: HttpRequest, reference: str) -> HttpResponse:
    part = own_part(request, reference)
    now = timezone.now()
    days = [
        (count, now + timedelta(days=count))
        for count in CHOICES
        if now + timedelta(days=count) < part.closes_at
    ]
    if request.method != "POST":
        return render(request, "surveys/later.html", {"part": part, "days": days})
    chosen = {str(count): moment for count, moment in days}
    until = chosen.get(request.POST.get("days", ""), now)
    try:
        snooze(part=part, person=member(request), until=until, now=now)
    except Refused as refusal:
        return refused(request, refusal, back_to=request.path)
    day = date_format(timezone.localtime(until), "DATE_FORMAT")
    messages.success(request, _("You are not reminded before %(day)s.") % {"day": day})
    return redirect("surveys:start", reference)
