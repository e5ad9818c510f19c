"""Suggestions and rounds."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from loci.accounts.models import User
from loci.cockpit.base import CockpitAdmin, ReadOnlyAdmin, person_of
from matchmaking.models import CheckIn, Reply, Round, Suggestion
from matchmaking.queries.card import reasons_in_words, what_does_not_fit
from matchmaking.services.reviewing import approve_suggestion, hold_suggestion
from matchmaking.services.weights import factor_labels


@admin.register(Round)
class RoundAdmin(ReadOnlyAdmin):
    list_display = (
        "wave",
        "state",
        "created_at",
        "computed_at",
        "covered",
        "snapshot_hash",
    )
    list_filter = ("state",)
    ordering = ("-created_at", "-pk")
    fields = (
        "wave",
        "state",
        "problem",
        "weights",
        "has_interpretation",
        "computed_at",
        "covered",
        "snapshot_hash",
        "result",
        "snapshot",
    )
    hubs_see = False

    @admin.display(description=_("localities with a suggestion"))
    def covered(self, row: Round) -> str:
        if not row.result:
            return ""
        return _("%(coverage)d of %(wanting)d") % {
            "coverage": row.result["coverage"],
            "wanting": row.result["wanting"],
        }


class ReadOnlyInline(admin.TabularInline):
    """Rows of another table, to be read."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class ReplyInline(ReadOnlyInline):
    model = Reply
    fields = ("locality", "answer", "by", "at", "confirmed_by", "reason", "words")
    readonly_fields = fields


class CheckInInline(ReadOnlyInline):
    model = CheckIn
    fields = ("locality", "occasion", "outcome", "ending", "evidence", "answered_at")
    readonly_fields = fields


@admin.register(Suggestion)
class SuggestionAdmin(CockpitAdmin):
    list_display = ("seeker", "helper", "topic", "confidence", "state", "expires_at")
    list_filter = ("state", "confidence", "seeker__region", "round__wave")
    list_select_related = ("seeker", "helper", "need__topic", "round__wave")
    search_fields = ("seeker__name", "helper__name", "need__text", "offer__text")
    search_help_text = _("Locality or words")
    ordering = ("-round", "-score", "pk")
    fields = (
        "seeker",
        "helper",
        "confidence",
        "state",
        "need_said",
        "offer_said",
        "why",
        "keep_in_mind",
        "arithmetic",
        "coordinator_note",
    )
    readonly_fields = (
        "seeker",
        "helper",
        "confidence",
        "state",
        "need_said",
        "offer_said",
        "why",
        "keep_in_mind",
        "arithmetic",
    )
    inlines = (ReplyInline, CheckInInline)
    actions = ("approve", "hold")
    hubs_change = True

    def seen_by(self, rows: QuerySet[Suggestion], person: User) -> QuerySet[Suggestion]:
        return rows.filter(
            pk__in=Suggestion.objects.coordinated_by(person).values("pk")
        )

    @admin.display(description=_("topic"))
    def topic(self, row: Suggestion) -> str:
        return row.need.topic.label

    @admin.display(description=_("they need"))
    def need_said(self, row: Suggestion) -> str:
        return row.need.text

    @admin.display(description=_("they offer"))
    def offer_said(self, row: Suggestion) -> str:
        return row.offer.text

    @admin.display(description=_("why"))
    def why(self, row: Suggestion) -> str:
        return _lines(reasons_in_words(row))

    @admin.display(description=_("keep in mind"))
    def keep_in_mind(self, row: Suggestion) -> str:
        return _lines(what_does_not_fit(row))

    @admin.display(description=_("arithmetic"))
    def arithmetic(self, row: Suggestion) -> str:
        labels = factor_labels()
        shares = sorted(row.factors.items(), key=lambda item: -item[1])
        lines = [f"{share:.3f}  {labels.get(code, code)}" for code, share in shares]
        return _lines([*lines, f"{row.score:.3f}  {_('Sum')}"])

    @admin.action(description=_("Approve: show to both pairs"), permissions=["change"])
    def approve(self, request: HttpRequest, rows: QuerySet[Suggestion]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: approve_suggestion(
                suggestion=row, by=person_of(request), now=timezone.now()
            ),
            ngettext_lazy(
                "%(count)d suggestion is with the pairs now.",
                "%(count)d suggestions are with the pairs now.",
                "count",
            ),
        )

    @admin.action(description=_("Hold back"), permissions=["change"])
    def hold(self, request: HttpRequest, rows: QuerySet[Suggestion]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: hold_suggestion(suggestion=row, by=person_of(request)),
            ngettext_lazy(
                "%(count)d suggestion held.", "%(count)d suggestions held.", "count"
            ),
        )


def _lines(texts: list[str]) -> str:
    return format_html_join("", "<div>{}</div>", ((text,) for text in texts))
