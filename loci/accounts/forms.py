"""The three first steps of a new person."""

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from loci.accounts.choices import WORK_LANGUAGES, NameShownTo


class NameForm(forms.Form):
    """Who it is."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    title = forms.CharField(
        label=_("What you do there"),
        help_text=_("For example: head of procurement, or programme officer."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )


class LanguagesForm(forms.Form):
    """How to write and speak with them."""

    language = forms.ChoiceField(
        label=_("Pages and mails in"), choices=settings.LANGUAGES
    )
    works_in = forms.MultipleChoiceField(
        label=_("Languages in which you can talk with others"),
        choices=WORK_LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class SeenForm(forms.Form):
    """Who reads the name."""

    name_shown_to = forms.ChoiceField(
        label=_("Who may read your name and what you do?"),
        choices=NameShownTo.choices,
        widget=forms.RadioSelect,
    )


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """An address is enough; who has set a password may type it instead of a code."""

    def _setup_password_field(self) -> None:
        field = self.fields["password"]
        field.required, field.label = False, _("Password, if you have set one")
        field.widget.attrs.pop("placeholder", None)
