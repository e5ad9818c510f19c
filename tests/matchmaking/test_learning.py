"""What replies teach: read from real answers, shown, and adopted only by a coordinator."""

import io

import pytest
from django.core.management import call_command

from matchmaking.choices import DeclineReason, Ending, Outcome, ReplyAnswer
from matchmaking.engine.fit import PLAIN_BARS
from matchmaking.engine.statements import DEFAULT_WEIGHTS
from matchmaking.models import CheckIn, Reply, WeightTable
from matchmaking.services.learning import answered, bars_from_answers, lessons
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave():
    return make.wave()


def suggested(wave, phase=1.0, **facts):
    """A suggestion of a computed round with the phase fitting as well as that."""
    shares = {name: weight / 2 for name, weight in DEFAULT_WEIGHTS.items()}
    shares["phase"] = DEFAULT_WEIGHTS["phase"] * phase
    given = {"factors": shares, "approved_at": NOW} | facts
    return make.suggestion(make.locality(), make.locality(), wave, **given)


def welcome(wave, phase=1.0, **facts):
    return suggested(wave, phase, state="introduced", introduced_at=NOW, **facts)


def declined(wave, reason, phase=0.0):
    row = suggested(wave, phase, state="declined")
    Reply.objects.create(
        suggestion=row,
        locality=row.seeker,
        answer=ReplyAnswer.NOT_FOR_US,
        reason=reason,
        by=make.person(),
        side="government",
        at=NOW,
    )
    return row


def test_only_answers_about_the_fit_teach(wave):
    suggested(wave, state="approved", expires_at=NOW)
    suggested(wave, state="expired")
    declined(wave, DeclineReason.NO_TIME)
    declined(wave, DeclineReason.SOLVED)
    declined(wave, DeclineReason.TOPIC)
    useful = welcome(wave, outcome=Outcome.USEFUL)
    failed = welcome(wave)
    CheckIn.objects.create(
        suggestion=failed,
        locality=failed.seeker,
        occasion="any_time",
        ending=Ending.NOT_USEFUL,
        answered_at=NOW,
    )

    found = {row.when: (row.is_good, row.counts) for row in answered()}

    assert len(found) == 3
    assert found[useful.round_id] == (True, 2.0)
    assert found[failed.round_id] == (False, 1.0)


def test_factors_are_read_back_from_what_they_added(wave):
    welcome(wave, phase=0.25)

    values = dict(zip(DEFAULT_WEIGHTS, answered()[0].values, strict=True))

    assert values["phase"] == pytest.approx(0.25)
    assert values["topic"] == pytest.approx(0.5)


@pytest.fixture
def history(wave):
    for number in range(20):
        welcome(wave, phase=0.705 + number / 100)
        declined(wave, DeclineReason.PLACE, phase=0.005 + number / 100)


@pytest.mark.usefixtures("history")
def test_the_page_says_what_and_why_and_changes_nothing(signed_in):
    client = signed_in(make.coordinator())

    html = client.get("/admin/matchmaking/weighttable/learn/").content.decode()

    assert "40 answers speak of the fit, 20 of them welcome." in html
    assert "counts more: 0.80 where welcome, 0.10 where declined" in html
    assert "gives way: as high where welcome as where declined" in html
    assert WeightTable.objects.count() == 0


@pytest.mark.usefixtures("history")
def test_a_coordinator_adopts_what_was_learned_with_a_reason(signed_in):
    client = signed_in(make.coordinator())
    address = "/admin/matchmaking/weighttable/adopt/"
    form = client.get(f"{address}?learned=1").context["form"]
    learned = {name: field.initial for name, field in form.fields.items()}
    learned.pop("why")

    assert learned["phase"] > DEFAULT_WEIGHTS["phase"]
    client.post(address, {**learned, "why": "Forty answers"})

    table = WeightTable.objects.get()
    assert (table.why, table.weights) == ("Forty answers", learned)


@pytest.mark.usefixtures("history")
def test_the_words_of_confidence_follow_the_answers():
    assert bars_from_answers(dict(DEFAULT_WEIGHTS)) != PLAIN_BARS


def test_without_answers_the_plain_bars_and_no_weights(wave):
    declined(wave, DeclineReason.TOPIC)

    assert lessons().learned is None
    assert bars_from_answers(dict(DEFAULT_WEIGHTS)) == PLAIN_BARS
    said = io.StringIO()
    call_command("evaluate_matching", stdout=said)
    assert "1 answers speak of the fit" in said.getvalue()


@pytest.mark.usefixtures("history")
def test_the_command_prints_every_factor():
    said = io.StringIO()
    call_command("evaluate_matching", stdout=said)

    assert len([line for line in said.getvalue().splitlines() if "->" in line]) == 13
