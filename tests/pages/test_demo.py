import json

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.urls import reverse

from localities.models import Locality
from loci.accounts.models import User
from matchmaking.models import Round
from matchmaking.services.rounds import run_round
from surveys.models import Part, Statement
from surveys.services.analysing import refresh_analysis
from tests import make
from tests.conftest import facts
from tests.make import NOW

pytestmark = pytest.mark.django_db


def counted():
    return {
        model._meta.label: model._default_manager.count() for model in apps.get_models()
    }


def test_the_pilot_has_17_pairs_some_done_some_half_some_not_begun(demo):
    states = set(Part.objects.values_list("state", flat=True))

    assert Locality.objects.count() == 17
    assert Part.objects.filter(wave__title="Wave 1").count() == 34
    assert states == {"sent", "in_progress", "not_started"}
    assert all(row.is_illustrative and row.sources for row in Statement.objects.all())


def test_loading_twice_changes_nothing(demo):
    before = counted()

    call_command("load_demo", verbosity=0)

    assert counted() == before


def test_the_demonstration_keeps_out_of_real_data(standard_survey):
    make.locality()

    with pytest.raises(CommandError):
        call_command("load_demo", verbosity=0)
    call_command("load_demo", "--if-empty", verbosity=0)

    assert Locality.objects.count() == 1


def test_purging_removes_every_trace_and_leaves_what_is_real(standard_survey, client):
    before = counted()
    call_command("load_demo", verbosity=0)
    round_ = Round.objects.get()
    run_round(round_id=round_.pk, now=NOW)
    refresh_analysis(wave=round_.wave, now=NOW)
    person = User.objects.filter(email__startswith="coordinator").get()
    client.post(reverse("pages:enter", args=[person.pk]))
    real = make.person()

    call_command("purge_demo", verbosity=0)

    assert counted() == before | {"accounts.User": 1}
    assert User.objects.get() == real
    assert not Session.objects.exists()


def test_every_demo_statement_is_shown_as_illustrative(demo, signed_in):
    person = User.objects.get(email="government.makueni@demo.example")
    page = signed_in(person).get(reverse("pages:locality", args=["makueni"]))

    body = page.content.decode()

    assert body.count("Illustrative, drawn from public sources") == body.count(
        'class="statement '
    )
    assert 'class="statement ' in body


def test_entering_is_refused_without_the_demonstration(demo, client, settings):
    settings.LOCI_DEMO = False
    person = User.objects.filter(is_demo=True)[0]

    pages = [
        client.get(reverse("pages:demo")),
        client.get(reverse("pages:inbox")),
        client.post(reverse("pages:enter", args=[person.pk])),
    ]

    assert [page.status_code for page in pages] == [404, 404, 404]
    assert "_auth_user_id" not in client.session


def test_entering_is_refused_from_another_machine(demo, client):
    person = User.objects.filter(is_demo=True)[0]

    page = client.post(
        reverse("pages:enter", args=[person.pk]), REMOTE_ADDR="203.0.113.7"
    )

    assert page.status_code == 404


def test_a_real_person_cannot_be_entered_as(demo, client):
    real = make.person()

    page = client.post(reverse("pages:enter", args=[real.pk]))

    assert page.status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_broken_row_is_named_and_nothing_is_loaded(standard_survey, tmp_path):
    rows = facts("localities.json")
    rows[2]["iso"] = "Kenya"
    rows[4]["region"] = "moon"
    del rows[5]["name"]
    broken = tmp_path / "localities.json"
    broken.write_text(json.dumps(rows))

    with pytest.raises(CommandError) as refusal:
        call_command("load_demo", localities=broken, verbosity=0)

    assert str(refusal.value).splitlines() == [
        "Nothing was loaded.",
        "row 3 (sekondi-takoradi): the country code 'Kenya' is not two capital letters",
        "row 5 (buenos-aires): no region is called 'moon'",
        "row 6 (mexico-city): without name",
    ]
    assert not Locality.objects.exists()
    assert not User.objects.exists()
