"""The three pages after the first sign-in."""

import pytest
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["", "  ", "\u200b", "\u202e\u202c", "\x01"])
def test_a_name_that_nobody_can_see_is_none(typed, signed_in):
    person = make.person("Ana")
    client = signed_in(person)

    page = client.post(reverse("accounts:name"), {"name": typed})
    person.refresh_from_db()

    assert page.context["form"].errors == {"name": ["This field is required."]}
    assert person.name == "Ana"


def test_a_name_turns_nothing_that_stands_after_it(signed_in):
    person = make.person("Ana")
    client = signed_in(person)

    client.post(reverse("accounts:name"), {"name": "\u202eNino \u2066Ოქრო"})
    person.refresh_from_db()

    assert person.name == "Nino Ოქრო"
