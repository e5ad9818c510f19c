from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from loci.notices.models import Notice
from matchmaking.choices import Ending, Outcome, SuggestionState
from matchmaking.models import CheckIn, Suggestion
from matchmaking.services.checking_in import (
    EvidenceNeeded,
    Told,
    ask_how_it_went,
    tell_how_it_went,
)
from matchmaking.services.introducing import NotIntroduced
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    seeker, helper = make.locality("Seeker"), make.locality("Helper")
    return {
        "seeker": make.pair(seeker),
        "helper": make.pair(helper),
        "suggestion": make.approved(
            seeker,
            helper,
            make.wave(),
            state=SuggestionState.INTRODUCED,
            introduced_at=NOW,
            outcome=Outcome.ACCEPTED,
        ),
    }


def tell(two, who, told):
    return tell_how_it_went(
        suggestion=two["suggestion"],
        told=told,
        by=two[who][0],
        now=NOW + timedelta(days=15),
    )


@pytest.mark.parametrize(
    ("days", "asked"),
    [
        (13, set()),
        (14, {"two_weeks"}),
        (91, {"three_months"}),
        (300, {"nine_months"}),  # beat was away: one asking, not three
    ],
)
def test_both_pairs_are_asked_once_for_the_latest_occasion(two, days, asked):
    now = NOW + timedelta(days=days)

    ask_how_it_went(now=now)
    ask_how_it_went(now=now)

    assert set(CheckIn.objects.values_list("occasion", flat=True)) == asked
    assert Notice.objects.filter(kind="check_in").count() == 4 * len(asked)


def test_who_has_said_that_it_ended_is_not_asked_again(two):
    ask_how_it_went(now=NOW + timedelta(days=14))
    tell(two, "seeker", Told(ending=Ending.NO_REPLY))

    ask_how_it_went(now=NOW + timedelta(days=91))

    later = CheckIn.objects.filter(occasion="three_months")
    assert [row.locality.name for row in later] == ["Helper"]


def test_the_introduction_moves_up_the_ladder_and_never_down(two):
    tell(two, "seeker", Told(Outcome.USEFUL))
    tell(two, "helper", Told(Outcome.FIRST_CONTACT))

    assert Suggestion.objects.get().outcome == Outcome.USEFUL


def test_applied_needs_a_sentence_that_shows_it(two):
    with pytest.raises(EvidenceNeeded):
        tell(two, "seeker", Told(Outcome.APPLIED))

    tell(two, "seeker", Told(Outcome.APPLIED, evidence="The council voted it"))

    assert Suggestion.objects.get().outcome == Outcome.APPLIED
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.objects.update(evidence="")


def test_strangers_and_the_not_introduced_cannot_tell(two):
    stranger = make.pair(make.locality())[0]
    open_one = make.approved(make.locality(), make.locality(), make.wave())

    for suggestion, person in (
        (two["suggestion"], stranger),
        (open_one, two["seeker"][0]),
    ):
        with pytest.raises(NotIntroduced):
            tell_how_it_went(
                suggestion=suggestion, told=Told(Outcome.USEFUL), by=person, now=NOW
            )

    assert not CheckIn.objects.exists()


def test_the_page_in_the_mail_changes_nothing_until_it_is_sent(two, signed_in):
    client = signed_in(two["seeker"][0])
    url = reverse("matchmaking:check_in", args=[two["suggestion"].reference])

    client.get(url)
    seen = CheckIn.objects.count()
    refused = client.post(url, {"said": "6", "evidence": ""})
    client.post(url, {"said": "3", "evidence": ""})

    assert seen == 0
    assert "Say in one sentence what shows it." in refused.content.decode()
    assert CheckIn.objects.get().outcome == Outcome.USEFUL
