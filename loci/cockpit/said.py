"""Waves and answers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.contrib.postgres.fields import ArrayField
from django.db.models import ManyToManyField, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from localities.models import Locality, Region
from loci.accounts.models import User
from loci.cockpit.base import ReadOnlyAdmin, person_of
from loci.cockpit.conversations import WithEntering
from loci.cockpit.opening import WithOpening
from loci.cycles.services.ledger import draft_promises, share_back
from loci.cycles.services.reports import draft_report
from matchmaking.services.rounds import start_round
from surveys.choices import PartState, WaveState, Weekday
from surveys.models import Part, Statement, Wave
from surveys.services.waves import close_wave, is_gate_shut

TICKS_AT_MOST = 100  # localities; more are searched for


class WaveForm(forms.ModelForm):
    """Days of the week are ticked."""

    remind_on = forms.TypedMultipleChoiceField(
        label=_("Remind on these days of the week"),
        help_text=_("None ticked: Tuesday to Thursday. Opening mails go on these too."),
        choices=Weekday.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


@admin.register(Wave)
class WaveAdmin(WithOpening):
    list_display = ("title", "state", "opens_at", "closes_at")
    list_filter = ("state",)
    search_fields = ("title",)
    ordering = ("-opens_at", "pk")
    form = WaveForm
    fieldsets = (
        (None, {"fields": ("title", "survey", "opens_at", "closes_at", "state")}),
        (_("Whom it asks"), {"fields": ("regions", "localities")}),
        (
            _("Reminders"),
            {
                "fields": (
                    "remind_days_before",
                    "reminders_at_most",
                    "reminder_gap_days",
                    "remind_on",
                )
            },
        ),
    )
    gate = (_("The gate between waves"), {"fields": ("gate_override",)})
    formfield_overrides = {
        ArrayField: {"widget": forms.TextInput},
        ManyToManyField: {"widget": forms.CheckboxSelectMultiple},
    }
    change_form_template = "admin/surveys/wave/change_form.html"
    readonly_fields = ("state",)
    actions = (
        "open_now",
        "close_now",
        "start_matching",
        "draft_ledger",
        "draft_report",
        "share",
    )
    can_add = True

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **facts: Any
    ) -> Any:
        """Localities are ticked while they are few, and searched for when many."""
        if db_field.name == "localities":
            seen = Locality.objects.visible_to(person_of(request))
            if seen.count() > TICKS_AT_MOST:
                facts["widget"] = AutocompleteSelectMultiple(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **facts)

    def get_fieldsets(self, request: HttpRequest, obj: Wave | None = None) -> Any:
        """Why it opens early is asked only where that would be early, or was said."""
        wave = obj or Wave()
        is_early = wave.state == WaveState.DRAFT and is_gate_shut(wave)
        is_asked = bool(wave.gate_override) or is_early
        return (*self.fieldsets, self.gate) if is_asked else self.fieldsets

    @admin.action(description=_("Close"), permissions=["change"])
    def close_now(self, request: HttpRequest, rows: QuerySet[Wave]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: close_wave(wave=row, by=person_of(request), now=timezone.now()),
            ngettext_lazy("%(count)d wave closed.", "%(count)d waves closed.", "count"),
        )

    @admin.action(
        description=_("Suggest introductions (start a round)"), permissions=["change"]
    )
    def start_matching(self, request: HttpRequest, rows: QuerySet[Wave]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: start_round(wave=row, by=person_of(request)),
            ngettext_lazy(
                "%(count)d round started. Suggestions appear in a moment.",
                "%(count)d rounds started. Suggestions appear in a moment.",
                "count",
            ),
        )

    @admin.action(
        description=_("Draft promises for the largest unmet topics"),
        permissions=["change"],
    )
    def draft_ledger(self, request: HttpRequest, rows: QuerySet[Wave]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: draft_promises(wave=row, by=person_of(request)),
            ngettext_lazy(
                "Promises drafted for %(count)d wave. Give each an owner and a date.",
                "Promises drafted for %(count)d waves. Give each an owner and a date.",
                "count",
            ),
        )

    @admin.action(description=_("Draft the report"), permissions=["change"])
    def draft_report(self, request: HttpRequest, rows: QuerySet[Wave]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: draft_report(wave=row, by=person_of(request)),
            ngettext_lazy(
                "%(count)d report drafted. Name its readers.",
                "%(count)d reports drafted. Name their readers.",
                "count",
            ),
        )

    @admin.action(description=_("Mark as shared back"), permissions=["change"])
    def share(self, request: HttpRequest, rows: QuerySet[Wave]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: share_back(wave=row, by=person_of(request), now=timezone.now()),
            ngettext_lazy(
                "%(count)d wave shared back.", "%(count)d waves shared back.", "count"
            ),
        )


class SentFilter(admin.SimpleListFilter):
    title = _("sent")
    parameter_name = "sent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Sent")), ("no", _("Not sent yet"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Part]
    ) -> QuerySet[Part]:
        if self.value() == "yes":
            return queryset.filter(state=PartState.SENT)
        if self.value() == "no":
            return queryset.exclude(state=PartState.SENT)
        return queryset


@admin.register(Part)
class PartAdmin(WithEntering):
    """How far each part is; what was answered is not shown here."""

    list_display = ("locality", "side", "wave", "state", "first_opened_at", "sent_at")
    list_filter = (SentFilter, "side", "locality__region", "wave")
    list_select_related = ("locality", "wave")
    search_fields = ("locality__name", "reference")
    search_help_text = _("Locality or reference")
    ordering = ("locality__name", "side", "pk")
    fields = ("reference", "locality", "side", "wave", "state", "sent_at", "sent_by")

    def seen_by(self, rows: QuerySet[Part], person: User) -> QuerySet[Part]:
        return rows.filter(locality__region__in=Region.objects.coordinated_by(person))


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    list_display = (
        *("text", "kind", "locality", "side", "topic", "wave"),
        *("visibility", "state"),
    )
    list_filter = (
        *("wave", "kind", "state", "visibility"),
        *("locality__region", "topic__area"),
    )
    list_select_related = ("locality", "topic", "wave")
    search_fields = ("text", "locality__name")
    search_help_text = _("Words or locality")
    ordering = ("-pk",)
    fields = (
        "kind",
        "locality",
        "side",
        "topic",
        "text",
        "tried",
        "stage",
        "sector",
        "urgency",
        "experience",
        "hours_a_month",
        "visibility",
        "state",
        "is_illustrative",
        "sources",
    )

    def seen_by(self, rows: QuerySet[Statement], person: User) -> QuerySet[Statement]:
        own = Region.objects.coordinated_by(person)
        readable = Statement.objects.visible_to(person).values("pk")
        return rows.filter(pk__in=readable, locality__region__in=own)
