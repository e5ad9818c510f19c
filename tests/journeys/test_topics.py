"""A topic is found by its words or by what it covers; related ones are one press away."""

import pytest
from playwright.sync_api import expect

from localities.choices import Side
from localities.models import Topic
from surveys.models import Answer
from tests.journeys import kutaisi
from tests.journeys.doors import Doors
from tests.workers.processes import until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("path")]


def test_related_topics_are_chosen_in_the_list(doors: Doors, demo: None):
    topic = Topic.objects.filter(related__isnull=False).distinct().earliest("pk")
    other = topic.related.earliest("pk")
    page = doors.enter(kutaisi.GOVERNMENT)
    reference = kutaisi.part_of(Side.GOVERNMENT).reference
    page.goto(f"/surveys/{reference}/page/needs/")

    search = page.get_by_label("Type to shorten the list").first
    search.fill(topic.label)
    select = page.locator("select[data-topic-filter]").first
    select.select_option(topic.code)
    line = page.locator("[data-related-to]").first
    expect(line).to_contain_text("Looked at too:")
    line.get_by_role("button", name=other.label, exact=True).click()

    expect(select).to_have_value(other.code)
    expect(search).to_have_value("")
    expect(select).to_be_focused()
    of_the_need = Answer.objects.filter(
        part__reference=reference, question__kind="need"
    )
    until(lambda: of_the_need.filter(value__0__topic=other.code).exists())
    expect(page.locator("[data-saved-line]")).to_have_attribute("data-state", "saved")


def test_what_a_topic_covers_is_searched_too(doors: Doors, demo: None):
    topic = next(
        row
        for row in Topic.objects.exclude(scope="")
        if row.scope.split()[-1].strip(".").lower() not in row.label.lower()
    )
    page = doors.enter(kutaisi.GOVERNMENT)
    reference = kutaisi.part_of(Side.GOVERNMENT).reference
    page.goto(f"/surveys/{reference}/page/needs/")

    page.get_by_label("Type to shorten the list").first.fill(topic.scope)

    options = page.locator("select[data-topic-filter]").first.locator("option")
    values = options.evaluate_all("rows => rows.map((row) => row.value)")
    assert topic.code in values
    assert len(values) <= 3
