"""Circles: proposed with a round, asked by a coordinator, formed by three pairs."""

import pytest

from loci.core.states import WrongMove
from loci.notices.models import Notice
from matchmaking.choices import CircleState, DeclineReason, ReplyAnswer
from matchmaking.models import Circle, CircleMember, Reply
from matchmaking.services.circles import (
    CircleNotOpen,
    CircleNotYours,
    answer_circle,
    approve_circle,
    close_circle,
)
from matchmaking.services.rounds import run_round, start_round
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def four():
    """Four pairs with one need that nobody can help with."""
    wave = make.wave()
    places = [make.locality(name) for name in ("One", "Two", "Three", "Four")]
    people = {place: make.pair(place) for place in places}
    for place in places:
        make.statement(place, wave, text=f"{place} needs a portal")
    return {"wave": wave, "places": places, "people": people}


def run(wave, **more):
    round_ = start_round(wave=wave, by=make.coordinator(), **more)
    run_round(round_id=round_.pk, now=NOW)
    round_.refresh_from_db()
    return round_


@pytest.fixture
def asked(four):
    run(four["wave"])
    return approve_circle(circle=Circle.objects.get(), by=make.coordinator(), now=NOW)


def yes(circle, person, answer=ReplyAnswer.YES):
    return answer_circle(circle=circle, answer=answer, by=person, now=NOW)


def names(circle):
    return set(circle.members.values_list("locality__name", flat=True))


def test_a_round_proposes_a_circle_where_one_need_is_shared(four):
    run(four["wave"])

    circle = Circle.objects.get()
    assert (circle.state, names(circle)) == (
        CircleState.PROPOSED,
        {"One", "Two", "Three", "Four"},
    )
    assert not Notice.objects.filter(kind="circle").exists()


def test_a_newer_round_replaces_what_nobody_reviewed_but_not_what_was_asked(four):
    run(four["wave"])
    first = Circle.objects.get()

    run(four["wave"])
    second = Circle.objects.get()
    assert first.pk != second.pk

    approve_circle(circle=second, by=make.coordinator(), now=NOW)
    run(four["wave"])
    assert Circle.objects.get() == second


def test_two_that_asked_never_to_meet_do_not_sit_together(four):
    one, two = four["places"][:2]
    declined = make.approved(one, two, four["wave"], state="declined", approved_at=NOW)
    Reply.objects.create(
        suggestion=declined,
        locality=one,
        answer=ReplyAnswer.NOT_FOR_US,
        reason=DeclineReason.CONFLICT,
        by=four["people"][one][0],
        side="government",
        at=NOW,
    )
    run(four["wave"])

    assert not {"One", "Two"} <= names(Circle.objects.get())


def test_asking_writes_to_the_people_of_every_pair_once(four, asked):
    approve_circle(circle=asked, by=make.coordinator(), now=NOW)

    told = Notice.objects.filter(kind="circle").values_list("recipient", flat=True)
    people = {person.pk for both in four["people"].values() for person in both}
    assert (len(told), set(told)) == (8, people)


def test_three_yeses_form_it_and_only_those_who_agreed_are_told(four, asked):
    one, two, three, four_ = (four["people"][place][0] for place in four["places"])
    yes(asked, one)
    yes(asked, two)
    yes(asked, two)
    asked.refresh_from_db()
    assert asked.state == CircleState.APPROVED

    yes(asked, four_, ReplyAnswer.NOT_FOR_US)
    yes(asked, three)

    asked.refresh_from_db()
    told = Notice.objects.filter(kind="circle_formed")
    assert (asked.state, asked.formed_at, told.count()) == (CircleState.FORMED, NOW, 6)
    assert not told.filter(recipient=four_).exists()
    yes(asked, four_)
    assert told.filter(recipient=four_).count() == 1
    assert told.count() == 8


def test_addresses_are_shown_to_those_who_agreed_and_of_those_who_agreed(
    four, asked, signed_in
):
    one, two, three, four_ = (four["people"][place][0] for place in four["places"])
    for person in (one, two, three):
        yes(asked, person)
    address = f"/suggestions/circles/{asked.reference}/"

    inside = signed_in(one).get(address).content.decode()
    outside = signed_in(four_).get(address).content.decode()

    assert two.email in inside
    assert four_.email not in inside
    assert not [p for p in (one, two, three) if p.email in outside]


def test_a_pair_answers_on_the_page_and_a_stranger_finds_nothing(
    four, asked, signed_in
):
    place = four["places"][0]
    address = f"/suggestions/circles/{asked.reference}/"
    client = signed_in(four["people"][place][1])

    assert client.post(address, {"answer": "perhaps"}).status_code == 302
    assert CircleMember.objects.filter(answered_at__isnull=False).count() == 0
    assert client.post(address, {"answer": "yes"}).status_code == 302

    assert CircleMember.objects.get(circle=asked, locality=place).answer == "yes"
    stranger, _other = make.pair(make.locality())
    assert signed_in(stranger).get(address).status_code == 404
    with pytest.raises(CircleNotOpen):
        yes(asked, stranger)


def test_a_closed_circle_takes_no_answer_and_a_hub_elsewhere_cannot_touch_it(
    four, asked
):
    elsewhere = make.hub_coordinator("asia")
    with pytest.raises(CircleNotYours):
        close_circle(circle=asked, by=elsewhere)

    close_circle(circle=asked, by=make.coordinator())

    with pytest.raises(CircleNotOpen):
        yes(asked, four["people"][four["places"][0]][0])
    with pytest.raises(WrongMove):
        approve_circle(circle=asked, by=make.coordinator(), now=NOW)
