"""The network is never without somebody who coordinates it."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from localities.models import Membership
from localities.services.coordinating import LastCoordinator
from localities.services.people import leave
from tests import make

REFUSED = "Nobody would coordinate the network any more."


def place_of(person) -> Membership:
    return Membership.objects.of_the_network().get(person=person)


def saved(client, table, row, **changed):
    """Send a form of the coordinators' place as it is, with this in it changed."""
    address = reverse(f"admin:{table}_change", args=[row.pk])
    form = client.get(address).context["adminform"].form
    fields = {
        name: ""
        if (value := form.get_initial_for_field(field, name)) is None
        else value
        for name, field in form.fields.items()
    }
    inlines = {f"memberships-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    given = {**fields, **inlines, **changed}
    kept = {name: value for name, value in given.items() if value is not False}
    return client.post(address, kept, follow=True).content.decode()


@pytest.mark.django_db
def test_the_last_place_is_not_ended_in_the_list(signed_in):
    only = make.coordinator()
    client, place = signed_in(only), place_of(only)
    asked = {"action": "end_place", "_selected_action": [place.pk]}
    address = reverse("admin:localities_membership_changelist")

    page = client.post(address, asked, follow=True).content.decode()

    assert REFUSED in page
    assert place_of(only).until is None
    make.coordinator()
    client.post(address, asked)
    place.refresh_from_db()
    assert place.until is not None


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["person", "role", "organisation"])
def test_no_form_takes_the_last_one(signed_in, what):
    only = make.coordinator()
    client, place = signed_in(only), place_of(only)
    forms: dict[str, Any] = {
        "person": ("accounts_user", only, {"is_active": False}),
        "role": ("localities_membership", place, {"role": "reader"}),
        "organisation": (
            "localities_organisation",
            place.organisation,
            {"kind": "partner"},
        ),
    }
    table, row, changed = forms[what]

    page = saved(client, table, row, **changed)

    assert REFUSED in page
    assert "changed successfully" not in page
    assert place_of(only) == place
    make.coordinator()
    page = saved(client, table, row, **changed)
    assert REFUSED not in page
    assert not Membership.objects.of_the_network().filter(pk=place.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_of_the_last_two_at_once_one_stays():
    places = [place_of(make.coordinator()) for _one in range(2)]
    together, refused = Barrier(2), []

    def go(place: Membership) -> None:
        together.wait()
        try:
            leave(membership=place, on=timezone.localdate(), by=None)
        except LastCoordinator as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=go, args=[place]) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert Membership.objects.of_the_network().count() == 1
