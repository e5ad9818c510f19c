"""T-I9: what no field of a form expects, in every field of every form at once."""

import pytest
from django.core.cache import cache
from django.db import transaction

from tests import make
from tests.attacks.canaries import NETWORK, OWN
from tests.attacks.test_more_than_asked import forms_for
from tests.personas import world

pytestmark = pytest.mark.django_db
ODD = {
    "a NUL": "a\x00b",
    "no number": "[[]]",
    "too large": "9" * 19,
    "no day": "9999-99-99",
    "nothing": "",
}
CONTROLS = ("csrfmiddlewaretoken", "_save", "-TOTAL_FORMS", "-INITIAL_FORMS")
"""What a form needs to be read at all."""


@pytest.mark.parametrize("who", [OWN, NETWORK])
def test_no_field_of_a_form_is_an_error_page(who, signed_in):
    """T-I9: each form, with the same odd words in all that can be filled in."""
    things = world()
    client = signed_in(things.people[who])
    client.raise_request_exception = False
    forms = forms_for(who, client, things)

    failed, sent = [], 0
    for kind, odd in ODD.items():
        cache.clear()
        with transaction.atomic():
            for name, target, fields in forms:
                said = {
                    field: value if field.endswith(CONTROLS) else odd
                    for field, value in fields.items()
                }
                page = client.post(target, said)
                sent += 1
                failed += [f"{name}: {kind}"] if page.status_code >= 500 else []
            transaction.set_rollback(True)

    assert failed == []
    assert sent > 200


@pytest.mark.parametrize("typed", ["[1]", "7", '"Portals"', '{"es": 7}'])
def test_names_of_a_topic_are_names_by_language(typed, signed_in):
    """T-I9: anything else would be an error on every page that shows the topic."""
    things = world()
    topic = make.topic()
    client = signed_in(things.people[NETWORK])
    address = f"/admin/localities/topic/{topic.pk}/change/"

    page = client.post(address, {"name": "Portals", "names": typed, "position": 1})
    said = page.context["adminform"].form.errors
    client.post(
        address, {"name": "Portals", "names": '{"es": "Portales"}', "position": 1}
    )
    topic.refresh_from_db()

    assert said == {"names": ["Write a name for each language."]}
    assert topic.names == {"es": "Portales"}


def test_a_line_of_the_loop_needs_a_topic(signed_in):
    """T-I9: a coordinator who forgets the topic is asked for it."""
    things = world()
    client = signed_in(things.people[NETWORK])
    line = {"wave": things.wave.pk, "heard": "Heard", "state": "planned"}

    page = client.post("/admin/cycles/promise/add/", line)

    assert page.context["adminform"].form.errors["topic"] == ["This field is required."]
