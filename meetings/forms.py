"""Shapes of what people say about coming."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loci.accounts.models import User
from meetings.choices import Did, HelpWanted, OfUse, Suits
from meetings.models import Clinic, PrivateNote

ONLY_HOST = _("the host alone; deleted 30 days after the meeting")


class InsteadForm(forms.Form):
    """Somebody of the same pair who comes instead."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Who comes instead?"))

    def __init__(self, *given: Any, people: tuple[User, ...], **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # for the types
        field.queryset = User.objects.filter(pk__in=[one.pk for one in people])


class PrivateNoteForm(forms.ModelForm):
    """Food, access, travel."""

    class Meta:
        model = PrivateNote
        fields = ("dietary", "access", "travel")
        labels = {
            "dietary": _("Food: what should the kitchen know?"),
            "access": _("Access: what do you need to take part?"),
            "travel": _("Travel: visa, arrival, anything that worries you"),
        }

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for field in self.fields.values():
            field.who_sees = ONLY_HOST  # type: ignore[attr-defined]


class CaseForm(forms.ModelForm):
    """A case for peers: one sentence first."""

    class Meta:
        model = Clinic
        fields = ("question", "context", "tried", "help_wanted")
        labels = {
            "question": _("Our question, in one sentence"),
            "context": _("What should peers know about your place?"),
            "tried": _("What have you tried?"),
            "help_wanted": _("What would help most?"),
        }
        widgets = {
            "question": forms.Textarea(attrs={"rows": 2}),
            "context": forms.Textarea(attrs={"rows": 4}),
            "tried": forms.Textarea(attrs={"rows": 3}),
            "help_wanted": forms.RadioSelect,
        }

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["help_wanted"]
        field.choices = HelpWanted.choices  # type: ignore[attr-defined]
        field.initial = HelpWanted.IDEAS


class TimesForm(forms.Form):
    """Yes, if needed or no to each time."""

    def __init__(self, *given: Any, times: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        for pk, label in times:
            self.fields[f"time_{pk}"] = forms.ChoiceField(
                label=label, choices=Suits.choices, widget=forms.RadioSelect
            )

    def words(self) -> dict[int, Suits]:
        """What was said, by time."""
        return {
            int(name.removeprefix("time_")): Suits(said)
            for name, said in self.cleaned_data.items()
        }


class AttemptForm(forms.Form):
    """What somebody will try, and by when."""

    text = forms.CharField(label=_("I will try"), max_length=300)
    until = forms.DateField(
        label=_("by"), help_text=_("As year-month-day, for example 2027-03-27.")
    )


class DidForm(forms.Form):
    """Whether it was tried."""

    did = forms.ChoiceField(
        label=_("Did you try it?"), choices=Did.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("What came of it?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FeedbackForm(forms.Form):
    """The two questions after a meeting."""

    of_use = forms.ChoiceField(
        label=_("Was the meeting of use?"),
        choices=OfUse.choices,
        widget=forms.RadioSelect,
    )
    changed = forms.CharField(
        label=_("What have you done with it?"),
        help_text=_("“Nothing yet” is a good answer too."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TalksForm(forms.Form):
    """Whom one would like to talk to."""

    others = forms.MultipleChoiceField(
        label=_("Whom would you like to talk to?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *given: Any, people: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["others"]
        field.choices = people  # type: ignore[attr-defined]
