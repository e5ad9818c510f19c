"""Reports: written, sent to readers, published; remarks and what became of them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from loci.accounts.models import User
from loci.cockpit.base import CockpitAdmin, person_of
from loci.cockpit.searched import Searched
from loci.core.errors import Refused
from loci.cycles.choices import ReportState
from loci.cycles.models import Reading, Report, ReportReader, ReportSection
from loci.cycles.services.plans import draft_plan
from loci.cycles.services.reading import answer_remark
from loci.cycles.services.reports import draft_report, publish_report, send_to_readers


class WrittenInline(admin.TabularInline):
    """Parts of a report; nothing of a published one changes."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and not obj.is_frozen

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SectionInline(admin.StackedInline, WrittenInline):
    model = ReportSection
    fields = ("heading", "text")
    ordering = ("position",)


class ReaderInline(Searched, WrittenInline):
    model = ReportReader
    fields = ("person",)
    autocomplete_fields = ("person",)
    extra = 1

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and obj.state == ReportState.DRAFT

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)


@admin.register(Report)
class ReportAdmin(CockpitAdmin):
    list_display = ("title", "version", "wave", "state", "read_by", "published_at")
    list_filter = ("kind", "state", "wave")
    list_select_related = ("wave",)
    ordering = ("-wave__opens_at", "-version", "pk")
    fields = ("title", "wave", "version", "state", "read_by", "published_at")
    readonly_fields = ("wave", "version", "state", "published_at")
    inlines = (ReaderInline, SectionInline)
    actions = ("to_readers", "publish", "next_version")
    hubs_change = True

    def seen_by(self, rows: QuerySet[Report], person: User) -> QuerySet[Report]:
        """Hubs write the plans of their regions; reports are the network's."""
        return rows.filter(pk__in=Report.objects.written_by(person).values("pk"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not obj.is_frozen)

    def view_on_site(self, obj: Report) -> str:
        return f"/reports/{obj.reference}/"

    @admin.action(description=_("Send to the readers"), permissions=["change"])
    def to_readers(self, request: HttpRequest, rows: QuerySet[Report]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: send_to_readers(
                report=row, by=person_of(request), now=timezone.now()
            ),
            ngettext_lazy(
                "%(count)d report is with its readers.",
                "%(count)d reports are with their readers.",
                "count",
            ),
        )

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, rows: QuerySet[Report]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: publish_report(
                report=row, by=person_of(request), now=timezone.now()
            ),
            ngettext_lazy(
                "%(count)d report published. Hubs and co-hosts get a mail.",
                "%(count)d reports published. Hubs and co-hosts get a mail.",
                "count",
            ),
        )

    @admin.action(description=_("Write the next version"), permissions=["change"])
    def next_version(self, request: HttpRequest, rows: QuerySet[Report]) -> None:
        self.each_by_service(
            request,
            rows.select_related("wave", "cycle"),
            lambda row: (
                draft_plan(cycle=row.cycle, by=person_of(request))
                if row.cycle
                else draft_report(wave=row.wave, by=person_of(request))
            ),
            ngettext_lazy(
                "%(count)d version drafted.", "%(count)d versions drafted.", "count"
            ),
        )


@admin.register(Reading)
class ReadingAdmin(CockpitAdmin):
    """What readers said; the coordinator answers what became of it."""

    list_display = ("section", "verdict", "words", "outcome", "has_changed")
    list_filter = (
        "verdict",
        "has_changed",
        ("section__report", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("section__report", "reader__person")
    ordering = ("-section__report", "section__position", "pk")
    fields = ("section", "reader", "verdict", "words", "outcome", "has_changed")
    readonly_fields = ("section", "reader", "verdict", "words")
    hubs_change = True

    def seen_by(self, rows: QuerySet[Reading], person: User) -> QuerySet[Reading]:
        papers = Report.objects.written_by(person)
        own = rows.filter(section__report__in=papers)
        return own.select_related("section__report", "reader__person")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.section.report.is_being_read)

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: Any
    ) -> None:
        try:
            answer_remark(
                reading=obj,
                outcome=obj.outcome,
                has_changed=obj.has_changed,
                by=person_of(request),
            )
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
