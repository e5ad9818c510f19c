"""Lines from public sources: the network keeps them and answers doubts about them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from localities.models import Fact, FactDoubt, FactVersion, Locality, Region
from localities.services.public_sources import (
    add_from_sources,
    correct_from_sources,
    drop_from_sources,
    let_stand,
)
from loci.accounts.models import User
from loci.cockpit.base import CockpitAdmin, person_of
from loci.cockpit.matches import ReadOnlyInline
from loci.core.errors import Refused


class DoubtInline(ReadOnlyInline):
    model = FactDoubt
    fields = ("side", "words", "created_at", "outcome", "settled_at")
    readonly_fields = fields


class VersionInline(ReadOnlyInline):
    model = FactVersion
    fields = ("version", "text", "sources", "is_removed", "by", "at")
    readonly_fields = fields
    ordering = ("-version",)


class LineForm(forms.ModelForm):
    """The words, where they are from, when that was last looked at."""

    sources = forms.CharField(
        label=_("Public sources"),
        help_text=_("A link or the name of a document, one on each line."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "cols": 60}),
    )
    answer = forms.CharField(
        label=_("Why it stands"),
        help_text=_("Answers the doubts below when the line stays as it is."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Fact
        fields = ("locality", "text", "checked_on")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        if self.instance.pk:
            self.initial["sources"] = "\n".join(map(str, self.instance.sources))
            self.initial["version"] = self.instance.version
        else:
            self.initial["checked_on"] = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or {}
        typed = facts.get("version")
        if self.instance.pk and typed != self.instance.version:
            raise forms.ValidationError(
                _("Somebody changed this line meanwhile. Open it anew.")
            )
        return facts


@admin.register(Fact)
class PublicLineAdmin(CockpitAdmin):
    """What public sources say of a locality; what sides say is theirs."""

    form = LineForm
    list_display = ("locality", "words", "checked_on", "doubts_open", "is_on_page")
    list_filter = (
        "locality__region",
        ("removed_at", admin.EmptyFieldListFilter),
        "checked_on",
    )
    list_select_related = ("locality",)
    search_fields = ("locality__name", "text")
    search_help_text = _("Locality or words")
    ordering = ("checked_on", "pk")
    fields = ("locality", "text", "sources", "checked_on", "answer", "version")
    actions = ("drop",)
    hubs_change = True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True  # of their own regions; the site lets coordinators in alone

    def seen_by(self, rows: QuerySet[Fact], person: User) -> QuerySet[Fact]:
        own = Fact.objects.coordinated_by(person).values("pk")
        waiting = Count("doubts", filter=Q(doubts__settled_at__isnull=True))
        return rows.filter(pk__in=own).annotate(doubted=waiting)

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [DoubtInline, VersionInline] if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("locality",) if obj else ()

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **more: Any
    ) -> Any:
        if db_field.name == "locality":
            regions = Region.objects.coordinated_by(person_of(request))
            rows = Locality.objects.filter(region__in=regions)
            more["queryset"] = rows.order_by("name", "pk")
        return super().formfield_for_foreignkey(db_field, request, **more)

    @admin.display(description=_("fact"))
    def words(self, row: Fact) -> str:
        return row.text[:120]

    @admin.display(description=_("doubts"), ordering="doubted")
    def doubts_open(self, row: Any) -> int:
        return int(row.doubted)

    @admin.display(description=_("on the page"), boolean=True)
    def is_on_page(self, row: Fact) -> bool:
        return row.removed_at is None

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: Any
    ) -> None:
        """By the services: with a version, an audit line and an answer to doubts."""
        said = form.cleaned_data
        try:
            if change:
                self._change(obj, said, form.changed_data, person_of(request))
            else:
                made = add_from_sources(
                    locality=obj.locality,
                    text=said["text"],
                    sources=said["sources"].splitlines(),
                    by=person_of(request),
                    now=timezone.now(),
                )
                obj.pk = made.pk
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.WARNING)

    def _change(
        self, fact: Fact, said: dict[str, Any], changed: list[str], by: User
    ) -> None:
        now = timezone.now()
        if {"text", "sources", "checked_on"} & set(changed):
            correct_from_sources(
                fact=fact,
                text=said["text"],
                sources=said["sources"].splitlines(),
                checked_on=said["checked_on"],
                version=said["version"],
                by=by,
                now=now,
            )
        elif said["answer"]:
            let_stand(fact=fact, why=said["answer"], by=by, now=now)

    @admin.action(
        description=_("Take off the page; the history stays"), permissions=["change"]
    )
    def drop(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: drop_from_sources(
                fact=row, by=person_of(request), now=timezone.now()
            ),
            ngettext_lazy(
                "%(count)d line is off the page.",
                "%(count)d lines are off the page.",
                "count",
            ),
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        given = super().get_changeform_initial_data(request)
        return {name: value for name, value in given.items() if name == "locality"}
