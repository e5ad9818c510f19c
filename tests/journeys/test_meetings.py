"""A regional meeting in a browser: agenda, answers, tables, a clinic, a review."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from meetings.models import Meeting, Place
from meetings.services.planning import set_clock
from tests.journeys import kutaisi
from tests.journeys.doors import Doors
from tests.journeys.steps import act_on, line, look_again_until
from tests.workers.processes import Worker

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.xdist_group("path")]

PHONE: ViewportSize = {"width": 360, "height": 740}
GUEST = "Government side, Makueni"
TITLE = "Regional meeting, Central and Eastern Europe"


def test_a_meeting_from_its_agenda_to_its_review(
    doors: Doors, background: Worker, demo: None
):
    background.wait_until_ready()
    meeting = Meeting.objects.get()
    coordinator = doors.enter("Network coordinator")
    own = on_a_phone(doors, kutaisi.GOVERNMENT)
    guest = on_a_phone(doors, GUEST)

    the_agenda_is_proposed_and_arranged(coordinator, meeting)
    they_say_that_they_come(own, guest, meeting)
    tables_are_given_to_who_wants_each_other(coordinator, own, guest, meeting)
    a_case_finds_its_hour(doors, own)
    it_is_held_and_reviewed(coordinator, own, meeting)


def on_a_phone(doors: Doors, person: str) -> Page:
    page = doors.enter(person, scripts=False)
    page.set_viewport_size(PHONE)
    return page


def all_on_the_screen(page: Page) -> None:
    wide = page.locator("html").evaluate("html => html.scrollWidth")
    assert wide <= PHONE["width"], f"{page.url}: {wide} px wide"


def the_agenda_is_proposed_and_arranged(page: Page, meeting: Meeting) -> None:
    page.goto(f"/admin/meetings/meeting/{meeting.pk}/change/")
    page.get_by_role("link", name="Agenda", exact=True).click()
    page.get_by_role("button", name="Propose sessions from what was asked").click()
    expect(page.get_by_text("they get their places in a moment")).to_be_visible()
    look_again_until(page, page.get_by_text(re.compile(r"^(\d+) of \1$")))
    page.get_by_role("button", name=re.compile("^Pin")).nth(1).click()
    expect(page.get_by_text("pinned", exact=True)).to_be_visible()


def they_say_that_they_come(own: Page, guest: Page, meeting: Meeting) -> None:
    for page in (own, guest):
        page.goto("/home/")
        page.get_by_role("link", name=TITLE).click()
        page.get_by_role("button", name="We are coming").click()
        expect(page.get_by_text("You are coming", exact=True)).to_be_visible()
        all_on_the_screen(page)
    own.get_by_role("button", name="I want this one").nth(2).click()
    expect(own.get_by_role("button", name="You want this one")).to_be_visible()
    own.get_by_role("link", name="Food, access, travel").click()
    own.get_by_role("textbox", name="Food").fill("No nuts")
    own.get_by_role("button", name="Send to the host").click()
    expect(own.get_by_text("The host reads it, nobody else.")).to_be_visible()
    assert Place.objects.filter(state="yes").count() == meeting.taken + 2


def tables_are_given_to_who_wants_each_other(
    coordinator: Page, own: Page, guest: Page, meeting: Meeting
) -> None:
    lay_out_talks(coordinator, meeting)
    for page, wanted in ((own, "Makueni County, Government"), (guest, "Kutaisi")):
        page.goto(meeting.get_absolute_url())
        page.get_by_role("link", name="Say whom you would like to talk to").click()
        page.get_by_role("checkbox", name=wanted).check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Tables are given before the meeting.")).to_be_visible()
    lay_out_talks(coordinator, meeting)
    own.goto(f"{meeting.get_absolute_url()}talks/")
    look_again_until(own, own.get_by_role("heading", name="Your tables"))
    expect(own.get_by_role("cell", name=re.compile("Makueni County"))).to_be_visible()
    all_on_the_screen(own)
    coordinator.goto(f"{meeting.get_absolute_url()}tables/")
    expect(
        coordinator.get_by_role("cell", name=re.compile("Kutaisi.*Makueni"))
    ).to_be_visible()


def lay_out_talks(page: Page, meeting: Meeting) -> None:
    page.goto(f"/admin/meetings/meeting/{meeting.pk}/talks/")
    page.get_by_role("textbox", name="Begins").fill("15:00")
    page.get_by_role("spinbutton", name="How many times").fill("3")
    page.get_by_role("button", name="Talks at tables").click()
    expect(page.get_by_role("heading", name="Table plan")).to_be_visible()


def a_case_finds_its_hour(doors: Doors, own: Page) -> None:
    own.goto("/meetings/clinics/")
    own.get_by_role("link", name="Bring a case").click()
    own.get_by_role("textbox", name="Our question").fill("How do we reach villages?")
    own.get_by_role("button", name="Ask peers").click()
    expect(own.get_by_role("heading", name="Which time?")).to_be_visible()
    all_on_the_screen(own)
    address, peer = own.url, asked_first(own)
    page = on_a_phone(doors, f"Government side, {peer}")
    page.goto(address)
    for choice in page.get_by_role("radio", name="Yes", exact=True).all():
        choice.check()
    page.get_by_role("button", name="Send", exact=True).click()
    own.reload()
    own.get_by_role("button", name="Take this time").first.click()
    expect(own.get_by_role("table", name="Run sheet")).to_be_visible()
    own.get_by_role("textbox", name="I will try").fill("A radio hour")
    day = timezone.localdate() + timedelta(days=20)
    own.get_by_role("textbox", name="by", exact=True).fill(day.isoformat())
    own.get_by_role("button", name="I will try this").click()
    expect(own.get_by_text("In 30 days we ask whether you did.")).to_be_visible()


def asked_first(page: Page) -> str:
    """The short name by which the demonstration knows the first peer."""
    shown = page.locator("section", has_text="Who is asked").get_by_role("listitem")
    return shown.first.inner_text().split(" County")[0]


def it_is_held_and_reviewed(page: Page, own: Page, meeting: Meeting) -> None:
    meeting.refresh_from_db()
    past = timezone.localdate() - timedelta(days=3)
    meeting.first_day, meeting.last_day = past - timedelta(days=1), past
    set_clock(meeting).save()
    for action in ("Take no more answers", "It was held"):
        page.goto("/admin/meetings/meeting/")
        act_on(page, line(page, TITLE), action)
    expect(page.get_by_text("1 meeting was held.")).to_be_visible()
    page.goto(f"/admin/meetings/meeting/{meeting.pk}/review/")
    texts = {
        "What was planned": "Fourteen sessions",
        "What happened": "Twelve of them",
        "Why it came so": "Two lines failed",
        "What we do next": "Test lines the day before",
    }
    for name, text in texts.items():
        page.get_by_role("textbox", name=name).fill(text)
    page.get_by_role("button", name="Review", exact=True).click()
    expect(page.get_by_text("Those who were asked can read it.")).to_be_visible()
    own.goto(meeting.get_absolute_url())
    expect(own.get_by_text("Test lines the day before")).to_be_visible()
    all_on_the_screen(own)
