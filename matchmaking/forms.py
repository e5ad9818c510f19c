"""The shapes of a no and of a not yet; a yes needs no form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.choices import DeclineReason, Ending, Outcome


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


NOT_NOW_MONTHS = (
    ("1", _("In a month")),
    ("3", _("In three months")),
    ("6", _("In half a year")),
)


class LaterForm(forms.Form):
    """When to ask again."""

    months = forms.ChoiceField(
        label=_("When may we ask again?"),
        choices=NOT_NOW_MONTHS,
        widget=forms.RadioSelect,
    )


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
