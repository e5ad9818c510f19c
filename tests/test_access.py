"""Every address as every kind of person."""

import re
from collections.abc import Iterator

import pytest
from django.urls import URLResolver, get_resolver, reverse

from loci.notices.models import Notice
from loci.notices.services.delivery import render
from tests.access_matrix import ALLAUTH, MATRIX, Row
from tests.attacks.canaries import plant, words_of
from tests.personas import PERSONAS, world

pytestmark = pytest.mark.django_db


def named_urls(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from named_urls(pattern, inner)
        elif pattern.name:
            yield space + pattern.name


def ours() -> set[str]:
    names = set(named_urls(get_resolver()))
    return {name for name in names if not name.startswith(ALLAUTH)}


def test_every_address_has_its_row_and_every_row_its_address():
    assert ours() == set(MATRIX)


@pytest.mark.parametrize("who", PERSONAS)
def test_everybody_gets_what_the_matrix_says_and_no_others_words(who, signed_in):
    """T-A1, T-A2: every address; the private words that are read are one's own."""
    everything = world()
    planted = plant(everything)
    client = signed_in(everything.people[who])

    wrong, read = [], set()
    for name, row in MATRIX.items():
        page = _call(client, name, row, everything)
        if page.status_code != row.expected(who):
            wrong.append(f"{name}: {page.status_code}, not {row.expected(who)}")
        read |= planted.seen_in(words_of(page))
        if name == "admin:logout":
            client = signed_in(everything.people[who])
    for address in planted.more_addresses():
        read |= planted.seen_in(words_of(client.get(address)))

    assert wrong == []
    assert read == planted.read_by(who)
    assert mailed_to_wrong_people(planted) == []


def mailed_to_wrong_people(planted) -> list[str]:
    """Mails with words that their readers may not read."""
    people = {person.pk: who for who, person in planted.world.people.items() if person}
    return [
        f"{words} in {notice.kind} to {people.get(notice.recipient_id)}"
        for notice in Notice.objects.all()
        for words in planted.seen_in(str(render(notice)))
        if words not in planted.read_by(people.get(notice.recipient_id, ""))
    ]


def _call(client, name: str, row: Row, everything):
    url = reverse(name, args=row.arguments(everything))
    call = client.post if row.method == "post" else client.get
    return call(url, row.data(everything))


def test_a_thing_that_is_not_yours_looks_like_one_that_is_not_there(signed_in):
    everything = world()
    stranger = signed_in(everything.people["other pair"])
    reference = everything.part.reference

    theirs = stranger.get(reverse("surveys:start", args=[reference]))
    nothing = stranger.get(reverse("surveys:start", args=["XXX-2026-05-G"]))

    assert (theirs.status_code, nothing.status_code) == (404, 404)
    assert _scrubbed(theirs, reference) == _scrubbed(nothing, "XXX-2026-05-G")


def _scrubbed(page, reference: str) -> str:
    body = page.content.decode().replace(reference, "REFERENCE")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", body)
