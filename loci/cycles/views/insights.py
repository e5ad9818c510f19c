"""What the network came to, year by year, for everybody; and as files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from loci.cycles.queries.insights import as_csv, as_json, years_shown

FORMS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "json": (as_json, "application/json"),
}


@require_GET
def insights(request: HttpRequest) -> HttpResponse:
    return render(request, "cycles/insights.html", {"years": years_shown()})


@require_GET
def insights_file(_request: HttpRequest, ending: str) -> HttpResponse:
    if ending not in FORMS:
        raise Http404
    write, kind = FORMS[ending]
    name = f"loci-insights.{ending}"
    return HttpResponse(
        write(years_shown()),
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
