"""The shapes of a no and of a not yet; a yes needs no form."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from localities.models import Topic
from loci.core.widgets import TopicSelect
from matchmaking.choices import (
    DeclineReason,
    Ending,
    Outcome,
    ReplyAnswer,
    WaitsFor,
)
from matchmaking.models import HOURS_AT_MOST
from matchmaking.services.replying import Answered

LONGEST_WAIT = timedelta(days=730)


class ExpertiseForm(forms.Form):
    """One topic that an expert can help with."""

    topic = forms.ModelChoiceField(
        Topic.objects.order_by("position", "pk"),
        label=_("Topic"),
        empty_label=_("Not chosen yet"),
        widget=TopicSelect,
    )
    words = forms.CharField(
        label=_("What have you done in practice?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    hours = forms.IntegerField(
        label=_("How many hours a month can you give?"),
        min_value=1,
        max_value=HOURS_AT_MOST,
    )


class DeclineForm(forms.Form):
    """Why a suggestion does not suit."""

    reason = forms.ChoiceField(
        label=_("Why not?"), choices=DeclineReason.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only coordinators see this."),
    )


LATER = (
    ("30", _("In a month")),
    ("90", _("In three months")),
    ("180", _("In half a year")),
    ("day", _("After a day that we name")),
    (WaitsFor.WAVE.value, _("When the next survey opens")),
    (WaitsFor.MEETING.value, _("After the next meeting of our region")),
)


class LaterForm(forms.Form):
    """When to ask again: after some days, after a named day, after an event."""

    when = forms.ChoiceField(
        label=_("When may we ask again?"), choices=LATER, widget=forms.RadioSelect
    )
    day = forms.DateField(
        label=_("The day, if you name one"),
        required=False,
        help_text=_("As year-month-day, for example 2027-03-27."),
    )

    def __init__(self, *given: Any, today: date, **more: Any) -> None:
        super().__init__(*given, **more)
        self.today = today

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if self.cleaned_data.get("when") != "day":
            return None
        if day is None or not self.today < day <= self.today + LONGEST_WAIT:
            raise forms.ValidationError(_("Name a day within the next two years."))
        return day

    def said(self) -> Answered:
        """What the form says, for the service."""
        when = self.cleaned_data["when"]
        if when in {WaitsFor.WAVE, WaitsFor.MEETING}:
            return Answered(ReplyAnswer.NOT_NOW, waits_for=when)
        day = self.cleaned_data["day"] or self.today + timedelta(days=int(when))
        return Answered(ReplyAnswer.NOT_NOW, not_before=day, waits_for=WaitsFor.DAY)


class NoteForm(forms.Form):
    """A few words for both pairs."""

    text = forms.CharField(
        label=_("A note for both pairs"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you agreed, a link, what comes next. Both pairs read it."),
    )


class RequestForm(forms.Form):
    """Why one side would like to meet another locality."""

    topic = forms.ChoiceField(label=_("About what they offer"), required=False)
    words = forms.CharField(
        label=_("What would you like to talk about?"),
        help_text=_("What you are at, and what you hope to hear from them."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, topics: list[Topic], **options: Any) -> None:
        super().__init__(*args, **options)
        self.topics = {row.code: row for row in topics}
        if topics:
            known = [(row.code, row.label) for row in topics]
            self.fields["topic"].choices = [("", _("Not chosen yet")), *known]  # type: ignore[attr-defined]
        else:
            del self.fields["topic"]

    def about(self) -> Topic | None:
        return self.topics.get(self.cleaned_data.get("topic", ""))


class TimeForm(forms.Form):
    """One of the proposed times."""

    at = forms.DateTimeField()


STEPS = [
    (str(step.value), step.label) for step in Outcome if step >= Outcome.FIRST_CONTACT
]


class CheckInForm(forms.Form):
    """How far it came, or how it ended."""

    said = forms.ChoiceField(
        label=_("How far did it come?"),
        choices=[*STEPS, *Ending.choices],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one line.")},
    )
    evidence = forms.CharField(
        label=_("What shows it?"),
        help_text=_("One sentence or a link. Needed from “Applied” on."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
