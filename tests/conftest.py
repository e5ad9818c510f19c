"""What every test may use."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from loci.accounts.models import User
from tests import make
from tests.left_open import end_what_is_left
from tests.servers import LEFT_OPEN


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    make.count_for(item.nodeid)


@pytest.fixture(autouse=True)
def own_cache_and_no_mail(settings):
    """Nothing leaves the test: mails stay in memory; the cache has its own corner."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    }
    cache.clear()


@pytest.fixture(autouse=True)
def nothing_left_open(request: pytest.FixtureRequest) -> Iterator[None]:
    """Before the tables of a test are emptied, nobody else may be reading them."""
    marker = request.node.get_closest_marker("django_db")
    if not (marker and marker.kwargs.get("transaction")) and (
        "transactional_db" not in request.fixturenames
    ):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    for words in end_what_is_left():
        request.node.add_report_section("teardown", LEFT_OPEN, words)


@pytest.fixture
def signed_in() -> Callable[[User | None], Client]:
    """A client for this person; a coordinator's session has its second factor."""

    def enter(person: User | None) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
            session = client.session
            session["entered_by_demo"] = True
            session.save()
        return client

    return enter


@pytest.fixture
def open_wave(db):
    """A wave that is open while the test runs."""
    now = timezone.now()
    return make.wave(
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=20)
    )


@pytest.fixture
def standard_survey(db):
    """Taxonomy and survey as they come with the product."""
    call_command("load_taxonomy", verbosity=0)
    call_command("load_survey", verbosity=0)


@pytest.fixture
def demo(standard_survey):
    call_command("load_demo", verbosity=0)


def facts(name: str):
    """A file of `localities/data`."""
    return json.loads(
        (Path(settings.BASE_DIR) / "localities" / "data" / name).read_text()
    )
