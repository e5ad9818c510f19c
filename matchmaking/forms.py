"""The shapes of a no and of a not yet; a yes needs no form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.choices import DeclineReason


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
