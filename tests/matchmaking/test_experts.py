"""Experts: their own word, and asked where no peer fits."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from localities.choices import OrganisationKind, Role
from loci.accounts.models import AuditEntry
from loci.notices.models import Notice
from matchmaking.models import Expertise
from matchmaking.queries.rounds import round_page
from matchmaking.services.experts import (
    NotAnExpert,
    NotToAsk,
    SaidAlready,
    ask_expert,
    offer_expertise,
    withdraw_expertise,
)
from matchmaking.services.rounds import run_round, start_round
from tests import make
from tests.make import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def expert():
    someone = make.person("Expert")
    partner = make.organisation(OrganisationKind.PARTNER)
    make.place(someone, partner, Role.EXPERT)
    return someone


@pytest.fixture
def unmet():
    """A round in which nobody offers what one locality needs."""
    wave = make.wave()
    need = make.statement(make.locality("Alone"), wave, text="Who knows portals?")
    round_ = start_round(wave=wave, by=make.coordinator())
    run_round(round_id=round_.pk, now=NOW)
    round_.refresh_from_db()
    return round_, need


def test_an_expert_says_withdraws_and_says_again(expert):
    first = offer_expertise(
        topic=make.topic(), words=" Two\x00 portals ", hours=4, by=expert
    )
    with pytest.raises(SaidAlready):
        offer_expertise(topic=make.topic(), words="More", hours=4, by=expert)

    withdraw_expertise(expertise=first, by=expert, now=NOW)
    withdraw_expertise(expertise=first, by=expert, now=timezone.now())
    offer_expertise(topic=make.topic(), words="More", hours=4, by=expert)

    first.refresh_from_db()
    assert (first.words, first.withdrawn_at) == ("Two portals", NOW)
    assert Expertise.objects.standing().count() == 1


def test_who_is_no_expert_says_nothing_and_takes_nothing_back(expert):
    other = make.person()
    with pytest.raises(NotAnExpert):
        offer_expertise(topic=make.topic(), words="Words", hours=1, by=other)
    with pytest.raises(NotAnExpert):
        withdraw_expertise(expertise=make.expertise(expert), by=other, now=NOW)


@pytest.mark.parametrize(
    "wrong", [{"words": ""}, {"hours_a_month": 0}, {"hours_a_month": 41}]
)
def test_the_database_keeps_out_what_cannot_be(expert, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.expertise(expert, **wrong)


def test_a_round_names_the_experts_for_what_nobody_offers(expert, unmet):
    round_, need = unmet
    same = make.expertise(expert)
    make.expertise(expert, topic=make.topic("policy.mandate", "policy"))

    asked = round_page(round_).unmet[0].needs[0]

    assert (asked.need, asked.experts) == (need, (same,))
    expert.memberships.update(until=TODAY)
    assert round_page(round_).unmet[0].needs[0].experts == ()


def test_the_expert_is_asked_once_with_the_need_and_without_addresses(
    expert, unmet, signed_in
):
    round_, need = unmet
    government, _other = make.pair(need.locality)
    said, coordinator = make.expertise(expert), make.coordinator()
    client = signed_in(coordinator)
    page = client.get(f"/admin/matchmaking/round/{round_.pk}/change/")
    address = f"/admin/matchmaking/expertise/{said.pk}/ask/{need.pk}/"
    assert address in page.content.decode()

    client.get(address)
    assert not Notice.objects.filter(kind="expert_asked").exists()
    client.post(address)
    client.post(address)

    notice = Notice.objects.get(kind="expert_asked")
    assert notice.recipient == expert
    assert notice.parameters["need"] == "Who knows portals?"
    assert coordinator.email in notice.parameters["coordinator"]
    assert government.email not in str(notice.parameters)
    assert AuditEntry.objects.filter(verb="asked an expert").exists()


def test_what_is_not_for_the_network_or_of_another_region_is_not_passed_on(
    expert, unmet
):
    _round, need = unmet
    said = make.expertise(expert)
    with pytest.raises(NotToAsk):
        ask_expert(expertise=said, need=need, by=make.hub_coordinator("cee"), now=NOW)
    need.visibility = "side"
    need.save()
    with pytest.raises(NotToAsk):
        ask_expert(expertise=said, need=need, by=make.coordinator(), now=NOW)
    expert.memberships.update(until=TODAY)
    with pytest.raises(NotAnExpert):
        ask_expert(expertise=said, need=need, by=make.coordinator(), now=NOW)


def test_the_page_of_an_expert(expert, signed_in):
    client = signed_in(expert)
    topic = make.topic()
    wrong = client.post(
        "/suggestions/expertise/", {"topic": topic.pk, "words": "", "hours": 99}
    )
    assert set(wrong.context["form"].errors) == {"words", "hours"}

    client.post(
        "/suggestions/expertise/", {"topic": topic.pk, "words": "Two", "hours": 4}
    )

    assert "4 hours a month" in client.get("/suggestions/expertise/").content.decode()
    assert "/suggestions/expertise/" in client.get("/home/").content.decode()
