"""Both sides of a pair write one part, each on a device of its own."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from surveys.choices import StatementSide
from surveys.models import Answer, AnswerVersion, Part
from tests import make
from tests.journeys import kutaisi
from tests.journeys.doors import Doors
from tests.journeys.steps import go_on, saved

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("journeys"),
]


@pytest.fixture
def joint(demo: None) -> Part:
    now = timezone.now()
    wave = make.wave(
        survey=make.survey(joint=True),
        title="Joint wave",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=9),
        is_demo=True,
    )
    return make.part(wave, kutaisi.place(), StatementSide.JOINT)


def together(page: Page):
    return page.get_by_role("textbox", name="What will you do together")


def enter_at_it(doors: Doors, part: Part, who: str, *, scripts: bool = True) -> Page:
    page = doors.enter(who, scripts=scripts)
    page.get_by_role("link", name=re.compile("Joint wave")).first.click()
    page.goto(f"/surveys/{part.reference}/page/joint/")
    return page


def test_what_one_side_saves_the_other_reads_adds_to_and_sends(
    joint: Part, doors: Doors
):
    government = enter_at_it(doors, joint, kutaisi.GOVERNMENT)
    together(government).fill("A round table in June")
    together(government).blur()
    expect(saved(government)).to_be_visible()

    civil_society = enter_at_it(doors, joint, kutaisi.CIVIL_SOCIETY)
    expect(together(civil_society)).to_have_value("A round table in June")
    together(civil_society).fill("A round table in June, with the press")
    go_on(civil_society)
    civil_society.get_by_role("button", name="Send the joint part").click()

    expect(civil_society.get_by_role("heading", name="Sent")).to_be_visible()
    joint.refresh_from_db()
    assert joint.is_sent
    assert Answer.objects.get(part=joint).value[0]["value"].endswith("the press")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_both_at_once_keep_both(joint: Part, doors: Doors, scripts: bool):  # noqa: FBT001
    government = enter_at_it(doors, joint, kutaisi.GOVERNMENT, scripts=scripts)
    civil_society = enter_at_it(doors, joint, kutaisi.CIVIL_SOCIETY, scripts=scripts)
    together(government).fill("From the town hall")
    go_on(government)
    expect(government).to_have_url(re.compile("/check/$"))
    together(civil_society).fill("From the street")
    go_on(civil_society)

    expect(civil_society.get_by_text("From the town hall")).to_be_visible()
    civil_society.get_by_role("button", name="Keep both").click()

    expect(together(civil_society)).to_have_value(
        "From the street\n\nFrom the town hall"
    )
    texts = {
        row.value[0]["value"]
        for row in AnswerVersion.objects.filter(answer__part=joint)
    }
    assert "From the town hall" in texts
    assert any("From the street" in text for text in texts)
