"""Answers from another form tool: choose columns, rehearse, import."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from loci.cockpit.base import person_of
from loci.cockpit.monitor import MONITOR, WithMonitor
from loci.core.errors import Refused
from surveys.choices import StatementSide
from surveys.models import Wave
from surveys.queries.answer_tables import (
    NoTable,
    Table,
    read_table,
    remembered,
    targets,
)
from surveys.services.importing import Taking, import_answers, rehearse

LARGEST = 1_000_000


class FileForm(forms.Form):
    side = forms.ChoiceField(
        label=gettext_lazy("Whose answers"), choices=StatementSide.choices
    )
    file = forms.FileField(label=gettext_lazy("File (.csv)"), required=False)
    text = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        given = cleaned.get("file")
        if given is not None and given.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 1 MB."))
        text = given.read().decode("utf-8", "replace") if given else cleaned.get("text")
        try:
            cleaned["table"] = read_table(text or "")
        except NoTable as problem:
            raise forms.ValidationError(
                _("This is no table: %(why)s."), params={"why": str(problem)}
            ) from problem
        cleaned["text"] = text
        return cleaned


class ColumnsForm(forms.Form):
    """Where each column goes, and on whose word the answers are taken over."""

    def __init__(self, wave: Wave, side: str, table: Table, *args: Any) -> None:
        super().__init__(*args)
        choices, kept = targets(wave.survey, side), remembered(wave.survey, table)
        self.table = table
        for number, name in enumerate(table.heading):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=name,
                choices=choices,
                required=False,
                initial=kept.get(name, ""),
                help_text=self._example(name),
            )
        self.fields["spoke_with"] = forms.CharField(
            label=_("Who answered there"),
            help_text=_("Their role, not their name."),
            max_length=160,
        )
        self.fields["has_consent"] = forms.BooleanField(
            label=_("They agreed that their answers come here"), required=False
        )

    def _example(self, name: str) -> str:
        return next((row[name][:60] for row in self.table.rows if row[name]), "")

    def columns(self) -> dict[str, str]:
        return {
            name: self.cleaned_data[f"column-{number}"]
            for number, name in enumerate(self.table.heading)
            if self.cleaned_data[f"column-{number}"]
        }


class WithImport(WithMonitor):
    """An admin of waves that takes over answers from a file."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/answers/", view(self.answers), name="surveys_wave_answers"),
        ]
        return own + super().get_urls()

    def answers(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file; then its columns, a rehearsal, and the import."""
        wave = self._wave(request, pk)
        upload = FileForm(request.POST or None, request.FILES or None)
        context = self._context(request, wave, _("Answers from another form")) | {
            "upload": upload
        }
        if request.method == "POST" and upload.is_valid():
            return self._columns(request, wave, upload, context)
        return TemplateResponse(request, "admin/surveys/wave/answers.html", context)

    def _columns(
        self,
        request: HttpRequest,
        wave: Wave,
        upload: FileForm,
        context: dict[str, Any],
    ) -> HttpResponse:
        side, table = upload.cleaned_data["side"], upload.cleaned_data["table"]
        has_chosen = "rehearse" in request.POST or "import" in request.POST
        form = ColumnsForm(wave, side, table, request.POST if has_chosen else None)
        context |= {
            "form": form,
            "side": side,
            "text": upload.cleaned_data["text"],
            "rows": len(table.rows),
        }
        if has_chosen and form.is_valid():
            taking = Taking(
                wave,
                side,
                form.columns(),
                form.cleaned_data["spoke_with"],
                form.cleaned_data["has_consent"],
            )
            deed = import_answers if "import" in request.POST else rehearse
            try:
                lines = deed(
                    taking=taking,
                    table=table,
                    by=person_of(request),
                    now=timezone.now(),
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                if "import" in request.POST:
                    return self._imported(request, wave, lines)
                context |= {
                    "lines": lines,
                    "taken": sum(line.is_taken for line in lines),
                }
        return TemplateResponse(request, "admin/surveys/wave/answers.html", context)

    def _imported(
        self, request: HttpRequest, wave: Wave, lines: list[Any]
    ) -> HttpResponse:
        count = sum(line.is_taken for line in lines)
        words = ngettext("%(count)d row imported.", "%(count)d rows imported.", count)
        messages.success(request, words % {"count": count})
        return redirect(MONITOR, wave.pk)
