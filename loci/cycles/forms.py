"""What a reader says of one section, and what a practice card says."""

from dataclasses import fields
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy as _

from localities.models import Topic
from loci.core.widgets import TopicSelect
from loci.cycles.choices import Verdict
from loci.cycles.models import Lesson
from loci.cycles.services.lessons import Written


class ReadingForm(forms.Form):
    """Agree, comment or correct."""

    verdict = forms.ChoiceField(
        label=_("What do you say of this section?"),
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one line.")},
    )
    words = forms.CharField(
        label=_("In your words"),
        help_text=_("The coordinators read this. What became of it is public."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _long(label: Any, at_most: int, **more: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=at_most, widget=area, **more)


class LessonForm(forms.Form):
    """A practice card, question by question."""

    title = forms.CharField(label=_("What did you learn, in one line?"), max_length=160)
    topic = forms.ModelChoiceField(
        Topic.objects.order_by("position", "pk"),
        label=_("Topic"),
        empty_label=_("Not chosen yet"),
        widget=TopicSelect,
    )
    problem = _long(_("What was the problem?"), 2000)
    done = _long(_("What did you do, step by step?"), 4000)
    cost = _long(_("What did it cost, in time and money?"), 1000, required=False)
    pitfalls = _long(_("What would you look out for next time?"), 2000, required=False)
    evidence = _long(_("What shows that it worked?"), 1000, required=False)
    evidence_url = forms.URLField(
        label=_("Link to it"), required=False, assume_scheme="https"
    )
    takes_questions = forms.BooleanField(
        label=_("Others may ask us about it, by an introduction"), required=False
    )
    language = forms.ChoiceField(
        label=_("Language of this card"), choices=settings.LANGUAGES
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        initial = {"language": (get_language() or "en").split("-")[0]}
        named["initial"] = initial | (named.get("initial") or {})
        super().__init__(*given, **named)

    @staticmethod
    def of(lesson: Lesson) -> dict[str, Any]:
        """What the form begins with for an existing card."""
        return {field.name: getattr(lesson, field.name) for field in fields(Written)}

    def written(self) -> Written:
        return Written(**self.cleaned_data)
