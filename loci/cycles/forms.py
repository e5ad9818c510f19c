"""What a reader says of one section."""

from django import forms
from django.utils.translation import gettext_lazy as _

from loci.cycles.choices import Verdict


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
