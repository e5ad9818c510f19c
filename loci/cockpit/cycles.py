"""Cycles, activity plans, practice cards and years, as coordinators work on them."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from localities.choices import OrganisationKind
from localities.models import Organisation
from loci.accounts.models import User
from loci.cockpit.base import CockpitAdmin, person_of
from loci.cockpit.searched import Searched
from loci.cycles.models import ActivityPlan, Cycle, CycleStep, Lesson, YearSummary
from loci.cycles.queries.cycles import current_steps
from loci.cycles.services.cycles import NotThisStep, close_step, give_steps
from loci.cycles.services.lessons import publish_lesson, withdraw_lesson
from loci.cycles.services.plans import change_plan, draft_plan, unmet_needs
from loci.cycles.services.years import count_year
from surveys.models import Statement


class StepInline(Searched, admin.TabularInline):
    model = CycleStep
    fields = ("kind", "owner", "starts_on", "due_on", "closed_at")
    readonly_fields = ("kind", "closed_at")
    autocomplete_fields = ("owner",)
    ordering = ("position",)
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


@admin.register(Cycle)
class CycleAdmin(CockpitAdmin):
    list_display = ("title", "region", "wave", "owner")
    list_filter = ("region",)
    list_select_related = ("region", "wave", "owner")
    ordering = ("-pk",)
    fields = ("title", "region", "wave", "owner")
    autocomplete_fields = ("owner",)
    inlines = (StepInline,)
    actions = ("close_current_step", "write_plan")
    can_add = True
    hubs_change = True

    def seen_by(self, rows: QuerySet[Cycle], person: User) -> QuerySet[Cycle]:
        return rows.filter(pk__in=Cycle.objects.coordinated_by(person).values("pk"))

    def view_on_site(self, obj: Cycle) -> str:
        return f"/cycles/{obj.reference}/"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("region", "wave") if obj else ()

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: Any
    ) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            today = timezone.localdate()
            since = obj.wave.opens_at.date() if obj.wave else today
            until = obj.wave.closes_at.date() if obj.wave else today
            give_steps(cycle=obj, asks_on=since, asked_on=until)

    @admin.action(description=_("Close the step that it is at"), permissions=["change"])
    def close_current_step(self, request: HttpRequest, rows: QuerySet[Cycle]) -> None:
        def close(cycle: Cycle) -> None:
            here = current_steps().filter(cycle=cycle).first()
            if here is None:
                raise NotThisStep(_("All its steps are closed."))
            close_step(step=here, by=person_of(request), now=timezone.now())

        self.each_by_service(
            request,
            rows,
            close,
            ngettext_lazy("%(count)d step closed.", "%(count)d steps closed.", "count"),
        )

    @admin.action(description=_("Write an activity plan"), permissions=["change"])
    def write_plan(self, request: HttpRequest, rows: QuerySet[Cycle]) -> None:
        self.each_by_service(
            request,
            rows.select_related("wave"),
            lambda row: draft_plan(cycle=row, by=person_of(request)),
            ngettext_lazy("%(count)d plan begun.", "%(count)d plans begun.", "count"),
        )


@admin.register(ActivityPlan)
class ActivityPlanAdmin(CockpitAdmin):
    """The facts of a plan; its words and readers are with its paper."""

    list_display = ("paper", "format", "host", "starts_on", "state", "meeting")
    list_filter = ("paper__state", "format")
    list_select_related = ("paper", "host", "meeting")
    ordering = ("-paper__pk",)
    fields = (
        "paper",
        "format",
        "host",
        "co_hosts",
        "starts_on",
        "ends_on",
        "budget",
        "languages",
        "has_interpretation",
        "needs",
        "meeting",
    )
    readonly_fields = ("paper",)
    hubs_change = True

    def seen_by(
        self, rows: QuerySet[ActivityPlan], person: User
    ) -> QuerySet[ActivityPlan]:
        own = Cycle.objects.coordinated_by(person)
        return rows.filter(paper__cycle__in=own)

    @admin.display(description=_("state"), ordering="paper__state")
    def state(self, row: ActivityPlan) -> str:
        return row.paper.get_state_display()

    def view_on_site(self, obj: ActivityPlan) -> str:
        return f"/reports/{obj.paper.reference}/"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Of a published plan, only the meeting that came of it is named later."""
        if obj is not None and obj.paper.is_frozen:
            given = self.get_fields(request, obj)
            return tuple(name for name in given if name != "meeting")
        return self.readonly_fields

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Needs of a published plan are read on its page, as each reader may."""
        if obj is not None and obj.paper.is_frozen:
            return tuple(
                "needs_count" if name == "needs" else name for name in self.fields
            )
        return self.fields

    @admin.display(description=_("needs that it serves"))
    def needs_count(self, row: ActivityPlan) -> str:
        return str(row.needs.count())

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **more: Any
    ) -> Any:
        more["widget"] = CheckboxSelectMultiple
        if db_field.name == "co_hosts":
            kinds = (OrganisationKind.HUB, OrganisationKind.PARTNER)
            rows = Organisation.objects.filter(
                kind__in=(*kinds, OrganisationKind.CONVENER)
            )
            more["queryset"] = rows.order_by("name", "pk")
        return super().formfield_for_manytomany(db_field, request, **more)

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> Any:
        """Needs to choose from: the unmet ones of the cycle, and those chosen before."""
        if db_field.name != "needs":
            return super().get_field_queryset(db, db_field, request)
        found = request.resolver_match.kwargs if request.resolver_match else {}
        plan = self.get_object(request, found.get("object_id", "0"))
        if plan is None:
            return Statement.objects.none()
        unmet = unmet_needs(plan.paper.cycle).values("pk")
        readable = Statement.objects.quoted_to(person_of(request))
        rows = readable.filter(Q(pk__in=unmet) | Q(plans=plan)).distinct()
        return rows.select_related("locality").order_by(
            "topic__position", "locality__name", "pk"
        )

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: Any
    ) -> None:
        super().save_related(request, form, formsets, change)
        if form.instance.paper.is_frozen:
            return
        change_plan(plan=form.instance, by=person_of(request))


@admin.register(Lesson)
class LessonAdmin(CockpitAdmin):
    """Practice cards; a side agrees on its own page, here is the last look."""

    list_display = ("title", "locality", "side", "topic", "state", "published_at")
    list_filter = ("state", "locality__region", "topic__area")
    list_select_related = ("locality", "topic__area")
    search_fields = ("title", "problem", "done")
    ordering = ("state", "-pk")
    fields = (
        "locality",
        "side",
        "topic",
        "title",
        "problem",
        "done",
        "cost",
        "pitfalls",
        "evidence",
        "evidence_url",
        "takes_questions",
        "state",
        "agreed_at",
    )
    readonly_fields = fields
    actions = ("publish", "take_out")
    hubs_change = True

    def seen_by(self, rows: QuerySet[Lesson], person: User) -> QuerySet[Lesson]:
        return rows.filter(pk__in=Lesson.objects.coordinated_by(person).values("pk"))

    def view_on_site(self, obj: Lesson) -> str:
        return f"/practice/{obj.reference}/"

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, rows: QuerySet[Lesson]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: publish_lesson(
                lesson=row, by=person_of(request), now=timezone.now()
            ),
            ngettext_lazy(
                "%(count)d card published.", "%(count)d cards published.", "count"
            ),
        )

    @admin.action(description=_("Take out of sight"), permissions=["change"])
    def take_out(self, request: HttpRequest, rows: QuerySet[Lesson]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: withdraw_lesson(lesson=row, by=person_of(request)),
            ngettext_lazy(
                "%(count)d card withdrawn.", "%(count)d cards withdrawn.", "count"
            ),
        )


@admin.register(YearSummary)
class YearSummaryAdmin(CockpitAdmin):
    list_display = ("year", "counted_at")
    ordering = ("-year",)
    fields = ("year", "words", "counted_at")
    readonly_fields = ("counted_at",)
    actions = ("count_anew",)
    can_add = True
    hubs_see = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("year", "counted_at") if obj else ("counted_at",)

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: Any
    ) -> None:
        if not change:
            obj.counted_at = timezone.now()
        super().save_model(request, obj, form, change)
        if not change:
            count_year(year=obj.year, by=person_of(request), now=timezone.now())

    @admin.action(description=_("Count anew"), permissions=["change"])
    def count_anew(self, request: HttpRequest, rows: QuerySet[YearSummary]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: count_year(
                year=row.year, by=person_of(request), now=timezone.now()
            ),
            ngettext_lazy(
                "%(count)d year counted.", "%(count)d years counted.", "count"
            ),
        )
