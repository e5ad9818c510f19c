"""Answers entered for a side: with consent, in one's own regions, confirmed later."""

from dataclasses import replace
from datetime import timedelta

import pytest

from localities.choices import Side
from loci.notices.models import Notice
from surveys.choices import ConversationKind, PartState
from surveys.models import Conversation, Part, Statement
from surveys.services.answering import save_answer
from surveys.services.conversing import (
    NoConsent,
    NotTheirs,
    SideHasBegun,
    Talk,
    confirm_entered,
    enter_for_side,
)
from surveys.services.holding import NotYourSide
from surveys.services.sending import send_part
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
TALK = Talk(ConversationKind.CALL, NOW.date(), "Head of procurement", has_consent=True)


@pytest.fixture
def pair():
    place = make.locality("Makueni")
    government, civil_society = make.pair(place)
    return make.part(make.wave(), place, Side.GOVERNMENT), government, civil_society


def write(part, by, text="Said on the phone", version=0):
    return save_answer(
        part=part,
        question=make.question(part.wave, "needs"),
        blocks=[make.need_block(text)],
        version=version,
        by=by,
        now=NOW,
    )


def test_a_hub_enters_a_call_and_the_side_confirms_it(pair):
    part, government, civil_society = pair
    hub = make.hub_coordinator()
    enter_for_side(part=part, talk=TALK, by=hub, now=NOW)
    write(part, hub)

    send_part(part=part, by=hub, now=NOW)

    assert Statement.objects.get().by == hub
    assert list(
        Notice.objects.filter(kind="entered_for_you").values_list(
            "recipient", "reply_to"
        )
    ) == [(government.pk, hub.email)]
    with pytest.raises(NotYourSide):
        write(part, hub, "More", version=1)
    with pytest.raises(NotTheirs):
        confirm_entered(part=part, by=civil_society, now=NOW)
    confirm_entered(part=part, by=government, now=NOW)
    assert Conversation.objects.get().confirmed_by == government


def test_without_consent_outside_ones_regions_or_of_the_future_nothing_is_entered(pair):
    part, *_people = pair
    hub = make.hub_coordinator()

    for talk in (
        replace(TALK, has_consent=False),
        replace(TALK, spoke_with=" "),
        replace(TALK, held_on=TALK.held_on + timedelta(days=1)),
    ):
        with pytest.raises(NoConsent):
            enter_for_side(part=part, talk=talk, by=hub, now=NOW)
    with pytest.raises(NotTheirs):
        enter_for_side(part=part, talk=TALK, by=make.hub_coordinator("asia"), now=NOW)
    with pytest.raises(NotYourSide):
        write(part, hub)
    assert not Conversation.objects.exists()


def test_a_hub_does_not_read_what_a_side_has_begun_itself(pair):
    part, government, _civil_society = pair
    write(part, government)
    hub = make.hub_coordinator()

    with pytest.raises(SideHasBegun):
        enter_for_side(part=part, talk=TALK, by=hub, now=NOW)

    assert not Part.objects.visible_to(hub).exists()


def test_a_hub_reads_no_more_once_the_side_begins_itself(pair, signed_in):
    """Whoever came first: from the side's first own word on the part is its own."""
    part, government, _civil_society = pair
    hub, network = make.hub_coordinator(), make.coordinator()
    for coordinator in (hub, network):
        enter_for_side(part=part, talk=TALK, by=coordinator, now=NOW)
    write(part, hub)
    assert Part.objects.visible_to(hub).exists()
    page = f"/surveys/{part.reference}/"
    assert signed_in(hub).get(page).status_code == 200

    write(part, government, "CANARY of our own", version=1)

    assert signed_in(hub).get(page).status_code in {403, 404}
    assert not Part.objects.visible_to(hub).exists()
    with pytest.raises(NotYourSide):
        write(part, hub, "More", version=2)
    assert Part.objects.visible_to(network).exists()  # it reads what sides keep


def test_a_coordinator_whose_role_has_ended_writes_no_more(pair):
    part, *_people = pair
    hub = make.hub_coordinator()
    enter_for_side(part=part, talk=TALK, by=hub, now=NOW)
    hub.memberships.update(until=NOW.date() + timedelta(days=365))

    with pytest.raises(NotYourSide):
        write(part, hub)


def test_a_side_that_changes_and_sends_has_confirmed(pair):
    part, government, _civil_society = pair
    hub = make.hub_coordinator()
    enter_for_side(part=part, talk=TALK, by=hub, now=NOW)
    write(part, hub)
    send_part(part=part, by=hub, now=NOW)

    write(part, government, "In our own words", version=1)
    part.refresh_from_db()
    assert part.state == PartState.IN_PROGRESS
    send_part(part=part, by=government, now=NOW)

    assert Conversation.objects.get().confirmed_by == government
    assert Statement.objects.get().text == "In our own words"


def test_pages_ask_the_side_and_tell_the_coordinator(pair, signed_in):
    place = pair[0].locality
    wave = make.wave(
        opens_at=NOW.now(NOW.tzinfo) - timedelta(days=1),
        closes_at=NOW.now(NOW.tzinfo) + timedelta(days=9),
    )
    part = make.part(wave, place, Side.GOVERNMENT)
    hub = make.hub_coordinator()
    client = signed_in(hub)
    posted = {"kind": "call", "held_on": "2026-05-04", "spoke_with": "Head"}

    refused = client.post(f"/admin/surveys/part/{part.pk}/enter/", posted)
    entered = client.post(
        f"/admin/surveys/part/{part.pk}/enter/", {**posted, "has_consent": "on"}
    )
    start = client.get(entered["Location"])
    write_now = {"needs-0-text": "Said", "needs-0-topic": "it.portal"}
    client.post(f"/surveys/{part.reference}/page/needs/", write_now)
    client.post(f"/surveys/{part.reference}/send/")
    check = signed_in(pair[1]).get(f"/surveys/{part.reference}/check/")
    signed_in(pair[1]).post(f"/surveys/{part.reference}/confirm/")
    after = client.get(f"/surveys/{part.reference}/check/")

    assert "Enter answers only for somebody who has agreed" in refused.content.decode()
    assert "with the consent of Head" in start.content.decode()
    assert "Yes, this is what we say" in check.content.decode()
    assert Conversation.objects.get().confirmed_by == pair[1]
    assert after.status_code == 404
