"""Shapes of what people say about coming."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loci.accounts.models import User
from meetings.models import PrivateNote

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
