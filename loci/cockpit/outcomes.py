"""The page of what introductions came to, and its table for a report."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from loci.cockpit.base import CockpitAdmin, person_of
from loci.core.tables import csv_of
from matchmaking.queries.outcomes import figures_to_pass_on, outcomes_for


class WithOutcomes(CockpitAdmin):
    """An admin of suggestions that also tells what introductions came to."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("outcomes/", view(self.outcomes), name="matchmaking_outcomes"),
            path("outcomes.csv", view(self.table), name="matchmaking_outcomes_csv"),
        ]
        return own + super().get_urls()

    def outcomes(self, request: HttpRequest) -> HttpResponse:
        self.require_view(request)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("What introductions came to"),
            "opts": self.opts,
            "page": outcomes_for(person_of(request)),
        }
        page = "admin/matchmaking/suggestion/outcomes.html"
        return TemplateResponse(request, page, context)

    def table(self, request: HttpRequest) -> HttpResponse:
        """The ladder as CSV for a report to others; small numbers are left out."""
        self.require_view(request)
        heading = (_("At least"), _("Introductions"), _("Localities"))
        rows = figures_to_pass_on(outcomes_for(person_of(request)))
        return HttpResponse(
            csv_of(heading, rows),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="outcomes.csv"'},
        )
