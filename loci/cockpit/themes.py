"""Themes: found in the background, named, merged, split and shown by people."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from loci.cockpit.base import CockpitAdmin, ReadOnlyAdmin, person_of
from loci.core.errors import Refused
from loci.core.http import whole
from loci.core.jobs import Job, enqueue
from surveys.models import Theme, ThemeRun, ThemeText
from surveys.services.editing_themes import (
    let_quote,
    merge_themes,
    move_texts,
    name_theme,
    set_theme_aside,
    split_off,
    undo_last,
)
from surveys.services.showing_themes import show_themes


@admin.register(ThemeRun)
class ThemeRunAdmin(ReadOnlyAdmin):
    """How the search went; shows the themes, and takes back the last change."""

    list_display = ("wave", "outcome", "found_at", "texts", "silhouette", "lasting")
    list_select_related = ("wave",)
    ordering = ("-found_at", "-pk")
    fields = ("wave", "outcome", "embedder", "parameters", "found_at")
    actions = ("show", "undo", "find_again")
    hubs_see = False

    @admin.display(description=_("texts"))
    def texts(self, row: ThemeRun) -> str:
        return str(row.parameters.get("texts", ""))

    @admin.display(description=_("silhouette"))
    def silhouette(self, row: ThemeRun) -> str:
        return str(row.parameters.get("silhouette", ""))

    @admin.display(description=_("groups that last"))
    def lasting(self, row: ThemeRun) -> str:
        return str(row.parameters.get("kept", row.parameters.get("groups", "")))

    @admin.action(description=_("Show the named themes in the results"))
    def show(self, request: HttpRequest, rows: QuerySet[ThemeRun]) -> None:
        self.each_by_service(
            request,
            rows.select_related("wave"),
            lambda row: show_themes(
                wave=row.wave, by=person_of(request), now=timezone.now()
            ),
            ngettext_lazy(
                "The themes of %(count)d wave are in its results now.",
                "The themes of %(count)d waves are in their results now.",
                "count",
            ),
        )

    @admin.action(description=_("Take back the last change of the themes"))
    def undo(self, request: HttpRequest, rows: QuerySet[ThemeRun]) -> None:
        self.each_by_service(
            request,
            rows.select_related("wave"),
            lambda row: undo_last(wave=row.wave, by=person_of(request)),
            ngettext_lazy(
                "%(count)d change taken back.", "%(count)d changes taken back.", "count"
            ),
        )

    @admin.action(description=_("Search again among texts without a named theme"))
    def find_again(self, request: HttpRequest, rows: QuerySet[ThemeRun]) -> None:
        for row in rows:
            enqueue(Job.FIND_THEMES, wave_id=row.wave_id, again=1)
        self.message_user(request, _("The search has started. Look again in a moment."))


@admin.register(Theme)
class ThemeAdmin(CockpitAdmin):
    """Drafts and named themes; the name is the one thing that is written here."""

    list_display = ("label", "wave", "localities", "text_count", "stability", "kept")
    list_filter = ("wave", "is_set_aside")
    list_select_related = ("wave", "before")
    search_fields = ("name",)
    ordering = ("-wave__opens_at", "is_set_aside", "-name", "pk")
    fields = ("name", "wave", "words", "stability", "before", "nearest")
    readonly_fields = ("wave", "words", "stability", "before", "nearest")
    actions = ("merge", "set_aside")
    hubs_see = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Theme]:
        place = F("texts__statement__locality"), F("texts__answer__part__locality")
        rows: QuerySet[Theme] = super().get_queryset(request)
        return rows.annotate(
            said=Count("texts", distinct=True),
            of_statements=Count(place[0], distinct=True),
            of_answers=Count(place[1], distinct=True),
        )

    @admin.display(description=_("theme"), ordering="name")
    def label(self, row: Theme) -> str:
        return str(row) if row.name else _("draft: %(words)s") % {"words": row}

    @admin.display(description=_("localities (needs and offers, answers)"))
    def localities(self, row: Any) -> str:
        return f"{row.of_statements}, {row.of_answers}"

    @admin.display(description=_("texts"), ordering="said")
    def text_count(self, row: Any) -> int:
        return int(row.said)

    @admin.display(description=_("goes on from"))
    def kept(self, row: Theme) -> str:
        return str(row.before) if row.before else ""

    @admin.display(description=_("nearest to the middle"))
    def nearest(self, row: Theme) -> str:
        texts = row.texts.select_related("statement", "answer").order_by("-nearness")
        return "\n".join(f"“{text.said}”" for text in texts[:5])

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: Any
    ) -> None:
        try:
            name_theme(
                theme=obj, name=obj.name, by=person_of(request), now=timezone.now()
            )
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.WARNING)

    @admin.action(description=_("Merge into the largest of them"))
    def merge(self, request: HttpRequest, rows: QuerySet[Theme]) -> None:
        _once(
            self,
            request,
            lambda: merge_themes(
                themes=list(rows), by=person_of(request), now=timezone.now()
            ),
            _("The themes are one now."),
        )

    @admin.action(description=_("Set aside: not shown"))
    def set_aside(self, request: HttpRequest, rows: QuerySet[Theme]) -> None:
        self.each_by_service(
            request,
            rows,
            lambda row: set_theme_aside(
                theme=row, by=person_of(request), now=timezone.now()
            ),
            ngettext_lazy(
                "%(count)d theme set aside.", "%(count)d themes set aside.", "count"
            ),
        )


class TextsForm(ActionForm):
    """Where texts go: another theme, or one of their own."""

    to_theme = forms.ModelChoiceField(
        label=_("Theme"),
        queryset=Theme.objects.filter(is_set_aside=False).order_by("-wave", "name"),
        required=False,
    )
    new_name = forms.CharField(label=_("Name of a new theme"), required=False)


@admin.register(ThemeText)
class ThemeTextAdmin(ReadOnlyAdmin):
    """What was said, by theme; the words are changed by nobody here."""

    list_display = ("said", "theme", "place", "may_be_quoted")
    list_filter = (
        "wave",
        ("approved_hash", admin.EmptyFieldListFilter),
        ("theme", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = (
        "theme",
        "statement__locality",
        "answer__part__locality",
        "conversation__locality",
    )
    ordering = ("theme", "-nearness", "pk")
    fields = ("said", "theme", "place", "may_be_quoted")
    action_form = TextsForm
    actions = ("move", "split", "quote", "do_not_quote")
    hubs_see = False

    @admin.display(description=_("said"))
    def said(self, row: ThemeText) -> str:
        return row.said

    @admin.display(description=_("may be quoted"), boolean=True)
    def may_be_quoted(self, row: ThemeText) -> bool:
        return row.is_approved

    @admin.display(description=_("locality"))
    def place(self, row: ThemeText) -> str:
        if row.statement is not None:
            return str(row.statement.locality)
        if row.conversation is not None:
            return str(row.conversation.locality)
        return str(row.answer.part.locality) if row.answer else ""

    @admin.action(description=_("Move to the theme chosen here"))
    def move(self, request: HttpRequest, rows: QuerySet[ThemeText]) -> None:
        theme = Theme.objects.filter(pk=_number(request.POST.get("to_theme"))).first()
        if theme is None:
            self.message_user(request, _("Choose a theme."), messages.WARNING)
            return
        _once(
            self,
            request,
            lambda: move_texts(
                texts=list(rows), to=theme, by=person_of(request), now=timezone.now()
            ),
            _("The texts have moved."),
        )

    @admin.action(description=_("Make a new theme of them"))
    def split(self, request: HttpRequest, rows: QuerySet[ThemeText]) -> None:
        _once(
            self,
            request,
            lambda: split_off(
                texts=list(rows),
                name=request.POST.get("new_name", ""),
                by=person_of(request),
                now=timezone.now(),
            ),
            _("The texts have a theme of their own."),
        )

    @admin.action(description=_("May be quoted, where the author agrees"))
    def quote(self, request: HttpRequest, rows: QuerySet[ThemeText]) -> None:
        let_quote(texts=list(rows), is_approved=True, by=person_of(request))
        self.message_user(request, _("Quoted where the author agrees."))

    @admin.action(description=_("Do not quote"))
    def do_not_quote(self, request: HttpRequest, rows: QuerySet[ThemeText]) -> None:
        let_quote(texts=list(rows), is_approved=False, by=person_of(request))
        self.message_user(request, _("Not quoted."))


def _number(given: str | None) -> int:
    """The number that was chosen; 0 is no row."""
    return whole(given or "")


def _once(page: CockpitAdmin, request: HttpRequest, service: Any, done: Any) -> None:
    try:
        service()
    except Refused as refusal:
        page.message_user(request, str(refusal), messages.WARNING)
    else:
        page.message_user(request, done, messages.SUCCESS)
