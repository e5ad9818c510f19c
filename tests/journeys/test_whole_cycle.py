"""One turn of the loop: shared back, planned, read, met, reviewed, written down, again."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from loci.accounts.models import User
from loci.cycles.models import ActivityPlan, Promise, ReportReader
from loci.cycles.services.ledger import share_back
from loci.cycles.services.reports import draft_report, publish_report, send_to_readers
from meetings.models import Meeting
from surveys.models import Wave
from surveys.queries.results import results_of
from surveys.services.analysing import refresh_analysis
from surveys.services.waves import close_wave
from tests.journeys import kutaisi
from tests.journeys.doors import Doors
from tests.journeys.steps import act_on, line
from tests.journeys.test_answered_in_public import (
    PHONE,
    a_second_reader,
    agree,
    correct_the_first,
    say_of_each_section,
)
from tests.journeys.test_meetings import (
    GUEST,
    a_case_finds_its_hour,
    it_is_held_and_reviewed,
    on_a_phone,
    tables_are_given_to_who_wants_each_other,
    the_agenda_is_proposed_and_arranged,
    they_say_that_they_come,
)
from tests.workers.processes import Worker, until

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.xdist_group("path")]

TURN, PLAN = "First turn of the loop", "Activity plan: First turn of the loop"
READERS = ("Reader, partner organisation", "Second reader")


def test_one_turn_of_the_loop(doors: Doors, background: Worker, demo: None):
    a_second_reader()
    background.wait_until_ready()
    the_wave_is_shared_back_and_reported()
    coordinator = doors.enter("Network coordinator")

    plan = a_plan_goes_to_two_readers(coordinator)
    both_readers_say_what_they_think(doors, plan)
    it_is_published_with_what_changed(coordinator, plan)
    everybody_sees_where_the_loop_stands(doors.open())
    the_meeting_that_came_of_it(doors, coordinator, plan)
    what_was_learned_is_written_down(doors, coordinator)
    the_next_wave_may_open(coordinator)


def with_a_line(wave: Wave, by: User) -> Wave:
    """The wave closed, with what becomes of what was heard in it."""
    Promise.objects.create(
        wave=wave,
        theme_name="Portals",
        heard="Portals that people can use",
        owner=by,
        due_on=timezone.localdate() + timedelta(days=90),
        is_published=True,
    )
    return close_wave(wave=wave, by=by, now=timezone.now())


def the_wave_is_shared_back_and_reported() -> None:
    """As `test_answered_in_public.py` walks it, here by services."""
    first, now = Wave.objects.get(title="Wave 1"), timezone.now()
    by = User.objects.get(email__startswith="coordinator@")
    for other in Wave.objects.filter(state="open").exclude(pk=first.pk):
        share_back(wave=with_a_line(other, by), by=by, now=now)
    wave = with_a_line(first, by)
    until(lambda: has_results(wave))  # the worker may be counting it just now
    share_back(wave=wave, by=by, now=now)
    report = draft_report(wave=wave, by=by)
    reader = User.objects.get(name=READERS[0])
    ReportReader.objects.create(report=report, person=reader)
    report = send_to_readers(report=report, by=by, now=now)
    publish_report(report=report, by=by, now=now + timedelta(days=11))


def has_results(wave: Wave) -> bool:
    refresh_analysis(wave=wave, now=timezone.now())
    return results_of(wave) is not None


def a_plan_goes_to_two_readers(page: Page) -> ActivityPlan:
    page.goto("/admin/cycles/cycle/")
    act_on(page, line(page, TURN), "Close the step that it is at")
    expect(page.get_by_text("1 step closed.")).to_be_visible()
    act_on(page, line(page, TURN), "Close the step that it is at")
    expect(page.get_by_text("Not yet: the activity plan is published")).to_be_visible()
    act_on(page, line(page, TURN), "Write an activity plan")
    expect(page.get_by_text("1 plan begun.")).to_be_visible()

    plan = ActivityPlan.objects.get()
    assert plan.needs.count() > 1
    page.goto(f"/admin/cycles/activityplan/{plan.pk}/change/")
    page.get_by_role("textbox", name="Budget line").fill("Meetings, up to 4,000")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    for name in READERS:
        reader = User.objects.get(name=name)
        ReportReader.objects.create(report=plan.paper, person=reader)
    page.goto("/admin/cycles/report/")
    act_on(page, line(page, PLAN), "Send to the readers")
    expect(page.get_by_text("1 report is with its readers.")).to_be_visible()
    return plan


def both_readers_say_what_they_think(doors: Doors, plan: ActivityPlan) -> None:
    for name, say in zip(READERS, (agree, correct_the_first), strict=True):
        page = doors.enter(name, scripts=False)
        page.set_viewport_size(PHONE)
        page.get_by_role("link", name=PLAN).click()
        expect(page.get_by_text("Meetings, up to 4,000")).to_be_visible()
        say_of_each_section(page, plan.paper, say)


def it_is_published_with_what_changed(page: Page, plan: ActivityPlan) -> None:
    page.goto("/admin/cycles/reading/")
    line(page, "Say who answered.").get_by_role("link").first.click()
    page.get_by_role("textbox", name="What became of it").fill("The outcome says it.")
    page.get_by_role("checkbox", name="The section was changed").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto("/admin/cycles/report/")
    act_on(page, line(page, PLAN), "Publish")
    expect(page.get_by_text("1 report published.")).to_be_visible()
    page.goto(f"/admin/cycles/activityplan/{plan.pk}/change/")
    expect(page.get_by_role("textbox", name="Budget line")).to_have_count(0)
    page.goto("/admin/cycles/cycle/")
    act_on(page, line(page, TURN), "Close the step that it is at")
    expect(page.get_by_text("1 step closed.")).to_be_visible()


def everybody_sees_where_the_loop_stands(page: Page) -> None:
    page.goto("/cycles/")
    page.get_by_role("link", name=TURN).click()
    here = page.locator("[aria-current=step]")
    expect(here).to_have_text(re.compile("Attempt"))


def the_meeting_that_came_of_it(
    doors: Doors, coordinator: Page, plan: ActivityPlan
) -> None:
    meeting = Meeting.objects.get()
    coordinator.goto(f"/admin/cycles/activityplan/{plan.pk}/change/")
    meetings = coordinator.get_by_role("combobox", name="Meeting that came of it")
    meetings.select_option(label=str(meeting))
    coordinator.get_by_role("button", name="Save", exact=True).click()
    own = on_a_phone(doors, kutaisi.GOVERNMENT)
    guest = on_a_phone(doors, GUEST)
    the_agenda_is_proposed_and_arranged(coordinator, meeting)
    they_say_that_they_come(own, guest, meeting)
    tables_are_given_to_who_wants_each_other(coordinator, own, guest, meeting)
    a_case_finds_its_hour(doors, own)
    coordinator.goto("/admin/cycles/cycle/")
    act_on(coordinator, line(coordinator, TURN), "Close the step that it is at")
    expect(
        coordinator.get_by_text("Not yet: the activity has taken place")
    ).to_be_visible()
    it_is_held_and_reviewed(coordinator, own, meeting)
    coordinator.goto("/admin/cycles/cycle/")
    act_on(coordinator, line(coordinator, TURN), "Close the step that it is at")
    expect(coordinator.get_by_text("1 step closed.")).to_be_visible()


def what_was_learned_is_written_down(doors: Doors, coordinator: Page) -> None:
    own = on_a_phone(doors, kutaisi.GOVERNMENT)
    own.goto("/practice/write/")
    title = own.get_by_role("textbox", name="What did you learn, in one line?")
    title.fill("A radio hour reaches villages")
    own.get_by_role("combobox", name="Topic").select_option(index=1)
    own.get_by_role("textbox", name="What was the problem?").fill("Nobody came.")
    own.get_by_role("textbox", name="What did you do").fill("We went on the radio.")
    own.get_by_role("button", name="Save and read it over").click()
    own.get_by_role("button", name="Show it to everybody").click()
    expect(own.get_by_text("A coordinator has the last look.").first).to_be_visible()
    coordinator.goto("/admin/cycles/lesson/")
    act_on(coordinator, line(coordinator, "A radio hour reaches villages"), "Publish")
    expect(coordinator.get_by_text("1 card published.")).to_be_visible()
    visitor = doors.open(scripts=False)
    visitor.goto("/practice/")
    visitor.get_by_role("link", name="A radio hour reaches villages").click()
    expect(visitor.get_by_text("We went on the radio.")).to_be_visible()


def the_next_wave_may_open(page: Page) -> None:
    first, now = Wave.objects.get(title="Wave 1"), timezone.now()
    Wave.objects.create(
        survey=first.survey,
        title="Wave 2",
        opens_at=now,
        closes_at=now + timedelta(days=20),
        is_demo=True,
    )
    page.goto("/admin/surveys/wave/")
    act_on(page, line(page, "Wave 2"), "Open for answers")
    expect(page.get_by_text("people get a mail")).to_be_visible()
    page.get_by_role("button", name="Open for answers").click()
    expect(page.get_by_text("The wave is open.")).to_be_visible()
