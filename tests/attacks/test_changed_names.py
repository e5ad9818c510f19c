"""Names and addresses on public pages end with the place and with the name.

The class: something was shown rightly, its rights changed, a copy goes on showing it.
"""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from localities.models import Membership
from localities.services.people import leave
from loci.accounts.choices import NameShownTo
from loci.accounts.services.first_steps import choose_who_reads_name
from loci.cycles.models import CycleStep, Promise
from loci.pages.services.own_data import erase
from meetings.models import Review
from tests import make
from tests.attacks.canaries import plant, words_of
from tests.personas import World, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def things() -> World:
    return world()


def public_pages(things: World) -> str:
    """What a visitor reads of who owns a promise, a cycle and a step of it."""
    addresses = [
        reverse("pages:landing"),
        reverse("pages:you_said_we_did"),
        reverse("cycles:cycles"),
        reverse("cycles:cycle", args=[things.cycle.reference]),
    ]
    return "".join(words_of(Client().get(address)) for address in addresses)


@pytest.fixture
def owner(things):
    person = make.coordinator()
    person.name = "Canary Owner"
    person.save()
    Promise.objects.update(is_published=True, owner=person)
    type(things.cycle).objects.update(owner=person)
    CycleStep.objects.update(owner=person)
    return person


def test_owners_are_named_while_they_are_here(things, owner):
    """Everybody reads who owns a promise, until that person has left."""
    assert public_pages(things).count("Canary Owner") >= 3
    make.coordinator()  # the network keeps one

    for membership in Membership.objects.filter(person=owner):
        leave(membership=membership, on=timezone.localdate(), by=None)

    assert "Canary Owner" not in public_pages(things)


def test_an_owner_without_a_name_is_not_shown_by_address(things, owner):
    assert "Canary Owner" in public_pages(things)

    owner.name = ""
    owner.save()

    assert owner.email not in public_pages(things)


def test_an_owner_who_is_erased_is_on_no_page(things, owner):
    make.coordinator()

    erase(person=owner, typed=owner.email, now=timezone.now())

    told = public_pages(things)
    assert "Canary Owner" not in told
    assert owner.email not in told


def test_notes_of_a_meeting_name_nobody_also_once_that_person_is_erased(
    things, signed_in
):
    """Who came later is taken out of the file by name; erased, by then, for good."""
    own, other = things.membership.person, things.people["civil society side"]
    things.session.notes = f"{own.name} asked; we follow."
    things.session.save()
    Review.objects.create(
        meeting=things.meeting,
        planned=f"With {own.name}",
        happened="Talked",
        why="-",
        following=f"Write to {own.email}",
        at=timezone.now(),
    )
    page = reverse("meetings:notes", args=[things.meeting.reference])
    assert own.name not in words_of(signed_in(other).get(page))

    erase(person=own, typed=own.email, now=timezone.now())

    told = words_of(signed_in(other).get(page))
    assert own.name not in told
    assert own.email not in told
    assert "asked; we follow" in told


def test_a_note_of_an_introduction_is_of_a_former_member_once_they_left(
    things, signed_in
):
    """Its words stay for both pairs, its author's name goes with the place."""
    met = plant(things).introduction
    page = reverse("matchmaking:card", args=[met.reference])
    own, reader = things.membership.person, things.people["helper pair"]
    shown = f"{things.seeker.name} · {own.name}"
    assert shown in words_of(signed_in(reader).get(page))

    leave(membership=things.membership, on=timezone.localdate(), by=None)

    told = words_of(signed_in(reader).get(page))
    assert own.name not in told
    assert "CANARY-note-of-two" in told


def test_a_name_that_is_no_longer_shown_leaves_the_page_of_the_locality(
    things, signed_in
):
    """Shown to the network by a choice, taken back by the next."""
    own, now = things.membership.person, timezone.now()
    page = reverse("pages:locality", args=[things.seeker.slug])
    reader = things.people["other pair"]
    choose_who_reads_name(person=own, shown_to=NameShownTo.NETWORK, now=now)
    assert own.name in words_of(signed_in(reader).get(page))

    choose_who_reads_name(person=own, shown_to=NameShownTo.PAIR, now=now)

    assert own.name not in words_of(signed_in(reader).get(page))


def test_a_name_is_read_by_the_network_of_today(things, signed_in):
    """Whoever has no place any more reads no names; whoever left is not named."""
    own, now = things.membership.person, timezone.now()
    page = reverse("pages:locality", args=[things.seeker.slug])
    reader = things.people["reader"]
    choose_who_reads_name(person=own, shown_to=NameShownTo.NETWORK, now=now)
    assert own.name in words_of(signed_in(reader).get(page))

    for membership in reader.memberships.all():
        leave(membership=membership, on=timezone.localdate(), by=None)
    assert own.name not in words_of(signed_in(reader).get(page))
    leave(membership=things.membership, on=timezone.localdate(), by=None)
    other = things.people["other pair"]
    assert own.name not in words_of(signed_in(other).get(page))


def test_somebody_else_in_the_same_browser_clears_the_device(
    things, signed_in, settings
):
    """As signing out does; the same person again keeps what waits on the device."""
    settings.LOCI_DEMO = True
    first, second = things.people["other pair"], things.people["helper pair"]
    type(first).objects.update(is_demo=True)
    client = signed_in(first)

    same, other = (
        client.post(reverse("pages:enter", args=[person.pk]))
        for person in (first, second)
    )

    assert "Clear-Site-Data" not in same.headers
    assert other.headers["Clear-Site-Data"] == '"storage"'
