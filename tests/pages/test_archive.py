"""Everything public as files: whole, relative, and with nothing that is not public."""

import re
from io import StringIO
from pathlib import PurePosixPath
from posixpath import normpath
from urllib.parse import unquote, urldefrag
from zipfile import ZipFile

import pytest
from django.core.management import call_command

from localities.choices import Side
from loci.cycles.models import Lesson
from loci.pages.services.archive import make_archive, place_of
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
LINK = re.compile(r'(?:href|src)="([^"]+)"')


@pytest.fixture
def places():
    shown = make.locality("Kutaisi & more", slug="kutaisi")
    make.locality("CANARY hidden", slug="hidden", is_listed=False)
    wave = make.wave()
    make.statement(shown, wave, visibility="public", text="Shown to everybody")
    make.statement(shown, wave, visibility="network", text="CANARY of the network")
    facts = {"locality": shown, "side": Side.GOVERNMENT, "topic": make.topic()}
    facts |= {"problem": "Problem", "done": "Done"}
    Lesson.objects.create(title="CANARY draft", **facts)
    Lesson.objects.create(
        title="Begin small", state="published", agreed_at=NOW, published_at=NOW, **facts
    )


def test_it_holds_what_is_public_and_nothing_else(places):
    made = make_archive()

    everything = b"".join(made.files.values()).decode("utf-8", "replace")
    assert made.missing == []
    assert "Shown to everybody" in everything
    assert "Begin small" in everything
    assert "Kutaisi &amp; more" in everything
    assert "CANARY" not in everything
    assert "localities/kutaisi/index.html" in made.files
    assert "insights/insights.csv" in made.files


def test_every_link_in_it_leads_to_a_file_in_it_or_to_the_product(places, settings):
    settings.LOCI_SITE_URL = "https://loci.example"
    settings.ALLOWED_HOSTS = ["loci.example"]
    settings.SECURE_SSL_REDIRECT = False

    made = make_archive()

    pages = {name: body for name, body in made.files.items() if name.endswith(".html")}
    assert len(pages) >= 8
    for name, body in pages.items():
        text = body.decode()
        assert "<form" not in text
        assert "<script" not in text
        for link in LINK.findall(text):
            if link.startswith(("https://loci.example/", "#", "mailto:", "data:")):
                continue
            target = unquote(urldefrag(link)[0])
            place = normpath(str(PurePosixPath(name).parent / target))
            assert place in made.files, (name, link)


def test_the_same_content_is_the_same_file(places, tmp_path):
    for name in ("one.zip", "two.zip"):
        call_command("export_archive", tmp_path / name, stdout=StringIO())

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with ZipFile(tmp_path / "one.zip") as file:
        assert "index.html" in file.namelist()


def test_a_question_in_an_address_gets_a_file_of_its_own():
    assert place_of("/practice/?topic=it.portal") == "practice/topic-it.portal.html"
    assert place_of("/practice/") == "practice/index.html"
    assert place_of("/") == "index.html"
