"""What is held about a person: nothing is left out, nothing of others is told, all goes."""

import json
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db.models import ForeignObjectRel
from django.utils import timezone

from localities.choices import Side
from localities.services.coordinating import LastCoordinator
from loci.accounts.models import AuditEntry, User
from loci.notices.choices import NoticeKind
from loci.notices.models import Notice
from loci.notices.services.posting import post_notice
from loci.pages.services.held import KINDS
from loci.pages.services.memory import memory_of
from loci.pages.services.own_data import (
    WrongAddress,
    erase,
    held_about,
    own_chapters,
    own_data,
)
from matchmaking.models import IntroductionNote
from surveys.models import AnswerVersion, Statement
from surveys.services.answering import save_answer
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db

NO_DATA_OF_THEIRS = {"accounts.User_groups", "accounts.User_user_permissions"}
DJANGOS_OWN = {"admin.LogEntry"}  # this site writes no such lines: it has its audit


@pytest.fixture
def place():
    """A pair whose two sides each wrote something of their own."""
    locality, wave = make.locality(slug="own"), make.wave()
    government, civil_society = make.pair(locality)
    for side, person in (
        (Side.GOVERNMENT, government),
        (Side.CIVIL_SOCIETY, civil_society),
    ):
        save_answer(
            part=make.part(wave, locality, side),
            question=make.question(wave, "needs"),
            blocks=[make.need_block(f"CANARY of {side.value}")],
            version=0,
            by=person,
            now=NOW,
        )
    other = make.locality()
    make.pair(other)
    met = make.suggestion(
        locality, other, wave, state="introduced", approved_at=NOW, introduced_at=NOW
    )
    IntroductionNote.objects.create(
        suggestion=met, locality=locality, by=government, text="A note", at=NOW
    )
    return {"locality": locality, "people": (government, civil_society), "met": met}


def test_every_column_that_names_a_person_is_told():
    told = {(kind.model._meta.label, kind.column.partition("__")[0]) for kind in KINDS}
    links = [
        link
        for link in User._meta.get_fields(include_hidden=True)
        if isinstance(link, ForeignObjectRel)
    ]
    named = {(link.related_model._meta.label, link.field.name) for link in links}
    left_out = {
        row for row in named if row[0] not in NO_DATA_OF_THEIRS | DJANGOS_OWN
    } - told

    assert left_out == set()


def test_what_is_told_is_ones_own_and_goes_into_a_file(place):
    government, civil_society = place["people"]

    whole = json.dumps(own_data(government), default=str)

    assert "CANARY of government" in whole
    assert "A note" in whole
    assert "CANARY of civil_society" not in whole
    assert civil_society.email not in whole


def test_the_page_and_the_file(place, signed_in):
    client = signed_in(place["people"][0])

    page = client.get("/own-data/").content.decode()
    file = client.get("/own-data.json")

    assert "CANARY of government" in page
    assert json.loads(file.content)["person"]["email"] == place["people"][0].email
    assert "no-store" in file["Cache-Control"]
    assert "attachment" in file["Content-Disposition"]


def test_the_same_as_one_file_to_read_that_needs_nothing_else(place, signed_in):
    government, civil_society = place["people"]
    government.name = "<script>alert(1)</script>"
    government.save()
    client = signed_in(government)

    for address in ("/own-data.html", "/localities/own/memory.html"):
        file = client.get(address)
        page = file.content.decode()

        assert "CANARY of government" in page
        assert "A note" in page
        assert "CANARY of civil_society" not in page
        assert civil_society.email not in page
        assert "attachment" in file["Content-Disposition"]
        assert "no-store" in file["Cache-Control"]
        assert "<script" not in page
        assert re.findall(r'(?:src|href)="(?!data:)', page) == []
    stranger, _second = make.pair(make.locality())
    assert signed_in(stranger).get("/localities/own/memory.html").status_code == 404


def test_the_page_to_read_has_all_that_the_file_has(place):
    government = place["people"][0]

    codes = {chapter.code for chapter in own_chapters(government)}

    assert codes == set(own_data(government)) - {"person"}


def test_erasing_takes_the_person_and_leaves_the_words(place, signed_in):
    government, civil_society = place["people"]
    client, elsewhere = signed_in(government), signed_in(government)
    EmailAddress.objects.create(user=government, email=government.email)
    post_notice(
        key="to another",
        kind=NoticeKind.INTRODUCTION,
        to=civil_society,
        now=NOW,
        parameters={"contacts": [f"A <{government.email}>", "B <b@example.org>"]},
    )
    email, pk = government.email, government.pk

    assert (
        client.post("/own-data/erase/", {"email": "wrong@example.org"}).status_code
        == 200
    )
    assert User.objects.filter(pk=pk).exists()
    client.post("/own-data/erase/", {"email": f" {email.upper()} "})

    assert not User.objects.filter(pk=pk).exists()
    assert elsewhere.get("/home/").status_code == 302
    assert not UserSession.objects.filter(user_id=pk).exists()
    assert not EmailAddress.objects.filter(email=email).exists()
    assert Notice.objects.get(key="to another").parameters == {
        "contacts": ["B <b@example.org>"]
    }
    assert AnswerVersion.objects.filter(by__isnull=True).exists()
    note = signed_in(civil_society).get(f"/suggestions/{place['met'].reference}/")
    assert "a former member" in note.content.decode()
    assert email not in AuditEntry.objects.get(verb="erased").about


def test_the_last_coordinator_of_the_network_cannot_go(place):
    only = make.coordinator()
    with pytest.raises(LastCoordinator):
        erase(person=only, typed=only.email, now=timezone.now())
    make.coordinator()

    erase(person=only, typed=only.email, now=timezone.now())

    assert not User.objects.filter(pk=only.pk).exists()


def test_somebody_elses_address_erases_nobody(place):
    one, other = place["people"]
    with pytest.raises(WrongAddress):
        erase(person=one, typed=other.email, now=timezone.now())
    assert len(held_about(one)) > 0


def test_a_locality_takes_its_memory_along_without_the_other_sides_room(
    place, signed_in
):
    government, civil_society = place["people"]
    make.statement(
        place["locality"], place["met"].round.wave, text="Frank", visibility="side",
        side="civil_society",
    )  # fmt: skip

    of_government = json.dumps(memory_of(place["locality"], government))
    of_civil_society = json.dumps(memory_of(place["locality"], civil_society))

    assert "A note" in of_government
    assert "Frank" not in of_government
    assert "Frank" in of_civil_society
    file = signed_in(government).get("/localities/own/memory.json")
    assert json.loads(file.content)["locality"]["name"] == place["locality"].name
    stranger, _second = make.pair(make.locality())
    assert signed_in(stranger).get("/localities/own/memory.json").status_code == 404
    assert Statement.objects.filter(text="Frank").exists()
