"""A wave is opened on a page of its own, which shows first who will be written to."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from loci.accounts.services.audit import record
from loci.cockpit.base import person_of
from loci.cockpit.imports import WithImport
from loci.cockpit.monitor import MONITOR
from loci.core.errors import Refused
from surveys.choices import WaveState
from surveys.models import Wave
from surveys.services.planning import telling
from surveys.services.waves import (
    audience_of,
    is_gate_shut,
    open_and_tell,
    open_wave,
)

OPENING = "admin:surveys_wave_open"


class OpeningForm(forms.Form):
    """Whether its people are written to; why now, where the gate is shut."""

    tell = forms.BooleanField(
        label=gettext_lazy("Write to them that it is open"),
        required=False,
        initial=True,
    )
    gate_override = forms.CharField(
        label=gettext_lazy("Why it opens before the last wave was shared back"),
        help_text=gettext_lazy("Everyone can read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )

    def __init__(self, wave: Wave, *args: Any) -> None:
        super().__init__(*args)
        self.wave, self.initial["gate_override"] = wave, wave.gate_override
        if not is_gate_shut(wave):
            del self.fields["gate_override"]

    def open(self, request: HttpRequest) -> None:
        """Raises Refused."""
        by, why = person_of(request), self.cleaned_data.get("gate_override")
        if why and why != self.wave.gate_override:
            self.wave.gate_override = why
            self.wave.save(update_fields=["gate_override", "updated_at"])
            record(by, "changed", self.wave)
        if self.cleaned_data["tell"]:
            open_and_tell(wave=self.wave, by=by, now=timezone.now())
        else:
            open_wave(wave=self.wave, by=by)


class WithOpening(WithImport):
    """An admin of waves that opens them."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.open)
        return [
            path("<int:pk>/open/", view, name="surveys_wave_open"),
            *super().get_urls(),
        ]

    @admin.action(description=gettext_lazy("Open for answers"), permissions=["change"])
    def open_now(
        self, request: HttpRequest, rows: QuerySet[Wave]
    ) -> HttpResponse | None:
        """To the page that opens it: one at a time."""
        chosen = list(rows[:2])
        if len(chosen) == 1:
            return redirect(OPENING, chosen[0].pk)
        words = _("One wave opens at a time: choose one.")
        self.message_user(request, words, messages.WARNING)
        return None

    def open(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Who will be written to and when; then, confirmed, the opening."""
        wave = self._wave(request, pk)
        if not self.has_change_permission(request, wave):
            raise PermissionDenied
        is_draft = wave.state == WaveState.DRAFT
        form = OpeningForm(wave, request.POST or None)
        if is_draft and request.method == "POST" and form.is_valid():
            try:
                form.open(request)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The wave is open."))
                return redirect(MONITOR, pk)
        now = timezone.now()
        context = self._context(request, wave, _("Open for answers")) | {
            "form": form if is_draft else None,
            "telling": telling(wave, now) if is_draft else None,
            "asked": audience_of(wave).count(),
            "today": timezone.localdate(now),
            "opens_later": wave.opens_at > now,
            "is_over": wave.closes_at <= now,
        }
        return TemplateResponse(request, "admin/surveys/wave/open.html", context)
