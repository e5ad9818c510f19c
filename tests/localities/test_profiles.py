"""Profiles: owned, dated, published by both; what changed; still true."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from localities.choices import Audience, FactKind, MilestoneKind, Phase, Side
from localities.models import Fact, FactVersion, Locality, Milestone, Seat
from localities.queries.profile import changes_between, profile_of
from localities.services.inviting import NotYours
from localities.services.profile import (
    ChangedMeanwhile,
    Said,
    SaysNothing,
    change_fact,
    change_phase,
    confirm_facts,
    note_milestone,
    remove_fact,
    say_fact,
)
from localities.services.publishing import (
    TooEarly,
    agree_to_publish,
    hide_profile,
    publish_by_coordinator,
)
from localities.services.still_true import ask_still_true
from loci.notices.models import Notice
from surveys.choices import StatementState
from surveys.services.settling import settle_statement
from tests import make
from tests.make import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    locality = make.locality(slug="own", is_listed=False)
    people = make.pair(locality)
    seats = {seat.side: seat for seat in Seat.objects.filter(locality=locality)}
    return {
        "locality": locality,
        "people": dict(zip(Side, people, strict=True)),
        "seats": seats,
    }


def say(pair, text="We publish", side=Side.GOVERNMENT, now=NOW, **facts):
    return say_fact(
        seat=pair["seats"][side],
        kind=facts.pop("kind", FactKind.OBJECTIVE),
        said=Said(text, **facts),
        by=pair["people"][side],
        now=now,
    )


def agree(pair, side, now=NOW):
    return agree_to_publish(seat=pair["seats"][side], by=pair["people"][side], now=now)


def texts(locality, reader):
    return set(
        Fact.objects.visible_to(reader)
        .filter(locality=locality)
        .values_list("text", flat=True)
    )


def test_each_reads_what_its_audience_allows(pair):
    for audience in Audience:
        say(pair, audience.value, visibility=audience)
    Locality.objects.update(is_listed=True)
    place = pair["locality"]
    everybody, network = {"public"}, {"public", "network"}

    assert texts(place, None) == everybody
    assert texts(place, make.person()) == everybody
    assert texts(place, make.pair(make.locality())[0]) == network
    assert texts(place, pair["people"][Side.CIVIL_SOCIETY]) == network | {"pair"}
    assert texts(place, make.hub_coordinator("africa")) == network | {"pair"}
    assert texts(place, make.hub_coordinator("asia")) == network
    for insider in (pair["people"][Side.GOVERNMENT], make.coordinator()):
        assert texts(place, insider) == network | {"pair", "side"}


def test_nobody_outside_reads_a_profile_before_it_is_published(pair, signed_in):
    say(pair, "Public words")
    stranger = make.pair(make.locality())[0]
    address = reverse("pages:locality", args=["own"])

    assert Client().get(address).status_code == 404
    assert signed_in(stranger).get(address).status_code == 404
    assert texts(pair["locality"], stranger) == set()
    for insider in (*pair["people"].values(), make.hub_coordinator("africa")):
        page = signed_in(insider).get(address)
        assert "Public words" in page.content.decode()
        assert "not published yet" in page.content.decode()


def test_both_sides_publish_and_the_first_is_told_to_the_second(pair):
    assert not agree(pair, Side.GOVERNMENT).is_listed
    agree(pair, Side.GOVERNMENT)
    told = Notice.objects.get(kind="profile_agree")
    published = agree(pair, Side.CIVIL_SOCIETY)

    assert told.recipient == pair["people"][Side.CIVIL_SOCIETY]
    assert published.is_listed
    assert published.published_at == NOW
    assert Milestone.objects.get().kind == MilestoneKind.JOINED
    assert Client().get(reverse("pages:locality", args=["own"])).status_code == 200


def test_other_words_ask_the_other_side_again(pair):
    agree(pair, Side.CIVIL_SOCIETY)

    say(pair, "New words of the government")

    assert not agree(pair, Side.GOVERNMENT).is_listed
    assert agree(pair, Side.CIVIL_SOCIETY).is_listed


def test_a_coordinator_decides_after_fourteen_days_and_not_before(pair):
    place, hub = pair["locality"], make.hub_coordinator("africa")

    with pytest.raises(TooEarly, match="Neither side"):
        publish_by_coordinator(locality=place, by=hub, now=NOW)
    agree(pair, Side.GOVERNMENT)
    with pytest.raises(TooEarly, match="18 May"):
        publish_by_coordinator(locality=place, by=hub, now=NOW + timedelta(days=13))
    later = NOW + timedelta(days=14)
    with pytest.raises(NotYours):
        publish_by_coordinator(
            locality=place, by=make.hub_coordinator("asia"), now=later
        )

    assert publish_by_coordinator(locality=place, by=hub, now=later).is_listed
    assert not hide_profile(locality=place, by=hub, now=later).is_listed
    assert not place.agreements.exists()


def test_a_side_changes_only_its_own_and_not_over_a_colleague(pair):
    fact, government = say(pair), pair["people"][Side.GOVERNMENT]
    other = pair["people"][Side.CIVIL_SOCIETY]
    with pytest.raises(NotYours):
        change_fact(fact=fact, said=Said("Mine"), version=1, by=other, now=NOW)
    with pytest.raises(NotYours):
        remove_fact(fact=fact, by=other, now=NOW)
    with pytest.raises(NotYours):
        say_fact(
            seat=pair["seats"][Side.GOVERNMENT],
            kind=FactKind.LEGAL,
            said=Said("Law"),
            by=other,
            now=NOW,
        )

    change_fact(fact=fact, said=Said("Second"), version=1, by=government, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        change_fact(fact=fact, said=Said("Third"), version=1, by=government, now=NOW)
    with pytest.raises(SaysNothing):
        change_fact(fact=fact, said=Said(" \x00 "), version=2, by=government, now=NOW)

    assert Fact.objects.get().text == "Second"
    assert FactVersion.objects.count() == 2


def test_pressed_twice_a_line_is_changed_once_and_off_once(pair, signed_in):
    fact, government = say(pair, "First"), pair["people"][Side.GOVERNMENT]
    client, address = signed_in(government), reverse("localities:fact", args=[fact.pk])
    off = reverse("localities:fact_remove", args=[fact.pk])
    typed = {"text": "Second ", "language": "en", "visibility": "public"}

    pages = [client.post(address, typed | {"version": "1"}) for _press in range(2)]
    pages += [client.post(off) for _press in range(2)]

    profile = reverse("localities:profile", args=[fact.locality.slug])
    assert [page.get("Location") for page in pages] == [profile] * 4
    versions = FactVersion.objects.order_by("version")
    assert list(versions.values_list("version", "is_removed")) == [
        (1, False),
        (2, False),
        (3, True),
    ]


def test_the_form_keeps_both_texts_when_a_colleague_was_faster(pair, signed_in):
    fact, government = say(pair, "First"), pair["people"][Side.GOVERNMENT]
    change_fact(fact=fact, said=Said("Theirs"), version=1, by=government, now=NOW)
    client, address = signed_in(government), reverse("localities:fact", args=[fact.pk])
    typed = {"text": "Mine", "language": "en", "visibility": "public", "version": "1"}

    page = client.post(address, typed).content.decode()
    assert "Theirs" in page
    assert "Mine</textarea>" in page
    assert 'name="version" value="2"' in page
    client.post(address, typed | {"version": "2"})

    assert Fact.objects.get().text == "Mine"


def test_what_changed_between_two_days(pair):
    government = pair["people"][Side.GOVERNMENT]
    kept = say(pair, "We publish tenders as PDF", now=NOW)
    gone = say(pair, "Old plan", now=NOW)
    later = NOW + timedelta(days=10)
    change_fact(
        fact=kept,
        said=Said("We publish tenders as OCDS"),
        version=1,
        by=government,
        now=later,
    )
    remove_fact(fact=gone, by=government, now=later)
    say(pair, "New law", now=later, kind=FactKind.LEGAL)
    Locality.objects.update(is_listed=True)

    def between(reader, since, until):
        place = Locality.objects.get(slug="own")
        return {
            (row.state, " ".join(piece.words for piece in row.pieces))
            for row in changes_between(place, reader, since, until)
        }

    changed = ("changed", "We publish tenders as PDF OCDS")
    end = TODAY + timedelta(days=20)
    assert between(None, TODAY, end) == {changed, ("new", "New law")}
    assert between(government, TODAY, end) == {
        changed,
        ("new", "New law"),
        ("gone", "Old plan"),
    }
    assert between(government, TODAY + timedelta(days=11), end) == set()


def test_history_shows_no_words_from_when_they_were_not_for_this_reader(pair):
    government = pair["people"][Side.GOVERNMENT]
    fact = say(pair, "Secret words", visibility=Audience.SIDE)
    change_fact(
        fact=fact,
        said=Said("Open words"),
        version=1,
        by=government,
        now=NOW + timedelta(days=1),
    )
    again = say(pair, "Once open")
    change_fact(
        fact=again,
        said=Said("Now ours", Audience.SIDE),
        version=1,
        by=government,
        now=NOW + timedelta(days=1),
    )
    Locality.objects.update(is_listed=True)
    place = Locality.objects.get(slug="own")

    shown = str(changes_between(place, None, date(2026, 1, 1), date(2026, 12, 1)))

    assert "Open" in shown
    assert "Secret" not in shown
    assert "Once" not in shown
    assert "ours" not in shown


def test_a_day_that_is_none_is_left_out_with_a_note(pair):
    Locality.objects.update(is_listed=True)
    address = reverse("pages:changes", args=["own"])

    for wrong in ("yesterday", "2026-02-30", "99999-01-01", "0001-01-01", "\x00"):
        page = Client().get(address, {"since": wrong})
        assert page.status_code == 200
        assert "was not understood" in page.content.decode()
    swapped = Client().get(address, {"since": "2026-05-01", "until": "2026-04-01"})
    assert "From April 1, 2026" in swapped.content.decode() or (
        "1 April 2026" in swapped.content.decode()
    )


def test_lines_grow_stale_after_half_a_year_and_one_click_renews_them(pair, signed_in):
    say(pair, "Old")
    government = pair["people"][Side.GOVERNMENT]
    today = TODAY + timedelta(days=200)
    Locality.objects.update(is_listed=True)
    place = Locality.objects.get(slug="own")
    assert profile_of(place, None, TODAY).government.groups[0][1][0].is_stale is False
    assert profile_of(place, None, today).government.groups[0][1][0].is_stale is True

    with time_machine.travel(NOW + timedelta(days=200)):
        client = signed_in(government)
        page = client.get("/pairs/own/profile/").content.decode()
        assert "All of it is still true" in page
        client.post("/pairs/own/still-true/", {"fact": "no number"})
        assert Fact.objects.get().checked_on == TODAY
        client.post("/pairs/own/still-true/")

    assert Fact.objects.get().checked_on == today
    assert FactVersion.objects.count() == 1


def test_a_side_is_asked_once_and_the_mails_link_is_used_by_its_button(pair):
    say(pair, "Old and open")
    say(pair, "Old and ours", visibility=Audience.SIDE)
    say(pair, "Theirs", side=Side.CIVIL_SOCIETY, now=NOW + timedelta(days=100))
    later = NOW + timedelta(days=190)

    assert ask_still_true(now=later) == 1
    assert ask_still_true(now=later + timedelta(days=1)) == 0
    asked = Notice.objects.get(kind="still_true")
    assert asked.recipient == pair["people"][Side.GOVERNMENT]
    assert asked.parameters["count"] == 2

    Locality.objects.update(is_listed=True)
    path = asked.path
    shown = Client().get(path).content.decode()
    assert "Old and open" in shown
    assert "Old and ours" not in shown
    assert Fact.objects.filter(checked_on=TODAY).count() == 2
    Client().post(path)

    assert not Fact.objects.stale(timezone.localdate()).exists()
    assert Client().get(path + "x/").status_code in {404, 410}


def test_a_link_of_somebody_who_left_confirms_nothing(pair):
    say(pair)
    ask_still_true(now=NOW + timedelta(days=190))
    path = Notice.objects.get(kind="still_true").path
    government = pair["people"][Side.GOVERNMENT]

    government.memberships.update(until=TODAY)

    over = Client().post(path)
    assert over.status_code == 410
    assert "This link is over" in over.content.decode()
    assert Fact.objects.get().checked_on == TODAY
    facts = Fact.objects.all()
    assert confirm_facts(facts=facts, by=government, on=TODAY) == 0


def test_a_phase_and_an_event_come_on_the_timeline(pair, signed_in):
    government = pair["people"][Side.GOVERNMENT]
    change_phase(locality=pair["locality"], phase=Phase.USE, by=government, on=TODAY)
    change_phase(locality=pair["locality"], phase=Phase.USE, by=government, on=TODAY)
    note_milestone(
        seat=pair["seats"][Side.GOVERNMENT],
        kind=MilestoneKind.CHANGE_MADE,
        text="A <b>portal</b>\nfor all",
        on=TODAY,
        by=government,
    )
    for by, kind in (
        (pair["people"][Side.CIVIL_SOCIETY], MilestoneKind.CHANGE_MADE),
        (government, MilestoneKind.NEED_MET),
    ):
        with pytest.raises(NotYours):
            note_milestone(
                seat=pair["seats"][Side.GOVERNMENT],
                kind=kind,
                text="x",
                on=TODAY,
                by=by,
            )
    with pytest.raises(NotYours):
        change_phase(
            locality=pair["locality"],
            phase=Phase.MAP,
            by=make.pair(make.locality())[0],
            on=TODAY,
        )

    page = signed_in(government).get("/localities/own/").content.decode()
    assert Milestone.objects.count() == 2
    assert "Moved on to the phase “Use and improve”" in page
    assert "A &lt;b&gt;portal&lt;/b&gt; for all" in page


def test_a_met_need_is_grouped_and_comes_on_the_timeline_for_its_readers(pair):
    Locality.objects.update(is_listed=True)
    government = pair["people"][Side.GOVERNMENT]
    wave = make.wave()
    place = pair["locality"]
    rows = {
        name: make.statement(place, wave, text=f"{name} words", visibility=seen)
        for name, seen in (
            ("Met", "public"),
            ("Network", "network"),
            ("Side", "side"),
            ("Back", "public"),
        )
    }
    for name in ("Met", "Network", "Side"):
        settle_statement(
            statement=rows[name], to=StatementState.MET, by=government, now=NOW
        )
    settle_statement(
        statement=rows["Back"], to=StatementState.WITHDRAWN, by=government, now=NOW
    )

    visitor = Client().get("/localities/own/").content.decode()
    assert "Met words" in visitor
    assert "Back words" not in visitor
    assert Milestone.objects.visible_to(None).count() == 1
    assert Milestone.objects.visible_to(make.pair(make.locality())[0]).count() == 2
    assert Milestone.objects.count() == 2


def test_only_the_side_that_said_it_settles_it(pair, signed_in):
    need = make.statement(pair["locality"], make.wave(), visibility="pair")
    other = signed_in(pair["people"][Side.CIVIL_SOCIETY])

    answer = other.post(reverse("pages:settle", args=[need.pk, "met"]))
    need.refresh_from_db()
    assert (answer.status_code, need.state) == (302, StatementState.OPEN)
    own = signed_in(pair["people"][Side.GOVERNMENT])
    assert own.post(reverse("pages:settle", args=[need.pk, "eaten"])).status_code == 404
    own.post(reverse("pages:settle", args=[need.pk, "met"]))

    need.refresh_from_db()
    assert need.state == StatementState.MET


def test_html_in_a_line_stays_text(pair, signed_in):
    payload = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    client = signed_in(pair["people"][Side.GOVERNMENT])

    client.post(
        "/pairs/own/profile/objective/",
        {
            "text": payload,
            "sources": f"javascript:alert(1)\n{payload}",
            "language": "en",
            "visibility": "public",
        },
    )

    page = client.get("/localities/own/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript:' not in page
    assert "&lt;script&gt;" in page
    assert client.get("/pairs/own/profile/known/").status_code == 404
