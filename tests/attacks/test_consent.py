"""T-P3: a yes is provable, to the words that were shown, and over when taken back."""

import zipfile

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from localities.choices import Audience, FactKind, Side
from localities.models import Seat
from localities.services.profile import Said, say_fact
from localities.services.publishing import agree_to_publish
from loci.accounts import choices
from loci.accounts.choices import ConsentTo
from loci.accounts.models import Consent
from loci.accounts.services.consents import give_consent
from loci.pages.services.own_data import erase
from tests import make
from tests.attacks.canaries import words_of

pytestmark = pytest.mark.django_db
NAME, LINE = "Canaryville", "CANARY line for everyone"
PUBLIC = (
    "pages:landing",
    "pages:localities",
    "pages:you_said_we_did",
    "cycles:cycles",
    "cycles:lessons",
    "cycles:insights",
    "meetings:list",
)


@pytest.fixture
def pair():
    """Two people of a place that is not published, with one line for everyone."""
    place = make.locality(NAME, slug="canaryville", is_listed=False)
    people = make.pair(place)
    for side, person in zip(Side, people, strict=True):
        seat = Seat.objects.get(locality=place, side=side)
        if side == Side.GOVERNMENT:
            say_fact(
                seat=seat,
                kind=FactKind.OBJECTIVE,
                said=Said(LINE, Audience.PUBLIC),
                by=person,
                now=timezone.now(),
            )
    for side, person in zip(Side, people, strict=True):
        seat = Seat.objects.get(locality=place, side=side)
        agree_to_publish(seat=seat, by=person, now=timezone.now())
    place.refresh_from_db()
    assert place.is_listed
    return place, people


def read_in_public(place) -> set[str]:
    """Public addresses, and files for everyone, that tell of the place."""
    client = Client()
    addresses = [reverse(name) for name in PUBLIC]
    addresses += [
        reverse(name, args=[place.slug]) for name in ("pages:locality", "pages:changes")
    ]
    addresses += [
        reverse("cycles:insights_file", args=["csv"]),
        f"{reverse('pages:localities')}?q={NAME}&region=africa",
    ]
    return {
        address
        for address in addresses
        if {LINE, f">{NAME}", f"/{place.slug}/"}
        & marks_in(words_of(client.get(address)))
    }


def marks_in(text: str) -> set[str]:
    marks = (LINE, f">{NAME}", "/canaryville/")
    echo = 'name="next"'  # the language switch repeats the address
    lines = [line for line in text.splitlines() if echo not in line]
    return {mark for mark in marks if any(mark in line for line in lines)}


def test_what_a_side_takes_back_is_on_no_public_page_at_the_next_request(
    pair, signed_in, tmp_path
):
    """T-P3: pages, search, counts that are cached, the archive; own pages stay."""
    place, people = pair
    assert reverse("pages:locality", args=[place.slug]) in read_in_public(place)
    assert reverse("pages:localities") in read_in_public(place)
    client = signed_in(people[1])
    page = client.get(reverse("localities:profile", args=[place.slug]))
    assert "Take our profile off the public pages" in page.content.decode()

    client.post(reverse("localities:publish", args=[place.slug]), {"take_back": "yes"})

    assert read_in_public(place) == set()
    assert Client().get(reverse("pages:locality", args=[place.slug])).status_code == 404
    archive = tmp_path / "archive.zip"
    call_command("export_archive", str(archive), verbosity=0)
    with zipfile.ZipFile(archive) as kept:
        assert kept.namelist()
        assert not any(marks_in(kept.read(name).decode()) for name in kept.namelist())
    assert (
        LINE
        in signed_in(people[0])
        .get(reverse("localities:profile", args=[place.slug]))
        .content.decode()
    )
    assert not Consent.objects.standing().filter(purpose=ConsentTo.PROFILE).exists()


def test_who_said_yes_when_and_to_which_words(pair, signed_in):
    """T-P3: each side's yes is a row; the page shows the words that are kept."""
    place, people = pair
    place.is_listed = False
    place.save()
    place.agreements.all().delete()
    client = signed_in(people[0])
    page = client.get(reverse("localities:profile", args=[place.slug]))

    rows = Consent.objects.filter(purpose=ConsentTo.PROFILE).order_by("pk")

    assert [row.person for row in rows] == list(people)
    assert {row.about.rpartition(":")[2] for row in rows} == set(Side.values)
    assert all(row.given_at <= timezone.now() for row in rows)
    assert {row.words for row in rows} == {str(choices.PROFILE_ASKED)}
    assert rows[0].words in page.content.decode()
    assert rows[0].words in client.get(reverse("pages:own_data_file")).content.decode()


def test_the_name_is_shown_by_a_yes_and_hidden_by_the_next_choice(signed_in):
    """T-P3: in the words of the language in which it was asked."""
    person = make.person()
    client = signed_in(person)
    page = reverse("accounts:seen")
    with translation.override("fr"):
        asked = str(choices.NAME_ASKED)

    client.get(page)
    client.cookies["django_language"] = "fr"
    client.post(page, {"name_shown_to": "network"})
    given = Consent.objects.standing().get(person=person)
    client.post(page, {"name_shown_to": "pair"})

    assert given.words.startswith(asked)
    assert not Consent.objects.standing().filter(person=person).exists()
    assert Consent.objects.filter(person=person).count() == 1


def test_other_words_need_another_yes_and_the_old_one_is_kept():
    """T-P3: versioned by the text itself."""
    person, now = make.person(), timezone.now()

    for words in ("One text", "One text", "Another text"):
        give_consent(person=person, to=ConsentTo.NAME, words=words, now=now)

    kept = Consent.objects.filter(person=person).order_by("pk")
    assert [(row.words, row.withdrawn_at) for row in kept] == [
        ("One text", now),
        ("Another text", None),
    ]
    with pytest.raises(IntegrityError):
        Consent.objects.create(
            person=person, purpose=ConsentTo.NAME, words="Twice", given_at=now
        )


def test_a_yes_outlives_the_person_without_the_name(pair):
    """T-P3: the proof stays, the person goes."""
    _place, people = pair

    erase(person=people[0], typed=people[0].email, now=timezone.now())

    kept = Consent.objects.filter(purpose=ConsentTo.PROFILE).order_by("pk")
    assert [row.person for row in kept] == [None, people[1]]
