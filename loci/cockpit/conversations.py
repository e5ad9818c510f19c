"""Conversations: notes, and answers entered for a side with its consent."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import TabularInline
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from localities.models import Locality, Region
from loci.accounts.models import User
from loci.cockpit.base import CockpitAdmin, ReadOnlyAdmin, person_of
from loci.core.errors import Refused
from surveys.choices import ConversationKind
from surveys.models import Conversation, Part, Statement
from surveys.services.conversing import Talk, enter_for_side
from surveys.services.narrowing import make_room


class TalkForm(forms.Form):
    """How the side was heard, and its consent."""

    kind = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[row for row in ConversationKind.choices if row[0] != "note"],
    )
    held_on = forms.DateField(label=gettext_lazy("On"), widget=AdminDateWidget)
    spoke_with = forms.CharField(
        label=gettext_lazy("Who spoke for the side"),
        help_text=gettext_lazy("Their role, not their name."),
        max_length=160,
    )
    has_consent = forms.BooleanField(
        label=gettext_lazy("They agreed that I write their answers down here"),
        required=False,
    )

    def talk(self) -> Talk:
        facts = dict(self.cleaned_data)
        return Talk(**{**facts, "kind": ConversationKind(facts["kind"])})


class WithEntering(ReadOnlyAdmin):
    """An admin of parts where a coordinator can begin to write for a side."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [path("<int:pk>/enter/", view(self.enter), name="surveys_part_enter")]
        return own + super().get_urls()

    def enter(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.require_view(request)
        part: Part = get_object_or_404(self.get_queryset(request), pk=pk)
        form = TalkForm(request.POST or None, initial={"held_on": timezone.localdate()})
        if request.method == "POST" and form.is_valid():
            try:
                enter_for_side(
                    part=part,
                    talk=form.talk(),
                    by=person_of(request),
                    now=timezone.now(),
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("surveys:start", part.reference)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Enter answers for this side"),
            "opts": self.opts,
            "original": part,
            "form": form,
        }
        return TemplateResponse(request, "admin/plain_form.html", context)


class HeardInline(TabularInline):
    """Needs and offers heard in the conversation; they are counted like any other."""

    model = Statement
    fields = ("kind", "topic", "text", "visibility", "experience", "hours_a_month")
    extra = 1
    verbose_name_plural = gettext_lazy(
        "needs and offers heard: they are counted like others"
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Statement]:
        rows: QuerySet[Statement] = super().get_queryset(request)
        return rows.filter(position__isnull=False)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and obj.has_consent and obj.wave_id is not None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Conversation)
class ConversationAdmin(CockpitAdmin):
    list_display = (
        "locality",
        "side",
        "kind",
        "held_on",
        "has_consent",
        "confirmed_at",
    )
    list_filter = ("kind", "side", "has_consent", "locality__region", "wave")
    list_select_related = ("locality",)
    search_fields = ("locality__name", "words")
    search_help_text = gettext_lazy("Locality or words")
    ordering = ("-held_on", "-pk")
    fields = (
        *("kind", "locality", "side", "wave", "held_on", "spoke_with"),
        *("has_consent", "words", "by", "confirmed_at", "confirmed_by"),
    )
    readonly_fields = ("by", "confirmed_at", "confirmed_by")
    inlines = (HeardInline,)
    hubs_change = True
    can_add = True

    def seen_by(
        self, rows: QuerySet[Conversation], person: User
    ) -> QuerySet[Conversation]:
        own = Conversation.objects.coordinated_by(person)
        return rows.filter(pk__in=own.values("pk"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True  # who is in here coordinates something; the form offers own regions

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj is not None else ()

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "locality":
            regions = Region.objects.coordinated_by(person_of(request))
            kwargs["queryset"] = Locality.objects.filter(region__in=regions).order_by(
                "name"
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: Any
    ) -> None:
        if not change:
            obj.by = person_of(request)
        super().save_model(request, obj, form, change)

    def save_formset(
        self, request: HttpRequest, form: Any, formset: Any, change: Any
    ) -> None:
        """What was heard belongs to the pair, the side and the wave of the conversation."""
        for statement in formset.save(commit=False):
            said = form.instance
            statement.wave, statement.locality = said.wave, said.locality
            statement.side, statement.by = said.side, person_of(request)
            statement.language = person_of(request).language
            _anew_if_another(statement).save()
        if formset.new_objects:
            messages.success(request, _("The side reads this on its own page."))


def _anew_if_another(statement: Statement) -> Statement:
    """A new one where others were shown something else as this one."""
    kept = Statement.objects.select_related("topic").filter(pk=statement.pk).first()
    if kept is not None and make_room(
        kept, topic=statement.topic.code, visibility=statement.visibility
    ):
        return statement.anew()
    return statement
