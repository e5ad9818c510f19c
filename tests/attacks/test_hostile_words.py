"""T-I1: what people write stays words on every page."""

from urllib.parse import quote, urlencode

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from loci.notices.models import Notice
from loci.notices.services.delivery import deliver_due
from tests.access_matrix import MATRIX
from tests.attacks.canaries import OWN, plant
from tests.attacks.forms import forms_of
from tests.attacks.hostile import PAYLOADS, injected, text_columns, write_everywhere
from tests.personas import world

pytestmark = pytest.mark.django_db


RULED = {"surveys.Analysis.words", "surveys.Statement.met_by"}
"""What a rule of the database keeps empty here: words come with a moment or a state."""
SPEAKS = "__pwn("


@pytest.fixture
def things():
    made = world()
    planter = plant(made)
    assert set(text_columns()) - set(write_everywhere()) == RULED
    return made, planter


def pages_of(client, made, planter, who):
    """Every page that this person opens, by its address."""
    for name, row in MATRIX.items():
        if row.method == "get" and name != "admin:logout" and row.expected(who) == 200:
            address = reverse(name, args=row.arguments(made))
            yield address, client.get(address)
    for address in planter.more_addresses():
        yield address, client.get(address)


@pytest.mark.parametrize(
    "who", ["anonymous", "government side", "other pair", "network coordinator"]
)
def test_no_page_has_an_element_or_attribute_from_what_was_written(
    who, things, signed_in
):
    """T-I1: sixty payloads in every text of every table; what a parser finds of them."""
    made, planter = things
    client = signed_in(made.people[who])

    wrong, with_payload = {}, 0
    for address, page in pages_of(client, made, planter, who):
        if "html" not in page.get("Content-Type", ""):
            assert page["X-Content-Type-Options"] == "nosniff"
            continue
        html = page.content.decode()
        with_payload += SPEAKS in html
        if found := injected(html):
            wrong[address] = found[:3]

    assert wrong == {}
    assert with_payload > (3 if who == "anonymous" else 10)


def test_what_comes_back_of_a_form_is_words(things, signed_in):
    """T-I1: forms with mistakes, the two texts of a conflict, pages that are not there."""
    made, _planter = things
    client, address = signed_in(made.people[OWN]), "/localities/?"
    everything = " ".join(PAYLOADS)

    answers = [
        client.post(where, dict.fromkeys(fields, everything))
        for name, row in MATRIX.items()
        if name.startswith(("localities:", "cycles:", "meetings:", "matchmaking:"))
        and row.expected(OWN) == 200
        for where, fields in forms_of(
            client, reverse(name, args=row.arguments(made)), row
        )
    ]
    page = reverse("surveys:section", args=[made.part.reference, "needs"])
    typed = {"needs-0-text": everything, "needs-version": "0", "needs-0-topic": "x"}
    answers += [client.post(page, typed), client.post(page, typed)]
    answers += [
        client.get(f"/{quote(everything)}"),
        client.get(address + urlencode({"q": everything, "topic": everything})),
        client.post(reverse("account_login"), {"login": everything}),
        Client(enforce_csrf_checks=True).post(page, typed),
    ]

    assert {answer.status_code for answer in answers} >= {200, 403, 404}
    assert sum(SPEAKS in answer.content.decode() for answer in answers) > 5
    assert [
        injected(answer.content.decode()) for answer in answers if answer.content
    ] == [[] for answer in answers if answer.content]


def test_mails_are_text_alone(things):
    """T-I1: no mail has a part in which markup would be read."""
    Notice.objects.update(not_before=timezone.now(), kind="sign_in")

    deliver_due(now=timezone.now())

    assert mail.outbox
    assert {sent.content_subtype for sent in mail.outbox} == {"plain"}
    assert [
        part for sent in mail.outbox for part in getattr(sent, "alternatives", [])
    ] == []
    assert not any(len(sent.subject.splitlines()) > 1 for sent in mail.outbox)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_parser_sees_each_payload_that_is_not_written_as_words(payload):
    """T-I1: the positive twin: in a text, in an attribute or in a script."""
    raw = (payload, f'<a title="{payload}">', f"<script>x={payload}</script>")

    assert any(map(injected, raw))
