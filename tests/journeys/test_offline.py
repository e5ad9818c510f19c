"""A line that breaks, a device of one's own, two people on one page."""

import re

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from localities.choices import Side
from localities.models import Seat
from surveys.models import Answer
from tests import make
from tests.journeys import kutaisi
from tests.journeys.doors import Doors
from tests.journeys.steps import go_on, saved

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("journeys"),
]

WORDS = "Written where there is no line"


def frank_page(page: Page) -> None:
    part = kutaisi.part_of(Side.GOVERNMENT)
    page.goto(f"/surveys/{part.reference}/page/frank-government/")


def box(page: Page):
    return page.get_by_role("textbox", name="What makes this work hard")


def own_device(page: Page):
    return page.get_by_role("checkbox", name=re.compile("This device is mine alone"))


def close_without_a_line(page: Page) -> None:
    """What a page sends as it closes heeds no made-up lack of a line: it cannot send."""
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")
    page.close()


def on_the_device(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "Object.keys(localStorage).filter((name) => name.startsWith('loci-unsent'))"
    )
    return found


def kept() -> list[str]:
    rows = Answer.objects.filter(question__code="frank", part__locality__slug="kutaisi")
    return [row.value[0]["value"] for row in rows]


@pytest.fixture
def at_frank(demo: None, doors: Doors) -> Page:
    page = doors.enter(kutaisi.GOVERNMENT)
    frank_page(page)
    return page


def test_what_is_written_without_a_line_is_sent_when_it_returns(at_frank: Page):
    page = at_frank
    page.context.set_offline(True)
    box(page).fill(WORDS)
    box(page).blur()
    expect(page.get_by_role("status").filter(has_text="Not saved yet")).to_be_visible()
    assert kept() == []
    assert on_the_device(page) == []  # nobody said that the device is theirs

    page.context.set_offline(False)

    expect(saved(page)).to_be_visible()
    assert kept() == [WORDS]


def test_on_ones_own_device_it_outlives_the_page_and_goes_once_saved(at_frank: Page):
    page = at_frank
    own_device(page).check()
    page.context.set_offline(True)
    box(page).fill(WORDS)
    box(page).blur()
    expect(page.get_by_role("status").filter(has_text="Not saved yet")).to_be_visible()
    assert len(on_the_device(page)) == 1
    context = page.context
    close_without_a_line(page)

    context.set_offline(False)
    again = context.new_page()
    frank_page(again)

    expect(box(again)).to_have_value(WORDS)
    expect(saved(again)).to_be_visible()
    assert kept() == [WORDS]
    assert on_the_device(again) == []


def test_signing_out_leaves_nothing_on_the_device(at_frank: Page):
    page = at_frank
    own_device(page).check()
    page.context.set_offline(True)
    box(page).fill(WORDS)
    box(page).blur()
    expect(page.get_by_role("status").filter(has_text="Not saved yet")).to_be_visible()
    other = page.context.new_page()
    page.context.route("**/save/", lambda route: route.abort())  # it cannot be saved
    page.context.set_offline(False)
    other.goto("/home/")
    assert len(on_the_device(other)) == 1

    other.get_by_text("Account", exact=True).click()
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_load_state()

    assert other.evaluate("localStorage.length") == 0


def somebody_else_comes_in(page: Page, home: str) -> Page:
    """A colleague of the same side, after a session that ran out: nobody signed out."""
    colleague = make.person("Colleague")
    seat = Seat.objects.get(locality__slug="kutaisi", side=Side.GOVERNMENT)
    make.place(colleague, seat.organisation)
    client, name = Client(), settings.SESSION_COOKIE_NAME
    client.force_login(colleague, backend=settings.AUTHENTICATION_BACKENDS[0])
    page.context.clear_cookies()
    value = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "url": home}])
    return page.context.new_page()


def test_who_signs_in_next_on_the_device_neither_sees_nor_sends_it(at_frank: Page):
    """The text is kept for its writer alone, on a device that turns out to be shared."""
    page, home = at_frank, at_frank.url
    own_device(page).check()
    page.context.set_offline(True)
    box(page).fill(WORDS)
    box(page).blur()
    expect(page.get_by_role("status").filter(has_text="Not saved yet")).to_be_visible()
    close_without_a_line(page)
    page.context.set_offline(False)
    other = somebody_else_comes_in(page, home)
    assert kept() == []

    frank_page(other)

    expect(own_device(other)).not_to_be_checked()
    expect(box(other)).to_have_value("")
    assert on_the_device(other) == []
    assert kept() == []


def test_two_people_on_two_devices_see_both_texts(demo: None, doors: Doors):
    first, second = doors.enter(kutaisi.GOVERNMENT), doors.enter(kutaisi.GOVERNMENT)
    frank_page(first)
    frank_page(second)
    box(first).fill("The first")
    box(first).blur()
    expect(saved(first)).to_be_visible()
    box(second).fill("The second")
    box(second).blur()
    expect(
        second.get_by_role("status").filter(has_text="changed this answer")
    ).to_be_visible()
    assert kept() == ["The first"]

    go_on(second)
    expect(second.get_by_text("The first")).to_be_visible()
    expect(box(second)).to_have_value("The second")
    second.get_by_role("button", name="Keep both").click()

    expect(box(second)).to_have_value("The second\n\nThe first")
    assert [text.replace("\r", "") for text in kept()] == ["The second\n\nThe first"]


def test_two_people_without_scripts_decide_the_same(demo: None, doors: Doors):
    first = doors.enter(kutaisi.GOVERNMENT, scripts=False)
    second = doors.enter(kutaisi.GOVERNMENT, scripts=False)
    frank_page(first)
    frank_page(second)
    box(first).fill("The first")
    go_on(first)
    box(second).fill("The second")
    go_on(second)
    assert kept() == ["The first"]

    second.get_by_role("button", name="Keep theirs").click()

    expect(box(second)).to_have_value("The first")
