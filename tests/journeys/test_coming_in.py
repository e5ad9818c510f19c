"""From an invitation to a published profile, on a phone."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from localities.choices import Side
from localities.models import Locality, Seat
from loci.notices.models import Notice
from loci.notices.services.delivery import render
from tests.journeys import kutaisi
from tests.journeys.doors import Doors
from tests.journeys.steps import to_page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("path")]
PHONE: ViewportSize = {"width": 360, "height": 740}
WORDS = "Residents help to choose what the city buys"


def test_from_the_invitation_to_the_published_profile(doors: Doors, demo: None):
    Locality.objects.filter(slug="kutaisi").update(is_listed=False)
    inviter = on_a_phone(doors.enter(kutaisi.GOVERNMENT))
    invites(inviter)
    page = on_a_phone(doors.open())

    comes_in(page, link_of("ana@example.org"))
    first_steps(page)
    to_page(page, "Kutaisi Municipality")
    writes_a_line(page)
    agrees(page)
    agrees_too(on_a_phone(doors.enter(kutaisi.CIVIL_SOCIETY)))

    visitor = on_a_phone(doors.open())
    visitor.goto("/localities/kutaisi/")
    expect(visitor.get_by_text(WORDS)).to_be_visible()
    place = Locality.objects.get(slug="kutaisi")
    assert place.is_listed
    seat = Seat.objects.get(locality=place, side=Side.GOVERNMENT)
    assert seat.organisation.memberships.filter(person__name="Ana").exists()


def on_a_phone(page: Page) -> Page:
    page.set_viewport_size(PHONE)
    return page


def stays_in_its_width(page: Page) -> None:
    wide = page.locator("html").evaluate("html => html.scrollWidth")
    assert wide <= PHONE["width"], f"{page.url} is {wide} px wide"


def invites(page: Page) -> None:
    page.get_by_role("link", name="Who is here; invite, hand over, leave").click()
    page.get_by_role("link", name="Invite a colleague", exact=True).click()
    page.get_by_role("textbox", name="Their e-mail address").fill("ana@example.org")
    stays_in_its_width(page)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("ana@example.org").first).to_be_visible()
    stays_in_its_width(page)


def link_of(email: str) -> str:
    """The link of the mail, as its reader sees it."""
    notice = Notice.objects.get(recipient__email=email, kind="invitation")
    assert notice.not_before <= timezone.now()
    _subject, body = render(notice)
    found = re.search(r"(/invitations/[\w-]{20,}/)", body)
    assert found
    return found[1]


def comes_in(page: Page, link: str) -> None:
    page.goto(link)
    to_page(page, "Kutaisi Municipality City Hall")
    stays_in_its_width(page)
    page.get_by_role("button", name="Accept and sign in").click()


def first_steps(page: Page) -> None:
    to_page(page, "Who are you?")
    page.get_by_role("textbox", name="Your name").fill("Ana")
    page.get_by_role("textbox", name="What you do there").fill("Clerk")
    stays_in_its_width(page)
    page.get_by_role("button", name="Save and continue").click()
    to_page(page, "Your languages")
    page.get_by_role("checkbox", name="ქართული").check()
    page.get_by_role("button", name="Save and continue").click()
    to_page(page, "What others may see")
    stays_in_its_width(page)
    page.get_by_role("button", name="Go to my workspace").click()


def writes_a_line(page: Page) -> None:
    page.get_by_role("link", name="Keep your half of it").click()
    page.get_by_role("link", name="What we want to reach").click()
    page.get_by_role("textbox", name="In your words").fill(WORDS)
    stays_in_its_width(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(WORDS).first).to_be_visible()


def agrees(page: Page) -> None:
    page.get_by_role("button", name="Our side agrees to publish").click()
    expect(page.get_by_text("We have asked the other side.")).to_be_visible()
    stays_in_its_width(page)


def agrees_too(page: Page) -> None:
    page.get_by_role("link", name="Keep your half of it").click()
    expect(
        page.get_by_text("The other side agrees; your yes publishes it.")
    ).to_be_visible()
    page.get_by_role("button", name="Our side agrees to publish").click()
    expect(page.get_by_text("Your profile is published.")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_be_visible()
    stays_in_its_width(page)
