"""Meetings: planned, announced, pairs invited, closed, held or cancelled."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from localities.models import Locality
from loci.accounts.models import User
from loci.cockpit.base import person_of
from loci.cockpit.matches import ReadOnlyInline
from loci.cockpit.meeting_pages import MeetingPages
from loci.core.errors import Refused
from meetings.models import Invitation, Material, Meeting, Room, Slot
from meetings.services.inviting import invite_pairs
from meetings.services.planning import (
    add_meeting,
    change_meeting,
    close_meeting,
    note_held,
    open_meeting,
    require_places,
    set_clock,
)
from meetings.services.slots import require_slots

CLOCK = ("first_day", "last_day", "day_begins", "day_ends", "time_zone")


class MeetingForm(forms.ModelForm):
    """Days, hours and zone that exist and follow each other; places for who said yes."""

    join_link = forms.URLField(
        label=_("link to join"),
        required=False,
        assume_scheme="https",
        help_text=_("People get an address of ours that leads here."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if all(cleaned.get(name) for name in CLOCK):
            self._refuse("day_ends", set_clock, Meeting(**_only(cleaned, CLOCK)))
        if self.instance.pk and cleaned.get("capacity") is not None:
            self._refuse("capacity", require_places, self.instance, cleaned["capacity"])
        return cleaned

    def _refuse(self, field: str, check: Any, *given: Any) -> None:
        try:
            check(*given)
        except Refused as refusal:
            self.add_error(field, str(refusal))


def _only(cleaned: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: cleaned[name] for name in names}


class MaterialForm(forms.ModelForm):
    url = forms.URLField(label=_("link"), assume_scheme="https")


class OwnInline(admin.TabularInline):
    """Parts of a meeting: whoever may change it may change them."""

    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_delete_permission = (
        has_view_permission
    )


class MaterialInline(OwnInline):
    model = Material
    form = MaterialForm


class RoomInline(OwnInline):
    model = Room
    fields = ("name", "seats")


class SlotFormSet(forms.BaseInlineFormSet):
    """Slots inside the meeting's days that do not overlap."""

    def clean(self) -> None:
        super().clean()
        rows = [
            Slot(**_only(form.cleaned_data, ("day", "begins", "ends")))
            for form in self.forms
            if form.cleaned_data.get("ends") and not form.cleaned_data.get("DELETE")
        ]
        clock = [getattr(self.instance, name, None) for name in CLOCK[:4]]
        if not all(clock) or any(self.errors):
            return
        try:
            require_slots(self.instance, rows)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class SlotInline(OwnInline):
    model = Slot
    formset = SlotFormSet
    fields = ("day", "begins", "ends")


class InvitationInline(ReadOnlyInline):
    model = Invitation
    fields = ("locality", "answer", "sent_at", "reminded_at")
    readonly_fields = fields


@admin.register(Meeting)
class MeetingAdmin(MeetingPages):
    """Hubs prepare the meetings of their regions."""

    form = MeetingForm
    list_display = ("title", "region", "state", "first_day", "taken", "capacity")
    list_filter = ("state", "region", "kind")
    list_select_related = ("region",)
    search_fields = ("title", "place")
    ordering = ("-starts_at", "pk")
    fieldsets = (
        (None, {"fields": ("title", "kind", "region", "state", "purpose")}),
        (_("When"), {"fields": (*CLOCK, "answers_until")}),
        (_("Where"), {"fields": ("place", "join_link")}),
        (_("By whom, for whom"), {"fields": ("host", "co_hosts", "who_pays")}),
        (_("Places"), {"fields": ("capacity", "seats_per_pair", "taken")}),
        (
            _("Languages and rules"),
            {"fields": ("languages", "interpretation", "is_chatham_house", "photos")},
        ),
    )
    readonly_fields = ("state", "taken")
    autocomplete_fields = ("host", "co_hosts")
    inlines = (RoomInline, SlotInline, MaterialInline, InvitationInline)
    actions = ("open_now", "invite", "close_now", "held")
    change_form_template = "admin/meetings/meeting/change_form.html"
    hubs_change = True
    can_add = True

    def seen_by(self, rows: QuerySet[Meeting], person: User) -> QuerySet[Meeting]:
        own = Meeting.objects.coordinated_by(person).values("pk")
        return rows.filter(pk__in=own)

    def view_on_site(self, obj: Meeting) -> str:
        return obj.get_absolute_url()

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: Any
    ) -> None:
        by = person_of(request)
        if change:
            change_meeting(meeting=obj, by=by, now=timezone.now())
        else:
            add_meeting(meeting=obj, by=by)

    @admin.action(description=_("Announce: open for answers"), permissions=["change"])
    def open_now(self, request: HttpRequest, rows: QuerySet[Meeting]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: open_meeting(meeting=row, by=person_of(request)),
            ngettext_lazy(
                "%(count)d meeting is open for answers.",
                "%(count)d meetings are open for answers.",
                "count",
            ),
        )

    @admin.action(
        description=_("Invite all pairs of the region"), permissions=["change"]
    )
    def invite(self, request: HttpRequest, rows: QuerySet[Meeting]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: invite_pairs(
                meeting=row,
                localities=list(Locality.objects.filter(region=row.region)),
                by=person_of(request),
                now=timezone.now(),
            ),
            ngettext_lazy(
                "The pairs are invited to %(count)d meeting.",
                "The pairs are invited to %(count)d meetings.",
                "count",
            ),
        )

    @admin.action(description=_("Take no more answers"), permissions=["change"])
    def close_now(self, request: HttpRequest, rows: QuerySet[Meeting]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: close_meeting(meeting=row, by=person_of(request)),
            ngettext_lazy(
                "%(count)d meeting takes no more answers.",
                "%(count)d meetings take no more answers.",
                "count",
            ),
        )

    @admin.action(description=_("It was held"), permissions=["change"])
    def held(self, request: HttpRequest, rows: QuerySet[Meeting]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: note_held(
                meeting=row, by=person_of(request), now=timezone.now()
            ),
            ngettext_lazy(
                "%(count)d meeting was held.", "%(count)d meetings were held.", "count"
            ),
        )
