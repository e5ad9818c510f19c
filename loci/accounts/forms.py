"""The three first steps of a new person."""

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from loci.accounts.choices import (
    NAME_ASKED,
    OTHERS_AT_MOST,
    WORK_LANGUAGES,
    NameShownTo,
)
from loci.core.texts import one_line


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

    others = forms.CharField(
        label=_("Does somebody else read this mailbox?"),
        help_text=_(
            "Whoever reads it can come in with it: name them too, one on each line. "
            "What is written here then carries all your names. Who has an address of "
            "their own is better invited."
        ),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            field = self.fields["name"]
            raise forms.ValidationError(field.error_messages["required"], "required")
        return name

    def clean_others(self) -> list[str]:
        names = [one_line(line) for line in self.cleaned_data["others"].splitlines()]
        others = list(dict.fromkeys(name[:120] for name in names if name))
        if len(others) > OTHERS_AT_MOST:
            raise forms.ValidationError(
                _("Five people behind one mailbox at most: ask for a second address.")
            )
        return others


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
        label=NAME_ASKED,
        choices=NameShownTo.choices,
        widget=forms.RadioSelect,
    )


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """An address is enough; who has set a password may type it instead of a code."""

    def _setup_password_field(self) -> None:
        field = self.fields["password"]
        field.required, field.label = False, _("The password that you have set")
        field.widget.attrs.pop("placeholder", None)
