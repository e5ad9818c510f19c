"""Reports: the list, one report, and a reader's word on one section."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from loci.accounts.http import member
from loci.core.errors import Refused
from loci.core.http import refused
from loci.cycles.choices import Verdict
from loci.cycles.forms import ReadingForm
from loci.cycles.models import Report, ReportSection
from loci.cycles.queries.quotes import ended_quotes, without_quotes
from loci.cycles.queries.reports import report_shown, reports_for
from loci.cycles.services.reading import WordsNeeded, read_section


@login_required
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    rows = reports_for(member(request))
    return render(request, "cycles/reports.html", {"reports": rows})


@login_required
@require_GET
def report(request: HttpRequest, reference: UUID) -> HttpResponse:
    person = member(request)
    found = get_object_or_404(
        Report.objects.visible_to(person).select_related("wave"), reference=reference
    )
    shown = report_shown(found, person, timezone.now())
    return render(request, "cycles/report.html", {"shown": shown})


@login_required
@require_http_methods(["GET", "POST"])
def read(request: HttpRequest, reference: UUID, kind: str) -> HttpResponse:
    """One section with the question what the reader says of it."""
    person = member(request)
    found = get_object_or_404(
        Report.objects.visible_to(person).filter(readers__person=person),
        reference=reference,
    )
    section = get_object_or_404(found.sections, kind=kind)
    form = ReadingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _read(request, section, form)
        except WordsNeeded as refusal:
            form.add_error("words", str(refusal))
        except Refused as refusal:
            return refused(request, refusal, back_to="cycles:reports")
        else:
            messages.success(request, _("Thank you. You can change it until the end."))
            return redirect(reverse("cycles:report", args=[reference]) + f"#{kind}")
    text = without_quotes(section.text, ended_quotes(found))
    words = {"form": form, "report": found, "section": section, "text": text}
    return render(request, "cycles/read.html", words)


def _read(request: HttpRequest, section: ReportSection, form: ReadingForm) -> None:
    read_section(
        section=section,
        verdict=Verdict(form.cleaned_data["verdict"]),
        words=form.cleaned_data["words"],
        by=member(request),
        now=timezone.now(),
    )
