"""Experts: who can help with what, and asking one about a need."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from loci.cockpit.base import ReadOnlyAdmin, person_of
from loci.core.errors import Refused
from loci.core.http import back_within
from matchmaking.models import Expertise
from matchmaking.services.experts import ask_expert
from surveys.models import Statement


@admin.register(Expertise)
class ExpertiseAdmin(ReadOnlyAdmin):
    """Said by the experts themselves; coordinators read it and ask."""

    list_display = ("topic", "person", "hours_a_month", "withdrawn_at")
    list_filter = ("topic__area", ("withdrawn_at", admin.EmptyFieldListFilter))
    list_select_related = ("person", "topic")
    search_fields = ("person__name", "words", "topic__name")
    search_help_text = _("Person, topic or words")
    ordering = ("topic__position", "pk")
    fields = ("person", "topic", "words", "hours_a_month", "withdrawn_at")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        ask = path(
            "<int:pk>/ask/<int:need>/",
            view(self.ask),
            name="matchmaking_expertise_ask",
        )
        return [ask, *super().get_urls()]

    def ask(self, request: HttpRequest, pk: int, need: int) -> HttpResponse:
        """Write to the expert about this need; once, by a POST."""
        self.require_view(request)
        expertise: Any = get_object_or_404(self.get_queryset(request), pk=pk)
        statement = get_object_or_404(
            Statement.objects.select_related("locality", "topic"), pk=need
        )
        if request.method == "POST":
            try:
                ask_expert(
                    expertise=expertise,
                    need=statement,
                    by=person_of(request),
                    now=timezone.now(),
                )
            except Refused as refusal:
                messages.warning(request, str(refusal))
            else:
                messages.success(request, gettext("The expert is asked by mail."))
        return redirect(
            back_within(request, reverse("admin:matchmaking_expertise_changelist"))
        )
