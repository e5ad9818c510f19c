"""What introductions came to: exact for coordinators, without small numbers for others."""

import pytest

from matchmaking.choices import Ending, Outcome
from matchmaking.models import CheckIn
from matchmaking.queries.outcomes import figures_to_pass_on, outcomes_for
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


def introduced(wave, outcome, region="africa"):
    one, other = make.locality(region_code=region), make.locality(region_code=region)
    return make.suggestion(
        one, other, wave, state="introduced", introduced_at=NOW, outcome=outcome
    )


@pytest.fixture
def three():
    wave = make.wave()
    applied = introduced(wave, Outcome.APPLIED)
    CheckIn.objects.create(
        suggestion=applied,
        locality=applied.seeker,
        occasion="three_months",
        outcome=Outcome.APPLIED,
        evidence="The tender template is in use",
        answered_at=NOW,
    )
    useful = introduced(wave, Outcome.USEFUL, "asia")
    ended = introduced(wave, Outcome.ACCEPTED, "asia")
    CheckIn.objects.create(
        suggestion=ended,
        locality=ended.seeker,
        occasion="two_weeks",
        ending=Ending.NO_REPLY,
        answered_at=NOW,
    )
    CheckIn.objects.create(
        suggestion=useful, locality=useful.helper, occasion="two_weeks"
    )


@pytest.mark.usefixtures("three")
def test_a_coordinator_sees_every_step_every_end_and_the_evidence():
    found = outcomes_for(make.coordinator())

    steps = {step.label: (step.introductions, step.localities) for step in found.steps}
    assert (steps["Accepted"], steps["Useful"], steps["Applied"]) == (
        (3, 6),
        (2, 4),
        (1, 2),
    )
    assert dict(found.endings)["They did not reply"] == 1
    assert found.regions == (("Africa", 1, 1, 1), ("Asia", 2, 1, 0))
    assert [said.evidence for said in found.evidence] == [
        "The tender template is in use"
    ]
    assert found.unanswered == 1


@pytest.mark.usefixtures("three")
def test_a_hub_counts_its_own_regions_only():
    found = outcomes_for(make.hub_coordinator("asia"))

    assert found.steps[0].introductions == 2
    assert [name for name, *_counts in found.regions] == ["Asia"]
    assert found.evidence == ()


@pytest.mark.usefixtures("three")
def test_what_is_passed_on_tells_nothing_of_fewer_than_three(signed_in):
    rows = {
        row[0]: row[1:] for row in figures_to_pass_on(outcomes_for(make.coordinator()))
    }

    assert rows["Useful"] == ("2", "4")
    assert rows["Applied"] == ("fewer than 3 localities",) * 2
    assert rows["Passed on"] == rows["Applied"]

    page = signed_in(make.coordinator()).get(
        "/admin/matchmaking/suggestion/outcomes.csv"
    )
    assert page["Content-Type"].startswith("text/csv")
    assert "Applied,fewer than 3 localities" in page.content.decode()
    assert "template" not in page.content.decode()
