"""T-I1 in a browser: what people write runs nowhere, with our policy and without it."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from tests.access_matrix import MATRIX
from tests.attacks.canaries import OWN, plant
from tests.attacks.hostile import write_everywhere
from tests.journeys.doors import Doors
from tests.personas import World, world

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("path")]
HOOK = "window.pwned = []; window.__pwn = (...said) => { window.pwned.push(said); };"
PAGES = {
    OWN: (
        "pages:home",
        "pages:locality",
        "pages:localities",
        "pages:own_data",
        "pages:changes",
        "localities:profile",
        "localities:team",
        "surveys:section",
        "surveys:check",
        "matchmaking:card",
        "meetings:meeting",
        "meetings:clinic",
        "cycles:lesson",
        "cycles:cycle",
    ),
    "network coordinator": (
        "admin:index",
        "admin:surveys_statement_changelist",
        "admin:matchmaking_suggestion_change",
        "admin:surveys_conversation_change",
        "admin:meetings_agenda",
        "admin:cycles_report_change",
        "admin:surveys_survey_change",
    ),
}


def as_person(page: Page, things: World, who: str, home: str) -> None:
    """The browser gets the session that this person has."""
    client = Client()
    person = things.people[who]
    assert person is not None
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session["entered_by_demo"] = True
    session.save()
    key = session.session_key
    assert key is not None
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": home}]
    )


@pytest.mark.parametrize(("policy", "at_most"), [("heeded", 4), ("off", 99)])
def test_no_script_runs_from_what_was_written(doors: Doors, policy: str, at_most: int):
    """T-I1: all payloads in all texts; the hook that they call is never called."""
    things = world()
    plant(things)
    write_everywhere()

    ran = []
    for who, names in PAGES.items():
        page = doors.open(without_policy=policy == "off")
        page.add_init_script(HOOK)
        as_person(page, things, who, doors.home)
        for name in names[:at_most]:
            came = page.goto(reverse(name, args=MATRIX[name].arguments(things)))
            assert came is not None
            assert came.ok
            page.mouse.move(200, 200)
            ran += page.evaluate("window.pwned.map(said => location.pathname + said)")

    assert ran == []


def test_the_hook_hears_what_runs(doors: Doors, transactional_db: None):
    """T-I1: the positive twin."""
    page = doors.open(without_policy=True)
    page.add_init_script(HOOK)
    page.goto("/healthz")

    page.evaluate("document.body.innerHTML = '<svg onload=__pwn(1)>'")
    page.evaluate("document.body.innerHTML += '<details open ontoggle=__pwn(2)>'")

    page.wait_for_function("window.pwned.length > 0")
