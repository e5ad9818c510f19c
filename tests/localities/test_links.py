"""Links and documents of a profile: what opens and how large, as its side states it."""

import pytest
from django.db import IntegrityError, transaction

from localities.models import Fact, Locality
from tests import make
from tests.make import TODAY

pytestmark = pytest.mark.django_db

TYPED = {
    "text": "Budget 2026",
    "language": "en",
    "visibility": "public",
    "link": "https://budget.example/2026.pdf",
    "file_kind": "pdf",
    "megabytes": "2.4",
}


@pytest.fixture
def client(signed_in):
    government, _civil_society = make.pair(make.locality(slug="own"))
    return signed_in(government)


def say(client, **typed):
    return client.post("/pairs/own/profile/link/", TYPED | typed)


def test_a_document_says_what_opens_and_how_large_it_is(client):
    say(client)

    fact = Fact.objects.get()
    page = client.get("/localities/own/").content.decode()

    assert (fact.link, fact.file_kind, fact.kilobytes) == (TYPED["link"], "pdf", 2400)
    assert f'href="{TYPED["link"]}" rel="nofollow noopener">Budget 2026</a>' in page
    assert "(PDF, 2.4 MB, English)" in page


def test_what_was_not_said_is_not_shown(client):
    say(client, file_kind="", megabytes="")

    assert "(English)" in client.get("/localities/own/").content.decode()


def test_it_is_changed_with_what_was_said_before_in_the_form(client):
    say(client)
    fact = Fact.objects.get()
    address = f"/pairs/facts/{fact.pk}/"

    form = client.get(address).content.decode()
    client.post(address, TYPED | {"megabytes": "0.8", "version": "1"})

    assert 'value="2.4"' in form
    assert Fact.objects.get().size == "800 kB"


@pytest.mark.parametrize(
    "wrong",
    [
        {"link": "javascript:alert(1)"},
        {"link": "ftp://files.example/a"},
        {"link": ""},
        {"megabytes": "-1"},
        {"megabytes": "NaN"},
        {"megabytes": "1e9"},
        {"megabytes": "20000"},
        {"file_kind": "virus"},
    ],
)
def test_odd_links_and_sizes_are_told_and_not_kept(client, wrong):
    page = say(client, **wrong)

    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert not Fact.objects.exists()


def test_an_address_inside_is_kept_as_words_and_never_fetched(client):
    """The size is stated, so that no typed address is asked for from here."""
    say(client, link="http://169.254.169.254/latest/meta-data/")

    assert Fact.objects.get().kilobytes == 2400


@pytest.mark.parametrize(
    "facts", [{"kilobytes": 1}, {"file_kind": "pdf"}, {"link": "x", "kilobytes": 0}]
)
def test_the_database_wants_a_link_for_a_size(client, facts):
    given = {
        "locality": Locality.objects.get(),
        "side": "government",
        "text": "Words",
        "checked_on": TODAY,
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        Fact.objects.create(**(given | facts))
