"""The shapes of an invitation and of a code."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    URLValidator,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from localities.choices import (
    SAID_BY_PEOPLE,
    Audience,
    FactKind,
    FileKind,
    Phase,
)
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


class LinkForm(FactForm):
    """A link or a document: its name, where it is, what opens and how large it is."""

    text = forms.CharField(
        label=_("What is it called?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    language = forms.ChoiceField(
        label=_("Language of the document"), choices=settings.LANGUAGES
    )
    link = forms.URLField(
        label=_("Link"),
        max_length=200,
        assume_scheme="https",
        validators=[URLValidator(["http", "https"])],
    )
    file_kind = forms.ChoiceField(
        label=_("What opens?"),
        choices=[("", _("not said")), *FileKind.choices],
        required=False,
    )
    megabytes = forms.DecimalField(
        label=_("Size in MB"),
        help_text=_("For a document, for example 2.4. Shown before somebody opens it."),
        required=False,
        min_value=Decimal("0.001"),
        max_value=Decimal(10000),
        max_digits=9,
        decimal_places=3,
    )
    field_order = ("text", "link", "file_kind", "megabytes", "language", "sources")

    def said(self) -> Said:
        facts = self.cleaned_data
        large = facts["megabytes"]
        return replace(
            super().said(),
            link=facts["link"],
            file_kind=facts["file_kind"],
            kilobytes=None if large is None else max(1, round(large * 1000)),
        )


def form_for(kind: str) -> type[FactForm]:
    """The form of a line of this kind."""
    return LinkForm if kind == FactKind.LINK else FactForm


class DoubtForm(forms.Form):
    """What is wrong with a line of public sources."""

    words = forms.CharField(
        label=_("What is wrong?"),
        help_text=_("The coordinators read it. Name a source if there is one."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TakeOverForm(forms.Form):
    """Where in one's own half the line will stand."""

    kind = forms.ChoiceField(
        label=_("Under which heading?"),
        choices=[
            (kind.value, kind.label)
            for kind in FactKind.said_by_sides()
            if kind != FactKind.LINK
        ],
        initial=FactKind.CONTEXT,
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
