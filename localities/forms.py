"""The shapes of an invitation and of a code."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


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
