"""The same pages where scripts do not run."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from localities.choices import Side
from localities.models import Locality
from matchmaking.choices import SuggestionState
from matchmaking.models import Reply, Suggestion
from surveys.models import Statement, Wave
from tests import make
from tests.journeys import kutaisi
from tests.journeys.doors import Doors
from tests.journeys.steps import go_on, say_need, say_offer, to_page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("path")]

NEED = "We publish PDFs and nobody can reuse them."
OFFER = "We trained 40 school heads to read a budget."


def test_a_part_is_written_left_mended_and_sent(doors: Doors, demo: None):
    page = doors.enter(kutaisi.GOVERNMENT, scripts=False)

    leaves_and_comes_back(page)
    mends_what_is_wrong(page)
    sends(page)

    part = kutaisi.part_of(Side.GOVERNMENT)
    said = Statement.objects.filter(part=part).order_by("kind")
    assert part.is_sent
    assert [(row.text, row.hours_a_month) for row in said] == [(NEED, None), (OFFER, 4)]


def leaves_and_comes_back(page: Page) -> None:
    page.get_by_role("link", name="Needs and offers, Wave 1").click()
    page.get_by_role("link", name="Start", exact=True).click()
    to_page(page, "Your work")
    go_on(page)
    to_page(page, "What you need")
    say_need(page, NEED, "it.portal")
    page.get_by_role("button", name="Save and come back later").click()
    to_page(page, "Kutaisi Municipality")

    page.get_by_role("link", name="Needs and offers, Wave 1").click()
    expect(page.get_by_text("You can go on where you stopped.")).to_be_visible()
    page.get_by_role("link", name="Go on").click()
    to_page(page, "What you need")
    expect(page.get_by_role("textbox", name="What is the problem")).to_have_value(NEED)
    expect(page.get_by_role("combobox", name="Topic")).to_have_value("it.portal")
    go_on(page)


def mends_what_is_wrong(page: Page) -> None:
    to_page(page, "What you can offer")
    say_offer(page, OFFER, "engage.training", hours="four or so")
    go_on(page)

    expect(page).to_have_title(re.compile(r"^Error: "))
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("There is a problem")
    hours = page.get_by_role("textbox", name="Hours a month")
    expect(hours).to_have_value("four or so")
    expect(page.get_by_role("textbox", name="What did you do")).to_have_value(OFFER)
    summary.get_by_role("link", name="Give a whole number of hours").click()
    expect(page).to_have_url(re.compile(r"#id_offers-0-hours$"))
    hours.fill("4")
    go_on(page)


def sends(page: Page) -> None:
    for title in ("Frankly", "Working with others"):
        to_page(page, title)
        go_on(page)
    to_page(page, "Check your answers")
    expect(page.get_by_text(NEED)).to_be_visible()
    page.get_by_role("button", name="Send the government part").click()
    to_page(page, "Sent")


def test_a_part_without_a_need_says_what_is_missing_and_leads_there(
    doors: Doors, demo: None
):
    page = doors.enter(kutaisi.GOVERNMENT, scripts=False)
    part = kutaisi.part_of(Side.GOVERNMENT)

    page.goto(f"/surveys/{part.reference}/check/")

    expect(page.get_by_role("alert")).to_contain_text("Before you can send")
    expect(page.get_by_role("button", name="Send the government part")).to_have_count(0)
    page.get_by_role("link", name="What you need: Answer this question.").click()
    to_page(page, "What you need")
    expect(page.get_by_role("alert")).to_contain_text("Answer this question.")


@pytest.fixture
def suggestion(demo: None) -> Suggestion:
    """Makueni could help Kutaisi; both pairs see it."""
    now = timezone.now()
    seeker, helper = (
        Locality.objects.get(slug=slug) for slug in ("kutaisi", "makueni")
    )
    days = timedelta(days=20)
    return make.approved(
        seeker,
        helper,
        Wave.objects.get(title="Wave 1"),
        approved_at=now,
        expires_at=now + days,
    )


def test_a_pair_says_yes_on_its_card(doors: Doors, suggestion: Suggestion):
    address = f"/suggestions/{suggestion.reference}/"
    first = doors.enter(kutaisi.GOVERNMENT, scripts=False)
    second = doors.enter(kutaisi.CIVIL_SOCIETY, scripts=False)

    first.goto(address)
    first.get_by_role("button", name="Yes, introduce us").click()
    second.goto(address)
    second.get_by_role("button", name="I agree: introduce us").click()

    expect(second.get_by_text("Your pair said yes. We are waiting")).to_be_visible()
    assert Reply.objects.get(suggestion=suggestion).is_settled_yes


def test_a_pair_says_not_for_us_and_why(doors: Doors, suggestion: Suggestion):
    page = doors.enter(kutaisi.GOVERNMENT, scripts=False)
    page.goto(f"/suggestions/{suggestion.reference}/")

    page.get_by_role("link", name="Not for us").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    page.get_by_role("radio", name="No time this year").check()
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_text("We will use this for the next round.")).to_be_visible()
    suggestion.refresh_from_db()
    assert suggestion.state == SuggestionState.DECLINED
    assert Reply.objects.get(suggestion=suggestion).reason == "no_time"
