"""Localities, organisations and persons from a file: looked at first, then taken."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from localities.choices import Level, OrganisationKind, Phase, Role
from localities.models import ImportDraft, Region
from localities.services.import_examples import example_file
from localities.services.import_plans import BROKEN, CHANGED, NEW, SAME, SHAPES, plan
from localities.services.importing import keep_draft, take_draft
from localities.services.tables import BYTES_AT_MOST
from loci.cockpit.base import coordinates_network, person_of
from loci.core.errors import Refused

SHOWN_AT_MOST = 200


class FileForm(forms.Form):
    """A table, and what is in it."""

    kind = forms.ChoiceField(
        label=_("what is in it"),
        choices=[
            ("localities", _("Localities and their seats")),
            ("organisations", _("Organisations")),
            ("persons", _("Persons and their places")),
        ],
    )
    file = forms.FileField(
        label=_("file"), help_text=_("CSV or XLSX, the first line names the columns.")
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > BYTES_AT_MOST:
            raise forms.ValidationError(_("The file is larger than 5 MB. Split it."))
        return file


def import_urls(wrap: Any) -> list[URLPattern]:
    """The two pages and the examples, inside the list of localities."""
    return [
        path("import/", wrap(choose), name="localities_import"),
        path("import/<int:pk>/", wrap(look), name="localities_import_look"),
        path(
            "import/example-<slug:kind>.csv",
            wrap(example),
            name="localities_import_example",
        ),
    ]


def _require(request: HttpRequest) -> None:
    if not coordinates_network(request):
        raise PermissionDenied


def _words_taken() -> list[tuple[str, str]]:
    """The words that a column takes, with what each means where it does not say so."""
    regions = Region.objects.order_by("name").values_list("code", "name")
    columns: list[tuple[str, Iterable[tuple[str, Any]]]] = [
        ("level", Level.choices),
        ("region", regions),
        ("phase", Phase.choices),
        ("kind", OrganisationKind.choices),
        ("role", Role.choices),
    ]
    plain = [
        (
            "slug",
            gettext("the end of the page's address: small letters, digits and dashes"),
        ),
        ("iso", gettext("two letters for the country")),
        ("languages", "en, es, …"),
    ]
    return plain + [
        (
            column,
            ", ".join(
                code if str(name).casefold() == code else f"{code} ({name})"
                for code, name in choices
            ),
        )
        for column, choices in columns
    ]


def choose(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Send a file; nothing is written by that."""
    _require(request)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft = keep_draft(
                kind=form.cleaned_data["kind"],
                content=file.read(),
                name=file.name,
                by=person_of(request),
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("admin:localities_import_look", draft.pk)
    page = {**context, "form": form, "shapes": SHAPES, "title": gettext("Import")}
    page["words"] = _words_taken()
    return TemplateResponse(request, "admin/localities/import.html", page)


def example(request: HttpRequest, _context: dict[str, Any], kind: str) -> HttpResponse:
    """A table to begin with, as the import reads it."""
    _require(request)
    if kind not in SHAPES:
        raise Http404
    return HttpResponse(
        example_file(kind),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{kind}.csv"'},
    )


def look(request: HttpRequest, context: dict[str, Any], pk: int) -> HttpResponse:
    """What it would do, row by row; the button takes all of it."""
    _require(request)
    draft = get_object_or_404(ImportDraft, pk=pk, by=person_of(request))
    if request.method == "POST":
        try:
            take_draft(draft=draft, by=person_of(request), on=timezone.localdate())
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("admin:localities_import_look", pk)
        messages.success(request, gettext("All rows are taken."))
        return redirect("admin:localities_locality_changelist")
    found = plan(kind=draft.kind, rows=draft.rows)
    order = {BROKEN: 0, CHANGED: 1, NEW: 2, SAME: 3}
    shown = sorted(found.findings, key=lambda row: (order[row.state], row.number))
    labels = {
        BROKEN: gettext("cannot be taken"),
        CHANGED: gettext("changed"),
        NEW: gettext("new"),
        SAME: gettext("same"),
    }
    page = {
        **context,
        "title": draft.file_name,
        "plan": found,
        "counts": [(labels[state], found.count(state)) for state in order],
        "rows": [(row, labels[row.state]) for row in shown[:SHOWN_AT_MOST]],
        "more": max(0, len(shown) - SHOWN_AT_MOST),
    }
    return TemplateResponse(request, "admin/localities/import_look.html", page)
