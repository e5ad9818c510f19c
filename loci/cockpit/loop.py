"""Themes and promises, outbox."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from loci.cockpit.base import CockpitAdmin, ReadOnlyAdmin
from loci.cycles.models import Promise
from loci.notices.models import Notice, QuietDay


@admin.register(Promise)
class PromiseAdmin(CockpitAdmin):
    list_display = ("title", "wave", "state", "owner", "due_on", "is_published")
    list_filter = (
        "state",
        "is_published",
        "wave",
        ("owner", admin.EmptyFieldListFilter),
    )
    list_select_related = ("topic", "wave", "owner")
    search_fields = ("heard", "doing", "topic__name", "theme_name")
    autocomplete_fields = ("owner", "topic")
    ordering = ("-wave__opens_at", "topic__position", "pk")
    fields = (
        "wave",
        "topic",
        "theme_name",
        "heard",
        "doing",
        "state",
        "reason",
        "owner",
        "due_on",
        "is_published",
    )
    readonly_fields = ("theme_name",)
    can_add = True

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,  # noqa: FBT001, FBT002  # Django's signature
        **options: Any,
    ) -> Any:
        """A line is about a topic, or about the theme from which it was drafted."""
        form = super().get_form(request, obj, change, **options)
        if "topic" in form.base_fields:
            form.base_fields["topic"].required = not (obj and obj.theme_name)
        return form

    @admin.display(description=_("about"), ordering="topic__position")
    def title(self, row: Promise) -> str:
        return row.title


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("kind", "recipient", "state", "not_before", "sent_at", "attempts")
    list_filter = ("state", "kind")
    list_select_related = ("recipient",)
    search_fields = ("recipient__name", "recipient__email", "subject")
    search_help_text = _("Person or subject")
    ordering = ("-not_before", "-pk")
    fields = (
        "kind",
        "recipient",
        "state",
        "attempts",
        "error",
        "sent_at",
        "subject",
        "path",
    )
    hubs_see = False


@admin.register(QuietDay)
class QuietDayAdmin(CockpitAdmin):
    """Days without reminders; hubs may add those of their countries."""

    list_display = ("on", "country_code", "why")
    list_filter = ("country_code",)
    search_fields = ("why",)
    ordering = ("-on", "country_code")
    fields = ("on", "country_code", "why")
    can_add = True
