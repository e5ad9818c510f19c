"""30 MB to each address that takes a file: words, no error, little memory."""

import re
import tracemalloc
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from localities.models import ImportDraft
from surveys.models import Survey
from tests import make

pytestmark = pytest.mark.django_db

BYTES = 30_000_000
MEMORY_AT_MOST = 12_000_000
BORDER = "border-of-the-parts"


class Stream:
    """A form with one large file, made while it is read."""

    def __init__(self, fields: dict[str, str], file_name: str) -> None:
        parts = [
            f'--{BORDER}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
            f"{value}\r\n"
            for name, value in fields.items()
        ]
        head = (
            f'--{BORDER}\r\nContent-Disposition: form-data; name="file"; '
            f'filename="{file_name}"\r\nContent-Type: text/plain\r\n\r\n'
        )
        self.begin = "".join([*parts, head]).encode()
        self.end = f"\r\n--{BORDER}--\r\n".encode()
        self.left = BYTES
        self.size = len(self.begin) + BYTES + len(self.end)

    def read(self, size: int = -1) -> bytes:
        if self.begin:
            chunk, self.begin = self.begin[:size], self.begin[size:]
        elif self.left:
            chunk = b"x" * min(size, self.left)
            self.left -= len(chunk)
        else:
            chunk, self.end = self.end[:size], self.end[size:]
        return chunk

    def readline(self, size: int = -1) -> bytes:
        """Asked for by the handler's type alone: a form is read in chunks."""
        return self.read(size)

    def close(self) -> None:
        """The client closes what it has sent."""


def wave_address() -> str:
    return reverse("admin:surveys_wave_answers", args=[make.wave().pk])


ADDRESSES = [
    (
        lambda: reverse("admin:localities_import"),
        {"kind": "localities"},
        "localities.csv",
        "larger than 5 MB",
    ),
    (
        lambda: reverse("admin:surveys_survey_import"),
        {},
        "survey.json",
        "larger than 1 MB",
    ),
    (wave_address, {"side": "government"}, "answers.csv", "larger than 1 MB"),
]


@pytest.mark.parametrize(
    ("address", "fields", "name", "words"),
    ADDRESSES,
    ids=["localities", "survey", "answers"],
)
def test_a_file_of_thirty_megabytes_is_refused_in_words_and_in_little_memory(
    address, fields, name, words, signed_in
):
    client, url = signed_in(make.coordinator()), address()
    surveys = Survey.objects.count()
    client.get(url)  # what is made once is not the cost of a file
    stream = Stream(fields, name)

    tracemalloc.start()
    page = client.request(
        **{
            "PATH_INFO": url,
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": f"multipart/form-data; boundary={BORDER}",
            "CONTENT_LENGTH": str(stream.size),
            "wsgi.input": stream,
        }
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert page.status_code == 200
    assert words in page.content.decode()
    assert peak < MEMORY_AT_MOST
    assert not ImportDraft.objects.exists()
    assert Survey.objects.count() == surveys


def test_a_form_without_a_file_that_is_as_large_gets_words_too(signed_in, settings):
    client = signed_in(make.coordinator())
    client.raise_request_exception = False

    page = client.post(
        reverse("admin:localities_import"),
        "kind=" + "x" * 3_000_000,
        content_type="application/x-www-form-urlencoded",
    )

    assert page.status_code == 400
    assert "too large" in page.content.decode()


def test_every_address_that_takes_a_file_is_tested_here():
    rooms = ("loci", "localities", "surveys", "matchmaking", "meetings")
    found = [
        str(path.relative_to(settings.BASE_DIR))
        for room in rooms
        for path in sorted(Path(settings.BASE_DIR, room).rglob("*.py"))
        for _field in re.findall(r"(?:File|Image)Field\(", path.read_text())
    ]

    assert found == [
        "loci/cockpit/files.py",
        "loci/cockpit/imports.py",
        "loci/cockpit/survey_pages.py",
    ]
