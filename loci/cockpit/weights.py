"""How much each factor counts: the tables so far, a new one, what replies teach."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext, gettext_lazy as _

from loci.cockpit.base import ReadOnlyAdmin, person_of
from loci.core.errors import Refused
from matchmaking.models import WeightTable
from matchmaking.services.learning import lessons
from matchmaking.services.learning_in_words import lessons_in_words
from matchmaking.services.pinning import adopt_weights
from matchmaking.services.weights import current_weights, factor_labels


class WeightsForm(forms.Form):
    """How much each factor counts; any numbers from 0 up."""

    has_interpretation = forms.BooleanField(
        label=_("interpretation can be had"), required=False
    )

    def __init__(
        self, *given: Any, weights: dict[str, float], has_interpretation: bool
    ) -> None:
        super().__init__(*given)
        self.fields["has_interpretation"].initial = has_interpretation
        for code, label in factor_labels().items():
            self.fields[code] = forms.FloatField(
                label=label,
                min_value=0,
                max_value=1000,
                initial=round(weights.get(code, 0), 4),
                widget=forms.NumberInput(attrs={"step": "any"}),
            )

    def weights(self) -> dict[str, float]:
        return {code: self.cleaned_data[code] for code in factor_labels()}


class AdoptForm(WeightsForm):
    why = forms.CharField(label=_("why"), max_length=300)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        del self.fields["has_interpretation"]


@admin.register(WeightTable)
class WeightTableAdmin(ReadOnlyAdmin):
    """The tables of weights so far; the newest counts."""

    list_display = ("created_at", "why", "by")
    list_select_related = ("by",)
    ordering = ("-created_at", "-pk")
    fields = ("created_at", "why", "by", "weights")
    hubs_see = False
    change_list_template = "admin/matchmaking/weighttable/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = "matchmaking_weighttable_adopt"
        own = [
            path("adopt/", view(self.adopt), name=name),
            path("learn/", view(self.learn), name="matchmaking_weighttable_learn"),
        ]
        return own + super().get_urls()

    def learn(self, request: HttpRequest) -> HttpResponse:
        """What the answers so far speak for; nothing changes by reading it."""
        self.require_view(request)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("What replies teach"),
            "opts": self.opts,
            "page": lessons_in_words(lessons()),
        }
        page = "admin/matchmaking/weighttable/learn.html"
        return TemplateResponse(request, page, context)

    def adopt(self, request: HttpRequest) -> HttpResponse:
        """A new table of weights, with the reason."""
        self.require_view(request)
        start = current_weights()
        if "learned" in request.GET:
            learned = lessons().learned
            start = learned.weights if learned else start
        form = AdoptForm(request.POST or None, weights=start, has_interpretation=True)
        if request.method == "POST" and form.is_valid():
            try:
                adopt_weights(
                    weights=form.weights(),
                    why=form.cleaned_data["why"],
                    by=person_of(request),
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, gettext("They count from the next round on."))
                return redirect("admin:matchmaking_weighttable_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("New weights"),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "admin/plain_form.html", context)
