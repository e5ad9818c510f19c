"""What the answers add up to."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from loci.accounts.http import member
from surveys.models import Wave
from surveys.queries.own_words import own_lines, pair_topics
from surveys.queries.results import results_of
from surveys.queries.results_files import as_csv, as_json, as_xlsx
from surveys.queries.summary import summary_of
from surveys.queries.themes import own_themes, themes_shown
from surveys.queries.topic import topic_page

FORMS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        as_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "json": (as_json, "application/json"),
}


@login_required
@require_GET
def results(request: HttpRequest, pk: int) -> HttpResponse:
    person = member(request)
    wave = get_object_or_404(Wave.objects.asked_of(person), pk=pk)
    found = results_of(wave)
    if found is None:
        return render(request, "surveys/results_to_come.html", {"wave": wave})
    themes = themes_shown(wave)
    return render(
        request,
        "surveys/results.html",
        {
            "themes": themes,
            "own_themes": own_themes(person, themes),
            "wave": wave,
            "results": found,
            "summary": summary_of(found),
            "own": own_lines(person, found),
            "pairs": pair_topics(person, wave),
        },
    )


@login_required
@require_GET
def topic(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Who asks for one topic and who offers it, by consent."""
    wave = get_object_or_404(Wave.objects.asked_of(member(request)), pk=pk)
    found = results_of(wave)
    page = topic_page(found, code) if found else None
    if page is None:
        raise Http404
    return render(request, "surveys/topic.html", {"wave": wave, "page": page})


@login_required
@require_GET
def results_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The same results to keep: CSV, XLSX or JSON."""
    wave = get_object_or_404(Wave.objects.asked_of(member(request)), pk=pk)
    found = results_of(wave)
    if found is None or form not in FORMS:
        raise Http404
    written, kind = FORMS[form]
    name = f"results-{wave.pk}.{form}"
    return HttpResponse(
        written(found, themes_shown(wave)),
        headers={
            "Content-Type": kind,
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )
