"""Suggestions: read, let through, held, taken back."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from localities.models import Locality
from loci.accounts.models import User
from loci.cockpit.base import WithMoreToRead, person_of
from loci.cockpit.outcomes import WithOutcomes
from matchmaking.choices import ReplyAnswer
from matchmaking.models import CheckIn, Reply, Suggestion
from matchmaking.queries.reasons import (
    nearness_in_words,
    reasons_in_words,
    what_does_not_fit,
)
from matchmaking.services.reviewing import (
    approve_suggestion,
    confirm_for_pair,
    hold_suggestion,
    take_back,
)
from matchmaking.services.rounds import start_round
from matchmaking.services.weights import factor_labels
from surveys.models import Wave
from surveys.queries.quoting import quotes_for


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
class SuggestionAdmin(WithMoreToRead, WithOutcomes):
    list_display = ("seeker", "helper", "topic", "confidence", "state", "expires_at")
    list_filter = ("state", "confidence", "seeker__region", "round__wave")
    list_select_related = ("seeker", "helper", "need__topic", "round__wave")
    search_fields = ("seeker__name", "helper__name")
    search_help_text = _("Locality")
    ordering = ("-round", "-score", "pk")
    readonly_fields = (
        "seeker",
        "helper",
        "confidence",
        "state",
        "nearness",
        "why",
        "keep_in_mind",
        "arithmetic",
    )
    fields = (*readonly_fields, "coordinator_note")
    inlines = (ReplyInline, CheckInInline)
    actions = ("approve", "hold", "undo_approval", "agree_for_partner", "match_again")
    hubs_change = True
    change_list_template = "admin/matchmaking/suggestion/change_list.html"

    def seen_by(self, rows: QuerySet[Suggestion], person: User) -> QuerySet[Suggestion]:
        return rows.filter(
            pk__in=Suggestion.objects.coordinated_by(person).values("pk")
        )

    @admin.display(description=_("topic"))
    def topic(self, row: Suggestion) -> str:
        return row.need.topic.label

    def more_to_read(self, request: HttpRequest, row: Suggestion) -> dict[str, Any]:
        quotes = quotes_for(person_of(request), [row.need, row.offer])
        return {"need": quotes[row.need_id], "offer": quotes[row.offer_id]}

    @admin.display(description=_("how near the words are"))
    def nearness(self, row: Suggestion) -> str:
        return nearness_in_words(row)

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

    @admin.action(
        description=_("Take back what nobody has answered"), permissions=["change"]
    )
    def undo_approval(self, request: HttpRequest, rows: QuerySet[Suggestion]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: take_back(suggestion=row, by=person_of(request)),
            ngettext_lazy(
                "%(count)d suggestion taken back.",
                "%(count)d suggestions taken back.",
                "count",
            ),
        )

    @admin.action(
        description=_("Agree for a partner who was silent for a week"),
        permissions=["change"],
    )
    def agree_for_partner(
        self, request: HttpRequest, rows: QuerySet[Suggestion]
    ) -> None:
        waiting = Reply.objects.filter(
            suggestion__in=rows, answer=ReplyAnswer.YES, confirmed_at__isnull=True
        )
        self.each_by_service(
            request,
            waiting.select_related("suggestion", "locality"),
            lambda row: confirm_for_pair(
                reply=row, by=person_of(request), now=timezone.now()
            ),
            ngettext_lazy(
                "%(count)d yes settled.", "%(count)d yeses settled.", "count"
            ),
        )

    @admin.action(
        description=_("Match again for these localities only"), permissions=["change"]
    )
    def match_again(self, request: HttpRequest, rows: QuerySet[Suggestion]) -> None:
        seekers: dict[Wave, list[Locality]] = {}
        for row in rows.select_related("round__wave", "seeker"):
            seekers.setdefault(row.round.wave, []).append(row.seeker)
        self.each_by_service(
            request,
            seekers,
            lambda wave: start_round(
                wave=wave, by=person_of(request), only=set(seekers[wave])
            ),
            ngettext_lazy(
                "%(count)d round started. Suggestions appear in a moment.",
                "%(count)d rounds started. Suggestions appear in a moment.",
                "count",
            ),
        )


def _lines(texts: list[str]) -> str:
    return format_html_join("", "<div>{}</div>", ((text,) for text in texts))
