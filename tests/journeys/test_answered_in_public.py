"""From the close of a wave to a line that a respondent finds: heard, read, answered."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from localities.choices import Role, Side
from localities.models import Locality, Organisation
from loci.accounts.models import User
from loci.cycles.models import Promise, Report
from loci.notices.models import Notice
from surveys.models import Statement, Theme, Wave
from tests import make
from tests.journeys.doors import Doors
from tests.journeys.steps import act_on, line, look_again_until
from tests.journeys.test_pages import unreadable
from tests.workers.processes import Worker

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.xdist_group("path")]

PHONE: ViewportSize = {"width": 360, "height": 740}
PORTALS, TRAINING = "Portals people can use", "Training for volunteers"
SAID = {
    PORTALS: "Our procurement portal shows old scanned PDF files, number {0}",
    TRAINING: "Volunteers never learned reading budgets during workshops, year {0}",
}
RESPONDENT = "Government side, Makueni"


def test_a_wave_is_answered_in_public(doors: Doors, background: Worker, demo: None):
    two_ideas_in_all_regions()
    a_second_reader()
    background.wait_until_ready()
    coordinator = doors.enter("Network coordinator")

    the_wave_is_closed_and_its_themes_named(coordinator)
    report = the_report_goes_to_two_readers(coordinator)
    both_readers_say_what_they_think(doors, report)
    it_is_published_with_what_changed(coordinator, report)
    each_theme_gets_its_line(coordinator)
    a_respondent_finds_their_own(doors, report)


def two_ideas_in_all_regions() -> None:
    wave = Wave.objects.get(title="Wave 1")
    Statement.objects.all().delete()
    places = Locality.objects.order_by("region", "pk")
    for number, place in enumerate(places):
        for side, text in zip(Side, SAID.values(), strict=True):
            make.statement(
                place,
                wave,
                side=side,
                text=text.format(number),
                topic=make.topic("it.portal"),
                visibility="network" if side == Side.GOVERNMENT else "side",
            )


def a_second_reader() -> None:
    reader = make.person("Second reader", is_demo=True)
    make.place(
        reader, Organisation.objects.get(name="Development Gateway"), Role.READER
    )


def the_wave_is_closed_and_its_themes_named(page: Page) -> None:
    page.goto("/admin/surveys/wave/")
    act_on(page, line(page, "Wave 1"), "Close")
    expect(page.get_by_text("1 wave closed.")).to_be_visible()
    page.goto("/admin/surveys/theme/")
    look_again_until(page, line(page, "draft:"))
    for said, name in (("PDF", PORTALS), ("budgets", TRAINING)):
        page.goto("/admin/surveys/theme/")
        draft = Theme.objects.filter(texts__statement__text__contains=said).first()
        page.get_by_role("link", name=f"draft: {draft}", exact=True).click()
        expect(page.get_by_text("Nearest to the middle")).to_be_visible()
        page.get_by_role("textbox", name="Name").fill(name)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("was changed successfully")).to_be_visible()
    page.goto("/admin/surveys/themerun/")
    act_on(page, line(page, "Wave 1"), "Show the named themes in the results")
    expect(page.get_by_text("The themes of 1 wave are in its results")).to_be_visible()


def the_report_goes_to_two_readers(page: Page) -> Report:
    page.goto("/admin/surveys/wave/")
    act_on(page, line(page, "Wave 1"), "Draft the report")
    expect(page.get_by_text("1 report drafted.")).to_be_visible()
    page.goto("/admin/cycles/report/")
    page.get_by_role("link", name="Report on Wave 1").click()
    page.locator("#id_sections-1-text").fill("A first call with three peers.")
    for number, name in enumerate(("Reader, partner organisation", "Second reader")):
        shown = page.locator(f"#select2-id_readers-{number}-person-container")
        page.get_by_role("combobox").filter(has=shown).click()
        page.get_by_role("searchbox").fill(name)
        page.get_by_role("option", name=re.compile(name)).click()
        page.get_by_role("button", name="Save and continue editing").click()
        expect(page.get_by_text("was changed successfully")).to_be_visible()
    page.goto("/admin/cycles/report/")
    act_on(page, line(page, "Report on Wave 1"), "Send to the readers")
    expect(page.get_by_text("1 report is with its readers.")).to_be_visible()
    return Report.objects.get()


def both_readers_say_what_they_think(doors: Doors, report: Report) -> None:
    for name, say in (
        ("Reader, partner organisation", agree),
        ("Second reader", correct_the_first),
    ):
        page = doors.enter(name, scripts=False)
        page.set_viewport_size(PHONE)
        page.get_by_role("link", name="Report on Wave 1").click()
        expect(page.get_by_text("Draft for readers until")).to_be_visible()
        say_of_each_section(page, report, say)
        expect(page.get_by_text("0 sections wait for your word.")).to_be_visible()


def say_of_each_section(
    page: Page, report: Report, say: Callable[[Page, int], None]
) -> None:
    waiting = page.get_by_role("link", name="Agree, comment or correct")
    for number in range(report.sections.count()):
        waiting.first.click()
        say(page, number)
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("You can change it until the end.")).to_be_visible()


def agree(page: Page, number: int) -> None:
    page.get_by_role("radio", name="I agree").check()


def correct_the_first(page: Page, number: int) -> None:
    if number:
        agree(page, number)
        return
    page.get_by_role("radio", name="Something is wrong").check()
    page.get_by_role("textbox", name="In your words").fill("Say who answered.")


def it_is_published_with_what_changed(page: Page, report: Report) -> None:
    page.goto("/admin/cycles/report/")
    act_on(page, line(page, "Report on Wave 1"), "Publish")
    expect(page.get_by_text("Say what became of it first.")).to_be_visible()
    page.goto("/admin/cycles/reading/")
    line(page, "Say who answered.").get_by_role("link").first.click()
    page.get_by_role("textbox", name="What became of it").fill("It says so now.")
    page.get_by_role("checkbox", name="The section was changed").check()
    page.get_by_role("button", name="Save", exact=True).click()

    page.goto("/admin/cycles/report/")
    act_on(page, line(page, "Report on Wave 1"), "Publish")

    expect(page.get_by_text("1 report published.")).to_be_visible()
    told = Notice.objects.filter(kind="report_published").values_list(
        "recipient__email", flat=True
    )
    assert {address.split("@")[0] for address in told} == {
        "hub-africa",
        "hub-asia",
        "hub-cee",
        "hub-latam",
    }


def each_theme_gets_its_line(page: Page) -> None:
    page.goto("/admin/surveys/wave/")
    act_on(page, line(page, "Wave 1"), "Draft promises for the largest unmet topics")
    page.goto("/admin/surveys/wave/")
    Promise.objects.filter(theme__isnull=True).update(
        is_published=True, state="not_doing", reason="Others do."
    )
    act_on(page, line(page, "Wave 1"), "Mark as shared back")
    expect(page.get_by_text("These themes have no published line yet")).to_be_visible()
    owner = User.objects.get(email__startswith="coordinator@")
    Promise.objects.filter(theme__isnull=False).update(
        doing="A call with two peers.",
        owner=owner,
        due_on=timezone.localdate(),
        is_published=True,
    )
    act_on(page, line(page, "Wave 1"), "Mark as shared back")
    expect(page.get_by_text("1 wave shared back.")).to_be_visible()


def a_respondent_finds_their_own(doors: Doors, report: Report) -> None:
    plain = doors.enter(RESPONDENT, scripts=False)
    plain.set_viewport_size(PHONE)
    expect(plain.get_by_role("heading", name=PORTALS)).to_be_visible()
    expect(plain.get_by_role("heading", name=TRAINING)).to_have_count(0)
    plain.get_by_role("link", name="Reports").click()
    plain.get_by_role("link", name="Report on Wave 1").click()
    expect(plain.get_by_text("Changed after readers: 1 thing.")).to_be_visible()
    expect(plain.get_by_text("It says so now.")).to_be_visible()

    page = doors.enter(RESPONDENT)
    page.set_viewport_size(PHONE)
    wave = Wave.objects.get(title="Wave 1")
    for address, words in (
        (f"/surveys/waves/{wave.pk}/results/", f"in the theme “{PORTALS}”"),
        (f"/reports/{report.reference}/", "A first call with three peers."),
        ("/you-said-we-did/", "A call with two peers."),
    ):
        page.goto(address)
        expect(page.get_by_text(words).first).to_be_visible()
        assert list(unreadable(page)) == []
        width = page.locator("html").evaluate("html => html.scrollWidth")
        assert width <= PHONE["width"]
