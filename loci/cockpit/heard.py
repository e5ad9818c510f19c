"""What the answers add up to: results in words."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loci.cockpit.base import CockpitAdmin, person_of
from surveys.choices import SHOWN_IN
from surveys.models import Analysis
from surveys.queries.results import results_of
from surveys.queries.summary import summary_of
from surveys.services.summarising import write_words


@admin.register(Analysis)
class AnalysisAdmin(CockpitAdmin):
    """The words of a wave's results; the counts are made by the analysis alone."""

    list_display = ("wave", "state", "computed_at", "has_words")
    list_select_related = ("wave",)
    ordering = ("-wave__opens_at", "-pk")
    fields = ("wave", "computed_at", "from_the_counts", "words")
    readonly_fields = ("wave", "computed_at", "from_the_counts")
    hubs_see = False

    @admin.display(description=_("state"))
    def state(self, row: Analysis) -> str:
        return row.wave.get_state_display()

    @admin.display(description=_("own words"), boolean=True)
    def has_words(self, row: Analysis) -> bool:
        return bool(row.words)

    @admin.display(description=_("made from the counts"))
    def from_the_counts(self, row: Analysis) -> str:
        found = results_of(row.wave)
        return " ".join(summary_of(found)) if found else ""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.wave.state in SHOWN_IN)

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: Any
    ) -> None:
        write_words(
            analysis=obj, words=obj.words, by=person_of(request), now=timezone.now()
        )
