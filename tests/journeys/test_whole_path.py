"""The main job, walked by everybody who has a part in it, with a real worker."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from localities.choices import Side
from localities.models import Locality
from localities.queries.people import people_of
from loci.accounts.models import User
from matchmaking.models import Suggestion
from tests.journeys import kutaisi
from tests.journeys.doors import Doors
from tests.journeys.steps import (
    act_on,
    go_on,
    let_see,
    line,
    look_again_until,
    saved,
    say_need,
    say_offer,
    to_page,
)
from tests.workers.processes import Worker

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.xdist_group("path")]


def test_from_two_answers_to_an_introduction_and_a_promise(
    doors: Doors, background: Worker, demo: None
):
    government = doors.enter(kutaisi.GOVERNMENT)
    civil_society = doors.enter(kutaisi.CIVIL_SOCIETY)
    the_government_answers(government)
    the_civil_society_side_answers(civil_society)
    background.wait_until_ready()
    coordinator = doors.enter("Network coordinator")

    suggestion = the_coordinator_approves_one(coordinator)
    both_pairs_say_yes(doors, [government, civil_society], suggestion)
    everybody_is_told(doors, suggestion)
    the_coordinator_promises(coordinator, doors.open())


def the_government_answers(page: Page) -> None:
    page.get_by_role("link", name="Needs and offers, Wave 1").click()
    page.get_by_role("link", name="Start", exact=True).click()
    to_page(page, "Your work")
    page.get_by_role("textbox", name="What are you working on").fill("A new portal.")
    go_on(page)
    to_page(page, "What you need")
    say_need(page, "We publish PDFs and nobody can reuse them.", "it.portal")
    expect(saved(page)).to_be_visible()
    go_on(page)
    to_page(page, "What you can offer")
    say_offer(
        page, "We trained 40 school heads to read a budget.", "engage.training", "4"
    )
    expect(saved(page)).to_be_visible()
    go_on(page)
    to_page(page, "Frankly")
    page.get_by_role("textbox", name="What makes this work hard").fill(
        "Two of us left."
    )
    go_on(page)
    to_page(page, "Working with others")
    page.get_by_role("checkbox", name="A call").check()
    go_on(page)
    send(page, "Send the government part", "We publish PDFs and nobody can reuse them.")


def the_civil_society_side_answers(page: Page) -> None:
    page.get_by_role("link", name="Needs and offers, Wave 1").click()
    page.get_by_role("link", name="Start", exact=True).click()
    to_page(page, "Your work")
    go_on(page)
    to_page(page, "What you need")
    say_need(
        page, "How do others watch contracts with volunteers?", "engage.monitoring"
    )
    let_see(page, "The network")
    expect(saved(page)).to_be_visible()
    go_on(page)
    for title in ("What you can offer", "Frankly", "Working with others"):
        to_page(page, title)
        go_on(page)
    send(
        page,
        "Send the civil society part",
        "How do others watch contracts with volunteers?",
    )

    not_theirs = kutaisi.part_of(Side.GOVERNMENT)
    page.goto(f"/surveys/{not_theirs.reference}/page/needs/")
    to_page(page, "This page is not open to you")
    expect(page.locator("body")).not_to_contain_text("PDFs")


def send(page: Page, button: str, *answers: str) -> None:
    to_page(page, "Check your answers")
    for answer in answers:
        expect(page.get_by_text(answer)).to_be_visible()
    page.get_by_role("button", name=button).click()
    to_page(page, "Sent")
    expect(page.get_by_text(re.compile(r"Reference KUT-"))).to_be_visible()


def the_coordinator_approves_one(page: Page) -> Suggestion:
    page.get_by_role("link", name="See what needs you").click()
    expect(page.get_by_role("heading", name="Needs you")).to_be_visible()
    rounds = "/admin/matchmaking/round/"
    page.goto(rounds)
    look_again_until(page, line(page, "Ready for review"))

    page.goto("/admin/surveys/wave/")
    act_on(page, line(page, "Wave 1"), "Suggest introductions (start a round)")
    expect(page.get_by_text(re.compile("1 rounds? started"))).to_be_visible()
    page.goto(rounds)
    look_again_until(page, line(page, "Ready for review").nth(1))

    page.goto("/admin/")
    page.get_by_role("link", name=re.compile("Review .*: suggestions? wait")).click()
    mine = line(page, "To review").filter(
        has=page.get_by_role("rowheader", name=kutaisi.place().name)
    )
    act_on(page, mine.first, "Approve: show to both pairs")
    expect(
        page.get_by_text(re.compile("1 suggestions? .* with the pairs now"))
    ).to_be_visible()
    return Suggestion.objects.get(state="approved", seeker__slug="kutaisi")


def both_pairs_say_yes(
    doors: Doors, seekers: list[Page], suggestion: Suggestion
) -> None:
    helpers = [doors.enter(person.name) for person in people(suggestion.helper)]
    for pages, other, lead in (
        (seekers, suggestion.helper, "could help you"),
        (helpers, suggestion.seeker, "could use your help"),
    ):
        first, second = pages
        for page in pages:
            page.goto("/home/")
            page.get_by_role("link", name=f"{other.name} {lead}").click()
            expect(page.get_by_role("heading", level=1)).to_contain_text(lead)
            for person in people(other):
                expect(page.locator("body")).not_to_contain_text(person.email)
        first.get_by_role("button", name="Yes, introduce us").click()
        expect(
            first.get_by_text("Your partner has been asked to agree.")
        ).to_be_visible()
        second.reload()
        expect(second.get_by_text("wants to accept. Do you agree?")).to_be_visible()
        second.get_by_role("button", name="I agree: introduce us").click()
    expect(seekers[1].get_by_text("Your pair said yes. We are waiting")).to_be_visible()

    for page, other in (
        (seekers[0], suggestion.helper),
        (helpers[1], suggestion.seeker),
    ):
        page.reload()
        expect(page.get_by_text("Both pairs said yes.")).to_be_visible()
        for person in people(other):
            expect(page.get_by_role("link", name=person.email)).to_be_visible()


def people(locality: Locality) -> list[User]:
    return list(people_of(locality))


def everybody_is_told(doors: Doors, suggestion: Suggestion) -> None:
    page = doors.open()
    page.goto("/demo/inbox/")
    for own, other in (
        (suggestion.seeker, suggestion.helper),
        (suggestion.helper, suggestion.seeker),
    ):
        mail = page.get_by_role("group").filter(
            has_text=f"{own.name}, meet {other.name}"
        )
        look_again_until(page, mail)
        expect(mail).to_have_count(len(people(own)))
        for person in people(other):
            expect(mail.first).to_contain_text(person.email)


def the_coordinator_promises(page: Page, visitor: Page) -> None:
    page.goto("/admin/surveys/wave/")
    act_on(page, line(page, "Wave 1"), "Draft promises for the largest unmet topics")
    expect(page.get_by_text(re.compile("Promises drafted for 1 wave"))).to_be_visible()
    page.goto("/admin/")
    page.get_by_role("link", name=re.compile("Give (it|them) one")).click()
    row = line(page, "Heard").first
    topic = row.get_by_role("rowheader").inner_text().strip()
    row.get_by_role("rowheader").get_by_role("link").click()
    page.get_by_role("textbox", name="What we do").fill("A call with two peers in May.")
    owner = page.get_by_role("combobox").filter(
        has=page.locator("#select2-id_owner-container")
    )
    owner.click()
    page.get_by_role("searchbox").fill("Network")
    page.get_by_role("option", name="Network coordinator").click()
    due = timezone.localdate() + timedelta(days=30)
    page.get_by_role("textbox", name="By:").fill(due.isoformat())
    page.get_by_role("checkbox", name="Shown to everyone").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()

    visitor.goto("/you-said-we-did/")
    promise = visitor.get_by_role("article").filter(has_text=topic)
    expect(promise).to_contain_text("A call with two peers in May.")
    expect(promise).to_contain_text("Owner: Network coordinator")
