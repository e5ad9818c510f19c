"""Rounds: what was computed, other weights tried out, a round taken back."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from localities.models import Locality
from loci.cockpit.base import CockpitAdmin, ReadOnlyAdmin, WithMoreToRead, person_of
from loci.cockpit.weights import WeightsForm
from loci.core.errors import Refused
from matchmaking.choices import PinKind
from matchmaking.models import Pin, Round
from matchmaking.queries.changed import changed_since
from matchmaking.queries.rounds import compared_with_base, round_page
from matchmaking.services.explaining import why_not_these
from matchmaking.services.explaining_in_words import why_not_in_words
from matchmaking.services.pinning import Word, lift, settle
from matchmaking.services.rounds import start_round, start_trial, undo_round
from matchmaking.services.weights import current_weights
from surveys.models import Wave


class WhyNotForm(forms.Form):
    """Two localities of a round."""

    seeker = forms.ModelChoiceField(Locality.objects.order_by("name"), label=_("seeks"))
    helper = forms.ModelChoiceField(Locality.objects.order_by("name"), label=_("helps"))


@admin.register(Round)
class RoundAdmin(WithMoreToRead, ReadOnlyAdmin):
    list_display = ("wave", "state", "is_trial", "created_at", "computed_at", "covered")
    list_filter = ("state", "is_trial")
    list_select_related = ("wave",)
    ordering = ("-created_at", "-pk")
    fields = (
        "wave",
        "state",
        "problem",
        "weights",
        "has_interpretation",
        "computed_at",
        "undone_at",
        "snapshot_hash",
    )
    hubs_see = False
    change_form_template = "admin/matchmaking/round/change_form.html"

    @admin.display(description=_("localities with a suggestion"))
    def covered(self, row: Round) -> str:
        if not row.result:
            return ""
        return gettext("%(coverage)d of %(wanting)d") % {
            "coverage": row.result["coverage"],
            "wanting": row.result["wanting"],
        }

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path(
                "changed/<int:wave>/",
                view(self.changed_page),
                name="matchmaking_round_changed",
            ),
            path("<int:pk>/try/", view(self.try_page), name="matchmaking_round_try"),
            path("<int:pk>/why/", view(self.why_page), name="matchmaking_round_why"),
            path("<int:pk>/undo/", view(self.undo), name="matchmaking_round_undo"),
            path(
                "<int:pk>/input.json", view(self.input), name="matchmaking_round_input"
            ),
        ]
        return own + super().get_urls()

    def _round(self, request: HttpRequest, pk: int) -> Round:
        found: Round = get_object_or_404(self.get_queryset(request), pk=pk)
        return found

    def changed_page(self, request: HttpRequest, wave: int) -> HttpResponse:
        """Who has said something new since the last round, to be looked for alone."""
        self.require_view(request)
        asked = get_object_or_404(Wave, pk=wave)
        changed = changed_since(asked)
        if request.method == "POST" and changed:
            try:
                start_round(wave=asked, by=person_of(request), only=changed)
            except Refused as refusal:
                messages.warning(request, str(refusal))
            else:
                messages.success(request, gettext("Computed in a moment: reload then."))
            return redirect("admin:matchmaking_round_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Match again for these localities only"),
            "opts": self.opts,
            "form": forms.Form(),
            "lines": [str(place) for place in changed]
            or [gettext("Nobody has said anything new.")],
        }
        return TemplateResponse(request, "admin/plain_form.html", context)

    def more_to_read(self, request: HttpRequest, row: Round) -> dict[str, Any]:
        return {"page": round_page(row), "compared": compared_with_base(row)}

    def try_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Other weights on the same input; nothing is proposed to anybody."""
        self.require_view(request)
        round_ = self._round(request, pk)
        weights = round_.weights or (round_.snapshot or {}).get("weights", {})
        form = WeightsForm(
            request.POST or None,
            weights=weights or current_weights(),
            has_interpretation=round_.has_interpretation,
        )
        if request.method == "POST" and form.is_valid():
            try:
                trial = start_trial(
                    base=round_,
                    by=person_of(request),
                    weights=form.weights(),
                    has_interpretation=form.cleaned_data["has_interpretation"],
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, gettext("Computed in a moment: reload then."))
                return redirect("admin:matchmaking_round_change", trial.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Try other weights"),
            "opts": self.opts,
            "original": round_,
            "form": form,
        }
        return TemplateResponse(request, "admin/plain_form.html", context)

    def why_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Why the round did not propose one locality to another."""
        self.require_view(request)
        round_ = self._round(request, pk)
        form = WhyNotForm(request.GET or None)
        lines: list[str] = []
        if form.is_valid():
            seeker, helper = form.cleaned_data["seeker"], form.cleaned_data["helper"]
            try:
                found = why_not_these(round_=round_, seeker=seeker, helper=helper)
                lines = why_not_in_words(found, seeker, helper)
            except Refused as refusal:
                form.add_error(None, str(refusal))
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Why not this one?"),
            "opts": self.opts,
            "original": round_,
            "form": form,
            "lines": lines,
            "asks_only": True,
        }
        return TemplateResponse(request, "admin/plain_form.html", context)

    def input(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The stored input, of which anyone can compute the same round again."""
        self.require_view(request)
        round_ = self._round(request, pk)
        name = f'attachment; filename="round-{round_.pk}.json"'
        return JsonResponse(
            round_.snapshot or {},
            headers={"Content-Disposition": name},
            json_dumps_params={"sort_keys": True},
        )

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.require_view(request)
        round_ = self._round(request, pk)
        page = reverse("admin:matchmaking_round_change", args=[pk])
        if request.method == "POST":
            try:
                undo_round(round_=round_, by=person_of(request), now=timezone.now())
            except Refused as refusal:
                messages.warning(request, str(refusal))
            else:
                messages.success(request, gettext("The round is taken back."))
        return redirect(page)


class PinForm(forms.ModelForm):
    class Meta:
        model = Pin
        fields = ("kind", "seeker", "helper", "why", "until")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("seeker") and cleaned.get("seeker") == cleaned.get("helper"):
            self.add_error("helper", _("Choose two different localities."))
        return cleaned


@admin.register(Pin)
class PinAdmin(CockpitAdmin):
    """What is always, or never, suggested; written and lifted, not edited."""

    form = PinForm
    list_display = ("kind", "seeker", "helper", "why", "until", "by", "lifted_at")
    list_filter = ("kind", ("lifted_at", admin.EmptyFieldListFilter))
    list_select_related = ("seeker", "helper", "by")
    search_fields = ("seeker__name", "helper__name", "why")
    search_help_text = _("Locality or words")
    autocomplete_fields = ("seeker", "helper")
    ordering = ("-created_at", "-pk")
    actions = ("lift_words",)
    can_add = True

    def seen_by(self, rows: Any, person: Any) -> Any:
        return rows.filter(pk__in=Pin.objects.coordinated_by(person).values("pk"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("kind", "seeker", "helper", "why", "until") if obj else ()

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: Any
    ) -> None:
        """Write down a new word by its service; an old one is lifted, not edited."""
        if change:
            return
        word = Word(PinKind(obj.kind), obj.seeker, obj.helper, obj.why, obj.until)
        obj.pk = settle(word=word, by=person_of(request)).pk

    def add_view(self, request: HttpRequest, *given: Any, **more: Any) -> HttpResponse:
        """The usual page; what the service refuses is said there."""
        try:
            return super().add_view(request, *given, **more)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("admin:matchmaking_pin_changelist")

    @admin.action(description=_("Lift"), permissions=["change"])
    def lift_words(self, request: HttpRequest, rows: Any) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: lift(pin=row, by=person_of(request), now=timezone.now()),
            _("%(count)d lifted."),
        )
