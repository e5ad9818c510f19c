"""Requests for introductions: read, taken up, or answered that it is not possible."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from loci.accounts.models import User
from loci.cockpit.base import CockpitAdmin, person_of
from matchmaking.models import IntroductionRequest
from matchmaking.services.asking import say_not_possible, take_up


@admin.register(IntroductionRequest)
class RequestAdmin(CockpitAdmin):
    """What sides asked for; whom they named reads nothing of it."""

    list_display = ("seeker", "side", "helper", "topic", "state", "created_at")
    list_filter = ("state", "seeker__region")
    list_select_related = ("seeker", "helper", "topic")
    search_fields = ("seeker__name", "helper__name", "words")
    search_help_text = _("Locality or words")
    ordering = ("-created_at", "-pk")
    readonly_fields = (
        "seeker",
        "side",
        "helper",
        "topic",
        "words",
        "by",
        "created_at",
        "state",
        "answered_at",
    )
    fields = (*readonly_fields, "answer")
    actions = ("take_up", "not_possible")
    hubs_change = True

    def seen_by(
        self, rows: QuerySet[IntroductionRequest], person: User
    ) -> QuerySet[IntroductionRequest]:
        own = IntroductionRequest.objects.coordinated_by(person)
        return rows.filter(pk__in=own.values("pk"))

    @admin.action(
        description=_("Take up: the next round suggests these two"),
        permissions=["change"],
    )
    def take_up(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: take_up(asked=row, by=person_of(request), now=timezone.now()),
            ngettext_lazy(
                "%(count)d request is taken up; who asked is told.",
                "%(count)d requests are taken up; who asked is told.",
                "count",
            ),
        )

    @admin.action(
        description=_("Say that it is not possible this time"), permissions=["change"]
    )
    def not_possible(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: say_not_possible(
                asked=row, by=person_of(request), now=timezone.now()
            ),
            ngettext_lazy(
                "%(count)d request is answered; who asked is told.",
                "%(count)d requests are answered; who asked is told.",
                "count",
            ),
        )
