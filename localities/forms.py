"""The shapes of an invitation and of a code."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from localities.choices import SAID_BY_PEOPLE, Audience, Phase
from localities.services.profile import Said

FIRST_DAY = date(1990, 1, 1)  # of a timeline


class GuestForm(forms.Form):
    """Who is asked in."""

    email = forms.EmailField(label=_("Their e-mail address"), max_length=254)
    language = forms.ChoiceField(
        label=_("Language of the mail"), choices=settings.LANGUAGES
    )


class SuccessorForm(GuestForm):
    """Who follows, and what they should know."""

    note = forms.CharField(
        label=_("What should they know?"),
        help_text=_(
            "What is under way, whom to ask, where things are. Only your successor "
            "and your side read it, here; it is not in the mail."
        ),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    field_order = ("email", "note", "language")


class PartnerForm(GuestForm):
    """Which organisation, and who there."""

    organisation_name = forms.CharField(
        label=_("Name of the organisation"), max_length=200
    )
    field_order = ("organisation_name", "email", "language")


class CodeForm(forms.Form):
    """What stands in the mail, typed on another device."""

    email = forms.EmailField(
        label=_("The e-mail address at which you were invited"), max_length=254
    )
    code = forms.CharField(
        label=_("The code from the mail"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "spellcheck": "false"}
        ),
    )

    def refuse(self) -> None:
        """The same words for a wrong code, an unknown address and one that is over."""
        self.add_error(
            "code",
            _("This code does not work with this address. Copy it from the mail."),
        )

    def said(self) -> dict[str, Any]:
        return {"email": self.cleaned_data["email"], "code": self.cleaned_data["code"]}


class FactForm(forms.Form):
    """One line of a profile."""

    text = forms.CharField(
        label=_("In your words"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    language = forms.ChoiceField(
        label=_("Language of these words"), choices=settings.LANGUAGES
    )
    sources = forms.CharField(
        label=_("What shows it?"),
        help_text=_("A link or the name of a document, one on each line."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    visibility = forms.ChoiceField(
        label=_("Who may read it?"), choices=Audience.choices, widget=forms.RadioSelect
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def said(self) -> Said:
        """What the form says, for the service."""
        facts = self.cleaned_data
        return Said(
            text=facts["text"],
            visibility=Audience(facts["visibility"]),
            sources=facts["sources"].splitlines(),
            language=facts["language"],
        )


class PhaseForm(forms.Form):
    """How far the work has come."""

    phase = forms.ChoiceField(
        label=_("How far has your work come?"), choices=Phase.choices
    )


class MilestoneForm(forms.Form):
    """One event for the timeline."""

    kind = forms.ChoiceField(
        label=_("What happened?"),
        choices=[(kind.value, kind.label) for kind in SAID_BY_PEOPLE],
    )
    text = forms.CharField(label=_("In one line"), max_length=200)
    on = forms.DateField(
        label=_("When?"),
        help_text=_("As year-month-day, for example 2026-03-27."),
        validators=[
            MinValueValidator(FIRST_DAY),
            MaxValueValidator(timezone.localdate),
        ],
    )
    link = forms.URLField(
        label=_("A link that shows it"), required=False, assume_scheme="https"
    )
