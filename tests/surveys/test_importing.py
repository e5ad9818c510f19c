"""Answers from another form tool: columns, rehearsal, import."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from localities.choices import Side
from loci.notices.models import Notice
from surveys.models import Answer, ColumnMapping, Conversation, Statement
from surveys.queries.answer_tables import NoTable, read_table
from tests import make

pytestmark = pytest.mark.django_db
FILE = """Where,Problem,Theme,Who may see it
Makueni,Nobody reuses our PDFs,it.portal,The network
Nowhere,Lost,it.portal,
Kathmandu,Unpaid invoices,no such topic,
=cmd,x,it.portal,
"""


@pytest.fixture
def wave():
    now = timezone.now()
    wave = make.wave(
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=9)
    )
    for name, region in (("Makueni", "africa"), ("Kathmandu", "asia")):
        place = make.locality(name, region_code=region)
        make.pair(place)
        make.part(wave, place, Side.GOVERNMENT)
    return wave


COLUMNS = {
    "column-0": "locality",
    "column-1": "needs|0|text",
    "column-2": "needs|0|topic",
    "column-3": "needs|0|visibility",
    "spoke_with": "Head of procurement",
    "has_consent": "on",
}


def post(client, wave, **facts):
    address = reverse("admin:surveys_wave_answers", args=[wave.pk])
    return client.post(address, {"side": "government", "text": FILE, **facts})


def test_a_rehearsal_says_what_would_be_and_writes_nothing(wave, signed_in):
    client = signed_in(make.coordinator())

    page = post(client, wave, **COLUMNS, rehearse="1").content.decode()

    assert "1 of 4 rows would be taken over" in page
    assert "2 · Makueni: ✓ complete" in page
    assert "3 · Nowhere: no such locality" in page
    assert "4 · Kathmandu: Choose from the list." in page
    assert not Answer.objects.exists()
    assert not Conversation.objects.exists()
    assert not Notice.objects.exists()


def test_an_import_writes_sends_asks_the_side_and_remembers_the_columns(
    wave, signed_in
):
    client = signed_in(make.coordinator())
    upload = {"side": "government", "file": SimpleUploadedFile("a.csv", FILE.encode())}
    address = reverse("admin:surveys_wave_answers", args=[wave.pk])

    post(client, wave, **COLUMNS, **{"import": "1"})
    again = post(client, wave, **COLUMNS, rehearse="1").content.decode()
    fresh = client.post(address, upload).content.decode()

    said = Statement.objects.get()
    assert (said.text, said.visibility) == ("Nobody reuses our PDFs", "network")
    assert Notice.objects.filter(kind="entered_for_you").count() == 1
    assert Conversation.objects.get().spoke_with == "Head of procurement"
    assert "has answers already" in again
    assert ColumnMapping.objects.get().columns["Where"] == "locality"
    assert '<option value="needs|0|topic" selected>' in fresh


def test_without_consent_or_a_locality_nothing_is_taken(wave, signed_in):
    client = signed_in(make.coordinator())
    silent = {name: value for name, value in COLUMNS.items() if name != "has_consent"}
    nameless = {**COLUMNS, "column-0": ""}

    refused = post(client, wave, **silent, **{"import": "1"})
    post(client, wave, **nameless, **{"import": "1"})
    unnamed = post(client, wave, **nameless, rehearse="1").content.decode()

    assert refused.status_code == 302
    assert "Say which column holds the locality" in unnamed
    assert not Answer.objects.exists()


def test_a_hub_imports_into_its_own_regions_only(wave, signed_in):
    client = signed_in(make.hub_coordinator("asia"))

    page = post(client, wave, **COLUMNS, rehearse="1").content.decode()

    assert "Makueni: no such locality in this wave and your regions" in page


@pytest.mark.parametrize(
    "text", ["", "a,b\n", 'a,b\n"broken', "a,b\n1,2,3\n", "\0\0"], ids=range(5)
)
def test_what_is_no_table_is_said(text, wave, signed_in):
    with pytest.raises(NoTable):
        read_table(text)

    page = post(signed_in(make.coordinator()), wave, text=text)

    assert "This is no table" in page.content.decode()


def test_semicolons_tabs_and_the_mark_of_spreadsheets_are_read():
    assert read_table("\ufeffa;b\n1;2\n") == read_table("a\tb\n1\t2\n")
