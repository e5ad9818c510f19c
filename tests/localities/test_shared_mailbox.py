"""Two people behind one mailbox: one way in, both names."""

import pytest
from django.db import IntegrityError, transaction

from localities.choices import Side
from localities.models import Membership, Seat
from localities.services.accepting import accept_invitation
from localities.services.inviting import AlreadyThere, Guest, invite_colleague
from loci.accounts.models import User
from loci.pages.services.own_data import erase, own_data
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    place = make.locality(slug="own")
    government, _civil_society = make.pair(place)
    return {
        "person": government,
        "seat": Seat.objects.get(locality=place, side=Side.GOVERNMENT),
    }


def test_both_names_stand_where_the_person_is_named(office, signed_in):
    person = office["person"]
    client = signed_in(person)

    client.post("/welcome/name/", {"name": "Ana", "others": " Luis \n\nLuis\n"})
    User.objects.filter(pk=person.pk).update(name_shown_to="network")
    team = client.get("/pairs/own/people/").content.decode()
    profile = client.get("/localities/own/").content.decode()
    form = client.get("/welcome/name/").content.decode()

    person.refresh_from_db()
    assert (person.name, person.also_here, str(person)) == (
        "Ana",
        ["Luis"],
        "Ana, Luis",
    )
    assert "Ana, Luis" in team
    assert "Ana, Luis" in profile
    assert "Luis</textarea>" in form


def test_names_are_few_and_stand_beside_a_first(office, signed_in):
    person = office["person"]
    many = "\n".join(f"Name {number}" for number in range(5))

    page = signed_in(person).post("/welcome/name/", {"name": "Ana", "others": many})

    assert "Five people behind one mailbox at most" in page.content.decode()
    for facts in (
        {"name": "", "also_here": ["Luis"]},
        {"also_here": ["a", "b", "c", "d", "e"]},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=person.pk).update(**facts)


def test_names_are_words_and_no_markup(office, signed_in):
    client = signed_in(office["person"])

    client.post(
        "/welcome/name/", {"name": "Ana", "others": "<script>alert(1)</script>"}
    )

    page = client.get("/pairs/own/people/").content.decode()
    assert "<script>alert" not in page


def test_the_same_address_is_not_asked_in_twice_and_it_says_where_the_name_goes(office):
    guest = Guest(office["person"].email.upper())

    with pytest.raises(AlreadyThere, match="add the second name"):
        invite_colleague(seat=office["seat"], guest=guest, by=office["person"], now=NOW)


def test_an_address_that_somebody_has_comes_to_a_second_place(office):
    """The invitation is for the person behind it; nobody new is made."""
    known, _other = make.pair(make.locality())
    people = User.objects.count()

    invited = invite_colleague(
        seat=office["seat"], guest=Guest(known.email), by=office["person"], now=NOW
    )
    accept_invitation(invitation=invited.invitation, by=known, now=NOW)

    assert User.objects.count() == people
    assert Membership.objects.current().filter(person=known).count() == 2


def test_all_the_names_are_told_and_go_with_the_person(office):
    person = office["person"]
    person.name, person.also_here = "Ana", ["Luis"]
    person.save()

    told = own_data(person)["person"]
    erase(person=person, typed=person.email, now=NOW)

    assert (told["name"], told["also_here"]) == ("Ana", ["Luis"])
    assert not User.objects.filter(name="Ana").exists()
