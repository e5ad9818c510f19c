"""Every address as every kind of person."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, reverse

from loci.notices.models import Notice
from loci.notices.services.delivery import render
from tests.access_matrix import ALLAUTH, INSIDE, MATRIX, Row
from tests.attacks.canaries import plant, words_of
from tests.attacks.test_object_swap import changed, may_change, rows_now
from tests.personas import PERSONAS, world

pytestmark = pytest.mark.django_db

OF_WHAT_ALL_SEE = {
    "surveys:topic",
    "surveys:results_file",
    "meetings:join",
    "meetings:talks",
    "meetings:tables",
    "meetings:after",
    "meetings:notes",
    "matchmaking:ask",
}
"""Pages of a wave, a meeting or a locality: that it is there is no secret."""


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


SHUT = {302, 403, 404}
ODD = ("put", "delete", "patch", "options", "head")


@pytest.mark.parametrize(
    "who", ["anonymous", "government side", "other pair", "own hub"]
)
def test_other_methods_read_no_more_and_change_nothing(who, signed_in):
    """T-A1: PUT, DELETE and their like; POST where a page is shut, GET where one posts."""
    everything = world()
    planted = plant(everything)
    client = signed_in(everything.people[who])
    before = rows_now()

    wrong, read = [], set()
    for name, row in MATRIX.items():
        is_door = name.startswith("admin:") and who not in {"anonymous", *INSIDE}
        if is_door or name == "admin:logout":
            continue
        address = reverse(name, args=row.arguments(everything))
        odd = ("delete",) if name.startswith("admin:") else ODD
        for method in (*odd, *turned(row, who)):
            page = getattr(client, method)(address)
            if page.status_code not in allowed(row.expected(who), method):
                wrong.append(f"{method} {name}: {page.status_code}")
            read |= planted.seen_in(words_of(page))

    assert wrong == []
    assert read <= planted.read_by(who)
    assert [row for row in changed(before, rows_now()) if not may_change(row)] == []


def turned(row: Row, who: str) -> list[str]:
    """The method that an address is not made for: to post only where it is shut."""
    if row.method == "post":
        return ["get"]
    return ["post"] if row.expected(who) in SHUT else []


def allowed(expected: int, method: str) -> set[int]:
    """What an address may answer to a method that it is not made for."""
    if expected in SHUT and method != "options":
        return {*SHUT, 405}
    return {expected, 405, 200, 400}


def _call(client, name: str, row: Row, everything):
    url = reverse(name, args=row.arguments(everything))
    call = client.post if row.method == "post" else client.get
    return call(url, row.data(everything))


@pytest.mark.parametrize("who", ["anonymous", "other pair", "reader", "other hub"])
def test_a_thing_that_is_not_yours_looks_like_one_that_is_not_there(who, signed_in):
    """T-A1: the same status, words and number of queries, at every address."""
    everything = world()
    client = signed_in(everything.people[who])
    client.get("/")

    told, tried = [], 0
    for name, row in MATRIX.items():
        theirs = row.arguments(everything)
        is_door = name.startswith("admin:") and who not in {"anonymous", *INSIDE}
        is_shut = row.expected(who) == (302 if who == "anonymous" else 404)
        if not theirs or is_door or not is_shut or name == "admin:app_list":
            continue
        tried += 1
        here = _looks(client, name, row, everything, theirs)
        gone = _looks(client, name, row, everything, [nobodys(theirs[0]), *theirs[1:]])
        if name in OF_WHAT_ALL_SEE:
            here, gone = here[1:], gone[1:]
        told += [name] if here != gone else []

    assert told == []
    assert tried > 30


def nobodys(key: Any) -> Any:
    """A key of the same kind that no row has."""
    by_kind = {int: 10**8, UUID: uuid4(), str: "XXX-2026-05-G"}
    return by_kind[type(key)]


def _looks(client, name: str, row: Row, everything, arguments):
    """The number of queries, the status, and the words of an answer."""
    address = reverse(name, args=arguments)
    call = client.post if row.method == "post" else client.get
    with CaptureQueriesContext(connection) as queries:
        page = call(address, row.data(everything))
    words = f"{page.get('Location')} {page.content.decode()}"
    for said in (address, quote(address, safe="")):
        words = words.replace(said, "ADDRESS")
    words = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", words)
    return len(queries), page.status_code, words
