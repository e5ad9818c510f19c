"""Circles: read, let through, closed."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from loci.accounts.models import User
from loci.cockpit.base import CockpitAdmin, person_of
from loci.cockpit.matches import ReadOnlyInline
from matchmaking.models import Circle, CircleMember
from matchmaking.services.circles import approve_circle, close_circle


class MemberInline(ReadOnlyInline):
    model = CircleMember
    fields = ("locality", "need", "answer", "by", "answered_at")
    readonly_fields = fields


@admin.register(Circle)
class CircleAdmin(CockpitAdmin):
    """Pairs with one need: shown to them only once let through here."""

    list_display = ("topic", "state", "who", "approved_at", "formed_at")
    list_filter = ("state", "topic__area", "round__wave")
    list_select_related = ("topic",)
    search_fields = ("topic__name", "members__locality__name")
    search_help_text = _("Topic or locality")
    ordering = ("-round", "pk")
    readonly_fields = ("round", "topic", "state", "approved_at", "formed_at")
    fields = readonly_fields
    inlines = (MemberInline,)
    actions = ("approve", "close")
    hubs_change = True

    def seen_by(self, rows: QuerySet[Circle], person: User) -> QuerySet[Circle]:
        own = Circle.objects.coordinated_by(person).values("pk")
        return rows.filter(pk__in=own).prefetch_related("members__locality")

    @admin.display(description=_("localities"))
    def who(self, row: Circle) -> str:
        return ", ".join(sorted(member.locality.name for member in row.members.all()))

    @admin.action(description=_("Approve: ask the pairs"), permissions=["change"])
    def approve(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: approve_circle(
                circle=row, by=person_of(request), now=timezone.now()
            ),
            ngettext_lazy(
                "The pairs of %(count)d circle are asked.",
                "The pairs of %(count)d circles are asked.",
                "count",
            ),
        )

    @admin.action(description=_("Close"), permissions=["change"])
    def close(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: close_circle(circle=row, by=person_of(request)),
            ngettext_lazy(
                "%(count)d circle closed.", "%(count)d circles closed.", "count"
            ),
        )
