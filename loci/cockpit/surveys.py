"""Surveys as data: written, looked at, published, carried on and exchanged as files."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin, StackedInline, TabularInline
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from loci.cockpit.base import CockpitAdmin, WithMoreToRead, coordinates_network
from loci.cockpit.survey_pages import WithPages
from loci.cockpit.texts import OptionsField, TextsField
from surveys.choices import StatementSide
from surveys.models import Question, Section, Survey
from surveys.queries.authoring import burdens, flaws_in
from surveys.queries.conditions import NotUnderstood, read_conditions


class SidesField(forms.MultipleChoiceField):
    def __init__(self, **facts: Any) -> None:
        facts.setdefault("label", _("Asked of"))
        super().__init__(
            choices=StatementSide.choices,
            widget=forms.CheckboxSelectMultiple,
            **facts,
        )


class SurveyForm(forms.ModelForm):
    titles = TextsField(label=_("Title"))

    class Meta:
        model = Survey
        fields = ("code",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["titles"] = self.instance.titles

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002  # Django's own
        self.instance.titles = self.cleaned_data["titles"]
        return super().save(commit)


class SectionForm(forms.ModelForm):
    titles = TextsField(label=_("Title"))
    hints = TextsField(label=_("Introduction"), is_long=True, required=False)
    sides = SidesField()

    class Meta:
        model = Section
        fields = ("position", "code", "titles", "hints", "sides")


class QuestionForm(forms.ModelForm):
    labels = TextsField(label=_("Question"), is_long=True)
    hints = TextsField(label=_("Help"), is_long=True, required=False)
    options = OptionsField(
        label=_("Options"),
        required=False,
        help_text=_(
            "For “one of” and “several of”. One a line: code | English | Español …"
        ),
    )

    class Meta:
        model = Question
        fields = (
            *("position", "code", "kind", "labels", "hints", "options"),
            *("is_required", "longest", "default_visibility", "visible_if"),
        )

    def clean_visible_if(self) -> str:
        text: str = self.cleaned_data["visible_if"]
        try:
            read_conditions(text)
        except NotUnderstood as problem:
            raise forms.ValidationError(
                _("“%(words)s” is no condition."), params={"words": str(problem)}
            ) from problem
        return text


class OfDrafts(InlineModelAdmin):
    """Rows of a survey: changed by the network's coordinators while it is a draft.

    Else `in_words` is what is read of them.
    """

    extra = 0
    in_words: tuple[str, ...] = ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": self.in_words})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if self.has_change_permission(request, obj) else self.in_words

    def _may(self, request: HttpRequest, obj: Any) -> bool:
        survey = obj.survey if isinstance(obj, Section) else obj
        is_draft = survey is None or not survey.is_published
        return is_draft and coordinates_network(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)


class SectionInline(OfDrafts, TabularInline):
    model = Section
    fields = ("position", "code", "sides", "titles")
    ordering = ("position", "pk")
    show_change_link = True
    form = SectionForm
    verbose_name_plural = _("pages: open one for its questions")
    in_words = ("position", "title", "asked_of")

    @admin.display(description=_("Asked of"))
    def asked_of(self, row: Section) -> str:
        return ", ".join(str(StatementSide(side).label) for side in row.sides)


class QuestionInline(OfDrafts, StackedInline):
    model = Question
    form = QuestionForm
    ordering = ("position", "pk")
    fieldsets = (
        (
            None,
            {"fields": (("position", "code", "kind"), "labels", "hints", "options")},
        ),
        (
            None,
            {
                "fields": (
                    ("is_required", "longest"),
                    "default_visibility",
                    "visible_if",
                )
            },
        ),
    )
    in_words = (
        *("kind", "label", "hint", "choices", "is_required", "visible_if"),
        "default_visibility",
    )

    @admin.display(description=_("Options"))
    def choices(self, row: Question) -> str:
        return "\n".join(words for _code, words in row.option_choices)


class OfDraftsAdmin(CockpitAdmin):
    """A survey or a page of one: frozen once published."""

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        survey = obj.survey if isinstance(obj, Section) else obj
        if isinstance(survey, Survey) and survey.is_published:
            return False
        return super().has_change_permission(request, obj)


@admin.register(Survey)
class SurveyAdmin(WithMoreToRead, WithPages, OfDraftsAdmin):
    form = SurveyForm
    list_display = ("title", "code", "version", "minutes", "is_published", "previous")
    list_filter = ("is_published",)
    list_select_related = ("previous",)
    search_fields = ("code", "titles")
    ordering = ("-pk",)
    fields = ("titles", "code", "version", "previous", "is_published")
    readonly_fields = ("version", "previous", "is_published")
    inlines = (SectionInline,)
    change_form_template = "admin/surveys/survey/change_form.html"
    change_list_template = "admin/surveys/survey/change_list.html"
    can_add = True

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return ("title", "code", "version", "previous", "is_published")
        return self.fields

    def more_to_read(self, request: HttpRequest, row: Survey) -> dict[str, Any]:
        return {
            "burdens": burdens(row),
            "flaws": [] if row.is_published else flaws_in(row),
            "may_write": coordinates_network(request),
        }


@admin.register(Section)
class SectionAdmin(OfDraftsAdmin):
    """One page of a survey with its questions."""

    form = SectionForm
    list_display = ("title", "survey", "position")
    list_filter = ("survey",)
    list_select_related = ("survey",)
    search_fields = ("code",)
    ordering = ("-survey", "position", "pk")
    fields = ("survey", "position", "code", "titles", "hints", "sides")
    readonly_fields = ("survey",)
    inlines = (QuestionInline,)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return ("survey", "position", "code", "title", "hint")
        return self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("survey",)
