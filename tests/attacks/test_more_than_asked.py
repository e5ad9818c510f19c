"""T-A4: fields that a form does not show change nothing."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import models, transaction
from django.urls import reverse

from tests.access_matrix import INSIDE, MATRIX, MOVED, OK
from tests.attacks.forms import forms_of
from tests.personas import PERSONAS, world

pytestmark = pytest.mark.django_db
OURS = (
    "accounts",
    "notices",
    "localities",
    "surveys",
    "matchmaking",
    "meetings",
    "cycles",
)
LAST = ("leave", "erase", "logout", "/enter/", "i18n")
NOT_COMPARED = {"sessions.Session", "usersessions.UserSession", "admin.LogEntry"}
DRAWN_ANEW = re.compile(r"hash|digest|key|reference|token|parameters|calendar|_at$")
"""Columns with a secret, a number or a moment that is another each time."""
LEGAL = {
    "localities:phase": {"phase"},
    "localities:still_true": {"fact"},
    "meetings:answer": {"answer"},
    "pages:tell_me": {"side", "level", "phase", "stage", "topic", "region", "sector"},
}
"""What an address takes that stands in a form of another page."""
WITH_FORMS = [who for who in PERSONAS if who != "other hub"]
"""The other hub has the forms of the own one, and fewer things in them."""
FORMS = {"government side": 40, "own hub": 30, "network coordinator": 50}
"""How many forms one of these has at least."""
PASSED_BY = ("_history", "_delete", "_changelist")


def hostile() -> dict[str, str]:
    """Every column of every table of ours, with what nobody should be able to say."""
    given: dict[str, str] = {}
    for model in apps.get_models():
        if model._meta.app_label not in OURS:
            continue
        for field in model._meta.concrete_fields:
            value = hostile_value(field)
            given |= {field.name: value, field.attname: value}
    return given


def hostile_value(field: Any) -> str:
    if field.is_relation:
        newest = field.related_model._default_manager.order_by("pk").last()
        return str(newest.pk) if newest else "1"
    if field.choices:
        return str(list(field.flatchoices)[-1][0])
    by_kind: list[tuple[type, str]] = [
        (models.BooleanField, "on"),
        (models.IntegerField, "7"),
        (models.DateTimeField, "2001-01-01 00:00"),
        (models.DateField, "2001-01-01"),
        (models.JSONField, '{"hostile": true}'),
        (models.URLField, "https://hostile.example/"),
    ]
    return next(
        (value for kind, value in by_kind if isinstance(field, kind)), "hostile"
    )


def newest_rows() -> dict[type[models.Model], int]:
    return {
        model: model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0
        for model in apps.get_models()
        if isinstance(model._meta.pk, models.AutoField)
    }


def rows(newest: dict[type[models.Model], int]) -> dict[str, list[str]]:
    """All tables as they stand; a row that came later has no number."""
    return {
        model._meta.label: sorted(
            str([compared(row, field, newest) for field in model._meta.concrete_fields])
            for row in model._default_manager.all()
        )
        for model in apps.get_models()
        if model._meta.label not in NOT_COMPARED
    }


def compared(row: models.Model, field: Any, newest) -> Any:
    value = getattr(row, field.attname)
    if DRAWN_ANEW.search(field.name) or isinstance(value, datetime):
        return value is None
    target = field.related_model if field.is_relation else type(row)
    if (field.is_relation or field.primary_key) and target in newest:
        return "new" if value and value > newest[target] else value
    return re.sub(r"\d+", "0", value) if field.name == "about" else value


def test_columns_beside_the_fields_of_a_form_change_nothing(signed_in):
    """T-A4: each form of each kind of person, as it is, and with all columns of all."""
    things = world()
    newest = newest_rows()
    untouched = rows(newest)
    clients = {who: signed_in(things.people[who]) for who in WITH_FORMS}

    different, still, few = [], [], []
    for who, client in clients.items():
        forms = forms_for(who, client, things)
        plainly = sent(client, forms, {}, newest)
        hostilely = sent(client, forms, hostile(), newest)
        different += [
            f"{who}: {label}: {row}"
            for label in plainly
            for row in set(hostilely[label]) ^ set(plainly[label])
        ]
        still += [who] if plainly == untouched else []
        few += [who] if len(forms) < FORMS.get(who, 4) else []

    assert different == []
    assert still == []
    assert few == []


def forms_for(who: str, client, things) -> list[tuple[str, str, dict[str, str]]]:
    """Every form that this person reaches; one that stands on many pages, once."""
    found: dict[tuple[str, ...], tuple[str, str, dict[str, str]]] = {}
    for name, row in MATRIX.items():
        is_shut = row.expected(who) not in {OK, MOVED} or name.endswith(PASSED_BY)
        if is_shut or (name.startswith("admin:") and who not in INSIDE):
            continue
        address = reverse(name, args=row.arguments(things))
        for target, fields in forms_of(client, address, row):
            if not any(word in target for word in LAST):
                found.setdefault((target, *fields), (name, target, fields))
    return list(found.values())


def sent(client, forms, more, newest):
    """The tables after all these forms were sent; then all of it is taken back."""
    with transaction.atomic():
        cache.clear()
        for name, target, fields in forms:
            legal = LEGAL.get(name, set())
            extra = {key: value for key, value in more.items() if key not in legal}
            client.post(target, extra | fields)
        after = rows(newest)
        transaction.set_rollback(True)
    return after


def test_no_form_takes_all_columns_of_a_table():
    """T-A4: fields are named one by one; none is left out by name."""
    sources = [
        path
        for folder in ("loci", "localities", "surveys", "matchmaking", "meetings")
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.py")
        if "migrations" not in path.parts
    ]
    wrong = [
        str(path)
        for path in sources
        if re.search(
            r"fields\s*=\s*[\"']__all__|^\s+exclude\s*=", path.read_text(), re.MULTILINE
        )
    ]

    assert len(sources) > 100
    assert wrong == []
