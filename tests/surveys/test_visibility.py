"""Who reads what, for every visibility and every kind of person."""

import pytest

from localities.choices import OrganisationKind, Role, Side
from surveys.choices import StatementKind, Visibility
from surveys.models import Statement
from tests import make

pytestmark = pytest.mark.django_db

MEMBERS = {
    "own side",
    "partner side",
    "own hub",
    "other hub",
    "network",
    "other pair",
    "expert",
}
READERS = {
    Visibility.SIDE: {"own side", "network"},
    Visibility.COORDINATORS: {"own side", "network", "own hub"},
    Visibility.PAIR: {"own side", "partner side", "network", "own hub"},
    Visibility.NETWORK: MEMBERS,
    Visibility.PUBLIC: MEMBERS | {"stranger", "left", "deactivated"},
}


@pytest.fixture
def people():
    locality = make.locality()
    government, civil_society = make.pair(locality)
    left, _rest = make.pair(make.locality())
    left.memberships.update(until=make.TODAY)
    deactivated = make.person(is_active=False)
    make.place(deactivated, civil_society.memberships.get().organisation)
    expert = make.person()
    make.place(expert, make.organisation(OrganisationKind.PARTNER), Role.EXPERT)
    return locality, {
        "own side": civil_society,
        "partner side": government,
        "own hub": make.hub_coordinator("africa"),
        "other hub": make.hub_coordinator("asia"),
        "network": make.coordinator(),
        "other pair": make.pair(make.locality())[0],
        "expert": expert,
        "stranger": make.person(),
        "left": left,
        "deactivated": deactivated,
    }


@pytest.mark.parametrize("visibility", list(Visibility))
def test_a_statement_is_read_by_those_its_visibility_names_and_nobody_else(
    people, visibility
):
    locality, persons = people
    make.statement(
        locality,
        make.wave(),
        side=Side.CIVIL_SOCIETY,
        visibility=visibility,
        text="CANARY",
    )

    readers = {
        name
        for name, person in persons.items()
        if Statement.objects.visible_to(person).filter(text="CANARY").exists()
    }

    assert readers == READERS[visibility]


def test_what_the_pair_says_together_is_read_by_both_sides_however_narrow(people):
    locality, persons = people
    make.statement(locality, make.wave(), side="joint", visibility=Visibility.SIDE)

    readers = {
        name
        for name, person in persons.items()
        if Statement.objects.visible_to(person).exists()
    }

    assert readers == {"own side", "partner side", "network"}


def test_only_what_the_network_may_see_is_used_for_introductions(people):
    locality, _persons = people
    wave = make.wave()
    for visibility in Visibility:
        make.statement(locality, wave, visibility=visibility, text=visibility.value)
    paused = make.locality(is_paused=True)
    make.statement(paused, wave, text="paused")
    make.statement(locality, wave, StatementKind.OFFER, state="withdrawn", text="gone")

    used = set(Statement.objects.for_introductions().values_list("text", flat=True))

    assert used == {"network", "public"}
