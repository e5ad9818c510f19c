"""Background jobs that were put aside."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from loci.cockpit.base import ReadOnlyAdmin, person_of
from loci.notices.models import StuckJob
from loci.notices.services.parking import try_again


@admin.register(StuckJob)
class StuckJobAdmin(ReadOnlyAdmin):
    """What has ended its process; three times, and it waits here for a person."""

    list_display = ("job", "ids", "tries", "parked_at", "created_at")
    ordering = ("-created_at", "-pk")
    fields = ("job", "ids", "tries", "parked_at", "created_at")
    actions = ("take_up_again",)
    hubs_see = False

    @admin.action(description=_("Try again"), permissions=["view"])
    def take_up_again(self, request: HttpRequest, rows: QuerySet[StuckJob]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: try_again(stuck=row, by=person_of(request)),
            ngettext_lazy(
                "%(count)d job is tried again.",
                "%(count)d jobs are tried again.",
                "count",
            ),
        )
