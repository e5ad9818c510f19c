"""The life of an introduction in a browser, at 360 px, with scripts and without them."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from localities.models import Locality
from localities.queries.people import people_of
from loci.notices.services.delivery import deliver_due
from matchmaking.choices import Ending, SuggestionState
from matchmaking.models import Circle, IntroductionNote, Suggestion
from matchmaking.services.checking_in import ask_how_it_went
from matchmaking.services.replying import expire_suggestions
from matchmaking.services.rounds import rounds_waiting, run_round
from surveys.models import Wave
from tests import make
from tests.journeys import kutaisi
from tests.journeys.doors import Doors

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("path")]

PHONE: ViewportSize = {"width": 360, "height": 740}
HELPERS = ("Government side, Makueni", "Civil society side, Makueni")
either_way = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


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


def on_a_phone(doors: Doors, person: str, *, scripts: bool) -> Page:
    page = doors.enter(person, scripts=scripts)
    page.set_viewport_size(PHONE)
    return page


def all_on_the_screen(page: Page) -> None:
    """Nothing hangs over the edge of the phone."""
    wide = page.locator("html").evaluate("html => html.scrollWidth")
    assert wide <= PHONE["width"], f"{page.url}: {wide} px wide"


@either_way
def test_from_two_yeses_to_a_time_a_note_and_what_became_of_it(
    doors: Doors, suggestion: Suggestion, *, scripts: bool
):
    address = f"/suggestions/{suggestion.reference}/"
    seekers = [
        on_a_phone(doors, who, scripts=scripts)
        for who in (kutaisi.GOVERNMENT, kutaisi.CIVIL_SOCIETY)
    ]
    helpers = [on_a_phone(doors, who, scripts=scripts) for who in HELPERS]
    for first, second in (seekers, helpers):
        first.goto(address)
        all_on_the_screen(first)
        first.get_by_role("button", name="Yes, introduce us").click()
        second.goto(address)
        second.get_by_role("button", name="I agree: introduce us").click()

    page = seekers[0]
    page.reload()
    all_on_the_screen(page)
    for person in people_of(suggestion.helper):
        expect(page.get_by_role("link", name=person.email)).to_be_visible()
    the_two_settle_on_a_time(page, helpers[0], address)
    they_leave_a_note(page, helpers[1])
    after_two_weeks_the_mail_asks(doors, page, suggestion)


def the_two_settle_on_a_time(page: Page, other: Page, address: str) -> None:
    times = page.get_by_role("button", name=re.compile("^This one"))
    expect(times).to_have_count(3)
    times.nth(1).click()
    expect(page.get_by_role("heading", name="Your first call")).to_be_visible()
    expect(page.get_by_text("agreed", exact=True)).to_have_count(1)
    other.goto(address)
    expect(other.get_by_role("heading", name="Your first call")).to_be_visible()


def they_leave_a_note(page: Page, other: Page) -> None:
    page.get_by_role("textbox", name="A note for both pairs").fill("Slides: see mail")
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_text("Slides: see mail")).to_be_visible()
    other.reload()
    expect(other.get_by_text("Slides: see mail")).to_be_visible()
    assert IntroductionNote.objects.count() == 1


def after_two_weeks_the_mail_asks(
    doors: Doors, page: Page, suggestion: Suggestion
) -> None:
    days = timedelta(days=15)
    Suggestion.objects.filter(pk=suggestion.pk).update(
        introduced_at=timezone.now() - days
    )
    ask_how_it_went(now=timezone.now())
    deliver_due(now=timezone.now())
    inbox = doors.open()
    inbox.goto("/demo/inbox/")
    mail = inbox.get_by_role("group").filter(has_text="how did it go?").first
    link = mail.get_by_role("link", name=re.compile(r"\?said=not_useful$"))
    address = link.get_attribute("href", timeout=5000)
    assert address

    page.goto(address[address.index("/suggestions/") :])
    suggestion.refresh_from_db()
    assert not suggestion.check_ins.filter(answered_at__isnull=False).exists()
    all_on_the_screen(page)
    expect(page.get_by_role("radio", name="It was not useful")).to_be_checked()
    page.get_by_role("button", name="Send").click()

    said = suggestion.check_ins.get(answered_at__isnull=False)
    assert (said.ending, said.locality) == (Ending.NOT_USEFUL, suggestion.seeker)
    for waiting in rounds_waiting():
        run_round(round_id=waiting, now=timezone.now())
    Suggestion.objects.filter(state=SuggestionState.PROPOSED).delete()
    page.goto(f"/suggestions/{suggestion.reference}/")
    page.get_by_role("button", name="Suggest another").click()
    expect(page.get_by_text("We look for another")).to_be_visible()


@either_way
def test_not_now_until_the_next_survey(
    doors: Doors, suggestion: Suggestion, *, scripts: bool
):
    page = on_a_phone(doors, kutaisi.GOVERNMENT, scripts=scripts)
    page.goto(f"/suggestions/{suggestion.reference}/")
    page.get_by_role("link", name="Not now").click()
    all_on_the_screen(page)

    page.get_by_role("radio", name="The next survey").check()
    page.get_by_role("button", name="Ask us again then").click()

    expect(page.get_by_text("We ask again when the next survey opens.")).to_be_visible()
    suggestion.refresh_from_db()
    assert suggestion.state == SuggestionState.DECLINED


@either_way
def test_what_expired_takes_no_answer_and_blames_nobody(
    doors: Doors, suggestion: Suggestion, *, scripts: bool
):
    page = on_a_phone(doors, kutaisi.GOVERNMENT, scripts=scripts)
    page.goto(f"/suggestions/{suggestion.reference}/")
    Suggestion.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    expire_suggestions(now=timezone.now())

    page.get_by_role("button", name="Yes, introduce us").click()

    expect(page.get_by_text("This says nothing about you").first).to_be_visible()
    expect(page.get_by_role("button", name="Yes, introduce us")).to_have_count(0)
    expect(page.get_by_role("button", name="Suggest another")).to_be_visible()


@either_way
def test_a_pair_joins_a_circle(doors: Doors, suggestion: Suggestion, *, scripts: bool):
    places = list(Locality.objects.filter(slug__in=["kutaisi", "makueni", "semarang"]))
    make.circle(suggestion.round, places, state="approved", approved_at=timezone.now())
    page = on_a_phone(doors, kutaisi.CIVIL_SOCIETY, scripts=scripts)

    page.get_by_role("link", name="Others ask what you ask: a circle").click()
    all_on_the_screen(page)
    page.get_by_role("button", name="Yes, we take part").click()

    expect(page.get_by_text("Your pair said yes. The circle is formed")).to_be_visible()
    assert Circle.objects.get().members.filter(answer="yes").count() == 1
