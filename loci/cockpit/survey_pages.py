"""Pages and deeds around one survey: preview, publish, next version, files."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _, gettext_lazy

from loci.cockpit.base import CockpitAdmin, coordinates_network, person_of
from loci.core.errors import Refused
from surveys.models import Survey
from surveys.services.authoring import duplicate, next_version, publish_survey
from surveys.services.survey import NotASurvey, as_facts, import_survey
from surveys.services.xlsform import from_xlsform, to_xlsform

CHANGE = "admin:surveys_survey_change"
LARGEST = 1_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DEEDS = {
    "publish": (publish_survey, gettext_lazy("Published: from now on it is frozen.")),
    "next": (next_version, gettext_lazy("The next version is a draft.")),
    "duplicate": (duplicate, gettext_lazy("Duplicated: this is a draft.")),
}


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File (.xlsx as XLSForm, or .json)"),
        help_text=gettext_lazy(
            "It becomes a draft. What cannot be asked is named with its cell."
        ),
    )

    def facts(self) -> dict[str, Any]:
        """What the file says. Raises NotASurvey."""
        given = self.cleaned_data["file"]
        if given.size > LARGEST:
            raise NotASurvey(_("The file is larger than 1 MB."))
        content = given.read()
        if not given.name.lower().endswith(".json"):
            return from_xlsform(content)
        try:
            facts: dict[str, Any] = json.loads(content)
        except (ValueError, RecursionError) as problem:
            raise NotASurvey(_("This is no JSON file.")) from problem
        return facts


class WithPages(CockpitAdmin):
    """An admin of surveys with pages of its own."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("import/", view(self.import_page), name="surveys_survey_import"),
            path("<int:pk>/do/<slug:deed>/", view(self.do), name="surveys_survey_do"),
            path(
                "<int:pk>/file.<slug:form>", view(self.file), name="surveys_survey_file"
            ),
        ]
        return own + super().get_urls()

    def _survey(self, request: HttpRequest, pk: int) -> Survey:
        self.require_view(request)
        found: Survey = get_object_or_404(self.get_queryset(request), pk=pk)
        return found

    def _may_write(self, request: HttpRequest) -> None:
        if not coordinates_network(request):
            raise PermissionDenied

    def do(self, request: HttpRequest, pk: int, deed: str) -> HttpResponse:
        """Publish it, or go on from it."""
        survey = self._survey(request, pk)
        self._may_write(request)
        if deed not in DEEDS or request.method != "POST":
            return redirect(CHANGE, pk)
        service, words = DEEDS[deed]
        try:
            survey = service(survey=survey, by=person_of(request))
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, str(words))
        return redirect(CHANGE, survey.pk)

    def file(self, request: HttpRequest, pk: int, form: str) -> HttpResponse:
        """The survey as JSON or as XLSForm."""
        survey = self._survey(request, pk)
        if form == "json":
            text = json.dumps(as_facts(survey), ensure_ascii=False, indent=2)
            content, kind = text.encode(), "application/json"
        elif form == "xlsx":
            content, kind = to_xlsform(survey), XLSX
        else:
            raise Http404
        named = f'attachment; filename="{survey.code}.{form}"'
        return HttpResponse(
            content, headers={"Content-Type": kind, "Content-Disposition": named}
        )

    def import_page(self, request: HttpRequest) -> HttpResponse:
        """A survey from a file, as a draft."""
        self.require_view(request)
        self._may_write(request)
        form = ImportForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                survey = import_survey(facts=form.facts(), by=person_of(request))
            except Refused as refusal:
                form.add_error("file", str(refusal))
            else:
                messages.success(request, _("Imported as a draft. Look it through."))
                return redirect(CHANGE, survey.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import a survey"),
            "opts": self.opts,
            "form": form,
            "has_file": True,
        }
        return TemplateResponse(request, "admin/plain_form.html", context)
