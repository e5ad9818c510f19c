"""Localities and pairs; people and roles."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from localities.choices import Phase
from localities.models import (
    LearningArea,
    Locality,
    Membership,
    Organisation,
    Region,
    Seat,
    Sector,
    Topic,
)
from localities.services.people import leave
from localities.services.profile import change_phase
from localities.services.publishing import hide_profile, publish_by_coordinator
from loci.accounts.models import AuditEntry, User
from loci.cockpit.base import CockpitAdmin, ReadOnlyAdmin, person_of
from loci.cockpit.files import import_urls
from loci.cockpit.inviting import give_seat_page
from loci.cockpit.last_one import KeepsACoordinator


class SeatInline(admin.TabularInline):
    """Who sits here and who sat here; a seat is given on its own page."""

    model = Seat
    extra = 0
    fields = ("side", "organisation", "since", "until")
    readonly_fields = fields
    ordering = ("side", "-since", "-pk")
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class AloneFilter(admin.SimpleListFilter):
    """Localities where a side hangs on one person."""

    title = _("one person on a side")
    parameter_name = "alone"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "yes":
            return queryset
        return queryset.filter(pk__in=Seat.objects.lonely().values("locality"))


@admin.register(Locality)
class LocalityAdmin(CockpitAdmin):
    list_display = ("name", "country", "region", "phase", "seats_taken", "is_paused")
    list_filter = ("region", "phase", AloneFilter, "is_paused", "is_listed")
    list_select_related = ("region",)
    search_fields = ("name", "country")
    search_help_text = _("Name or country")
    ordering = ("name", "pk")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (SeatInline,)
    change_form_template = "admin/localities/locality/change_form.html"
    change_list_template = "admin/localities/locality/change_list.html"
    fields = (
        "name",
        "slug",
        ("level", "phase"),
        ("country", "country_code"),
        "region",
        "languages",
        ("population", "population_source"),
        ("latitude", "longitude"),
        "hours_a_month",
        ("is_listed", "is_paused"),
    )
    readonly_fields = ("is_listed",)
    actions = ("publish", "hide")
    can_add = True

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: Any
    ) -> None:
        """Another phase goes by its service, onto the timeline."""
        phase = obj.phase
        if change and "phase" in form.changed_data:
            obj.phase = form.initial["phase"]
        super().save_model(request, obj, form, change)
        if change:
            change_phase(
                locality=obj,
                phase=Phase(phase),
                by=person_of(request),
                on=timezone.localdate(),
            )

    @admin.action(
        description=_("Publish these profiles (14 days after one side agreed)"),
        permissions=["view"],
    )
    def publish(self, request: HttpRequest, rows: QuerySet[Locality]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: publish_by_coordinator(
                locality=row, by=person_of(request), now=timezone.now()
            ),
            ngettext_lazy(
                "%(count)d profile is published.",
                "%(count)d profiles are published.",
                "count",
            ),
        )

    @admin.action(
        description=_("Take these profiles off the public pages"), permissions=["view"]
    )
    def hide(self, request: HttpRequest, rows: QuerySet[Locality]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: hide_profile(
                locality=row, by=person_of(request), now=timezone.now()
            ),
            ngettext_lazy(
                "%(count)d profile is off the public pages.",
                "%(count)d profiles are off the public pages.",
                "count",
            ),
        )

    def seen_by(self, rows: QuerySet[Locality], person: User) -> QuerySet[Locality]:
        return rows.filter(region__in=Region.objects.coordinated_by(person)).annotate(
            taken=Count("seats", filter=Q(seats__until__isnull=True))
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.seat)
        own = path("<int:pk>/seat/", view, name="localities_locality_seat")
        return [own, *import_urls(self._with_context), *super().get_urls()]

    def _with_context(self, page: Any) -> Any:
        """A page of our own with what every page of the admin shows."""

        def view(request: HttpRequest, **arguments: Any) -> HttpResponse:
            context = {**self.admin_site.each_context(request), "opts": self.opts}
            answer: HttpResponse = page(request, context, **arguments)
            return answer

        return self.admin_site.admin_view(view)

    def seat(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give one of its seats to another organisation."""
        place: Any = get_object_or_404(self.get_queryset(request), pk=pk)
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        return give_seat_page(request, place, context)

    @admin.display(description=_("seats taken"))
    def seats_taken(self, row: Any) -> str:
        return _("%(taken)d of 2") % {"taken": row.taken}


class MembershipInline(admin.TabularInline):
    model = Membership
    fields = ("organisation", "role", "since", "until")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


@admin.register(User)
class PersonAdmin(KeepsACoordinator):
    list_display = ("name", "email", "language", "is_active", "last_login")
    list_filter = ("is_active", "language")
    search_fields = ("name", "email")
    search_help_text = _("Name or e-mail")
    ordering = ("name", "pk")
    fields = ("name", "also_here", "email", "language", "time_zone", "is_active")
    inlines = (MembershipInline,)
    hubs_see = False
    can_add = True

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: Any
    ) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(Organisation)
class OrganisationAdmin(KeepsACoordinator):
    list_display = ("name", "kind")
    list_filter = ("kind",)
    search_fields = ("name",)
    ordering = ("name", "pk")
    fields = ("name", "kind")
    hubs_see = False
    can_add = True


@admin.register(Membership)
class MembershipAdmin(KeepsACoordinator):
    list_display = ("person", "organisation", "role", "since", "until")
    list_filter = ("role",)
    list_select_related = ("person", "organisation")
    search_fields = ("person__name", "person__email", "organisation__name")
    autocomplete_fields = ("person", "organisation")
    ordering = ("organisation__name", "person__name", "pk")
    fields = ("person", "organisation", "role", "since")
    actions = ("end_place",)
    hubs_see = False
    can_add = True

    @admin.action(description=_("End these places today"), permissions=["change"])
    def end_place(self, request: HttpRequest, rows: QuerySet[Membership]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: leave(
                membership=row, on=timezone.localdate(), by=person_of(request)
            ),
            ngettext_lazy("%(count)d place ended.", "%(count)d places ended.", "count"),
        )


@admin.register(Region)
class RegionAdmin(CockpitAdmin):
    list_display = ("name", "code")
    filter_horizontal = ("hubs",)
    fields = ("name", "code", "hubs")
    ordering = ("name", "pk")

    def seen_by(self, rows: QuerySet[Region], person: User) -> QuerySet[Region]:
        return rows.filter(pk__in=Region.objects.coordinated_by(person))


class TermForm(forms.ModelForm):
    """A word of the taxonomy."""

    def clean_names(self) -> dict[str, str]:
        names = self.cleaned_data["names"] or {}  # an emptied field says null
        is_by_language = isinstance(names, dict) and all(
            isinstance(name, str) for name in names.values()
        )
        if not is_by_language:
            raise forms.ValidationError(_("Write a name for each language."))
        return names


@admin.register(LearningArea, Topic, Sector)
class TermAdmin(CockpitAdmin):
    form = TermForm
    list_display = ("name", "code")
    search_fields = ("name", "code")
    ordering = ("position", "pk")
    fields = ("name", "names", "position")


@admin.register(AuditEntry)
class AuditAdmin(ReadOnlyAdmin):
    list_display = ("at", "by", "verb", "about", "note")
    list_filter = ("verb",)
    list_select_related = ("by",)
    search_fields = ("about", "note")
    ordering = ("-at", "-pk")
    hubs_see = False
