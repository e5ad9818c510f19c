"""Lines of public sources: kept by coordinators, doubted or taken over by sides."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from localities.choices import FactKind, Side
from localities.models import Fact, FactDoubt, FactVersion, Seat
from localities.services.inviting import NotYours
from localities.services.profile import ChangedMeanwhile, SaysNothing
from localities.services.public_sources import (
    DoubtedAlready,
    NoSource,
    add_from_sources,
    correct_from_sources,
    doubt,
    drop_from_sources,
    let_stand,
    take_from_sources,
    take_over,
)
from loci.cockpit.lines import lines_for
from tests import make
from tests.make import NOW, TODAY

pytestmark = pytest.mark.django_db

SOURCE = "https://portal.example/"


@pytest.fixture
def pair():
    place = make.locality("Kutaisi", slug="kutaisi")
    government, civil_society = make.pair(place)
    line = take_from_sources(
        locality=place, text="A portal since 2019", sources=[SOURCE], by=None, now=NOW
    )
    return {
        "place": place,
        "line": line,
        "government": government,
        "civil society": civil_society,
        "seat": Seat.objects.get(locality=place, side=Side.GOVERNMENT),
        "other seat": Seat.objects.get(locality=place, side=Side.CIVIL_SOCIETY),
        "hub": make.hub_coordinator("africa"),
    }


def correct(pair, by, text="A portal since 2020", **facts):
    given = {
        "sources": [SOURCE],
        "checked_on": TODAY,
        "version": pair["line"].version,
        "now": NOW,
    }
    return correct_from_sources(fact=pair["line"], text=text, by=by, **(given | facts))


def test_a_coordinator_corrects_a_line_and_the_words_before_stay(pair):
    changed = correct(pair, pair["hub"], checked_on=TODAY - timedelta(days=3))

    assert (changed.text, changed.checked_on) == (
        "A portal since 2020",
        TODAY - timedelta(days=3),
    )
    assert list(FactVersion.objects.order_by("version").values_list("text", flat=True))[
        :2
    ] == ["A portal since 2019", "A portal since 2020"]


def test_neither_sides_nor_other_hubs_keep_them(pair):
    own = Fact.objects.create(
        locality=pair["place"], side="government", text="Ours", checked_on=TODAY
    )

    for person in (pair["government"], make.hub_coordinator("asia"), make.person()):
        with pytest.raises(NotYours):
            correct(pair, person)
        with pytest.raises(NotYours):
            drop_from_sources(fact=pair["line"], by=person, now=NOW)
        with pytest.raises(NotYours):
            add_from_sources(
                locality=pair["place"], text="x", sources=[SOURCE], by=person, now=NOW
            )
    with pytest.raises(NotYours):  # what a side says is the side's
        drop_from_sources(fact=own, by=make.coordinator(), now=NOW)


def test_without_a_source_or_over_a_colleague_nothing_is_written(pair):
    with pytest.raises(NoSource):
        correct(pair, pair["hub"], sources=[" "])
    with pytest.raises(SaysNothing):
        correct(pair, pair["hub"], text=" ")
    with pytest.raises(ChangedMeanwhile):
        correct(pair, pair["hub"], version=7)

    assert Fact.objects.get().text == "A portal since 2019"


def test_a_day_to_come_is_today(pair):
    changed = correct(pair, pair["hub"], checked_on=TODAY + timedelta(days=99))

    assert changed.checked_on == TODAY


def test_a_side_says_it_is_wrong_once_and_the_coordinator_answers(pair, signed_in):
    client = signed_in(pair["government"])
    address = reverse("localities:public_line", args=[pair["line"].pk])

    client.post(address, {"words": "It was 2020."})
    again = client.post(address, {"words": "Again"}).content.decode()
    page = client.get("/localities/kutaisi/").content.decode()
    lines = {row.sentence for row in lines_for(pair["hub"], whole_network=False)[0]}
    correct(pair, pair["hub"])

    assert "The coordinators have it" in again
    assert "A side says that this is wrong" in page
    assert "It was 2020." not in page  # words are for coordinators
    assert "line of public sources is said to be wrong" in lines
    row = FactDoubt.objects.get()
    assert (row.outcome, row.settled_by) == ("The line was changed.", pair["hub"])
    assert "The line was changed." in client.get(address).content.decode()


def test_the_other_side_does_not_read_what_was_doubted(pair, signed_in):
    doubt(fact=pair["line"], seat=pair["seat"], words="CANARY", by=pair["government"])

    for page in (
        reverse("localities:public_line", args=[pair["line"].pk]),
        "/pairs/kutaisi/profile/",
        "/localities/kutaisi/",
    ):
        assert (
            "CANARY" not in signed_in(pair["civil society"]).get(page).content.decode()
        )


def test_doubts_are_of_ones_own_place_and_say_something(pair):
    stranger, _other = make.pair(elsewhere := make.locality())
    seat = Seat.objects.get(locality=elsewhere, side=Side.GOVERNMENT)

    with pytest.raises(NotYours):
        doubt(fact=pair["line"], seat=seat, words="Wrong", by=stranger)
    with pytest.raises(NotYours):
        doubt(fact=pair["line"], seat=pair["seat"], words="Wrong", by=stranger)
    with pytest.raises(SaysNothing):
        doubt(fact=pair["line"], seat=pair["seat"], words=" ", by=pair["government"])
    doubt(fact=pair["line"], seat=pair["seat"], words="Wrong", by=pair["government"])
    with pytest.raises(DoubtedAlready):
        doubt(
            fact=pair["line"], seat=pair["seat"], words="Wrong", by=pair["government"]
        )
    for facts in ({"words": ""}, {"side": "third"}, {"settled_at": NOW}):
        given = {"fact": pair["line"], "side": "civil_society", "words": "Words"}
        with pytest.raises(IntegrityError), transaction.atomic():
            FactDoubt.objects.create(**(given | facts))


def test_a_line_that_stands_is_answered_with_why(pair):
    doubt(fact=pair["line"], seat=pair["seat"], words="Wrong", by=pair["government"])

    with pytest.raises(SaysNothing):
        let_stand(fact=pair["line"], why=" ", by=pair["hub"], now=NOW)
    count = let_stand(
        fact=pair["line"], why="The gazette says 2019.", by=pair["hub"], now=NOW
    )

    assert count == 1
    assert FactDoubt.objects.get().outcome == "The gazette says 2019."
    assert Fact.objects.get().version == 1


def test_a_side_takes_a_line_over_with_its_sources(pair, signed_in):
    client = signed_in(pair["government"])

    client.post(
        reverse("localities:public_line", args=[pair["line"].pk]), {"kind": "systems"}
    )

    [own] = Fact.objects.standing()
    assert (own.side, own.kind, own.text, own.sources) == (
        "government",
        FactKind.SYSTEMS,
        "A portal since 2019",
        [SOURCE],
    )
    assert not Fact.objects.get(pk=pair["line"].pk).versions.filter(
        is_removed=False, version__gt=1
    )
    with pytest.raises(NotYours):  # it is gone for the other side
        take_over(
            fact=pair["line"],
            seat=pair["other seat"],
            kind=FactKind.CONTEXT,
            by=pair["civil society"],
            now=NOW,
        )


def test_a_line_is_not_taken_over_as_one_of_public_sources(pair):
    with pytest.raises(NotYours):
        take_over(
            fact=pair["line"],
            seat=pair["seat"],
            kind=FactKind.KNOWN,
            by=pair["government"],
            now=NOW,
        )


def test_the_coordinators_pages_add_change_and_answer(pair, signed_in):
    client = signed_in(pair["hub"])
    doubt(fact=pair["line"], seat=pair["seat"], words="Wrong", by=pair["government"])
    change = reverse("admin:localities_fact_change", args=[pair["line"].pk])
    typed = {
        "text": "A portal since 2019",
        "sources": SOURCE,
        "checked_on": str(pair["line"].checked_on),
        "answer": "The gazette says so.",
        "version": "1",
        **{
            f"{rows}-{name}_FORMS": "0"
            for rows in ("doubts", "versions")
            for name in ("TOTAL", "INITIAL")
        },
    }

    client.post(change, typed)
    outcome = FactDoubt.objects.get().outcome
    client.post(change, typed | {"text": "A portal since 2020", "answer": ""})
    stale = client.post(change, typed | {"text": "Over it"}).content.decode()
    client.post(
        reverse("admin:localities_fact_add"),
        typed | {"locality": pair["place"].pk, "text": "A second line"},
    )
    elsewhere = client.post(
        reverse("admin:localities_fact_add"),
        typed | {"locality": make.locality(region_code="asia").pk},
    )

    assert outcome == "The gazette says so."
    assert "Somebody changed this line meanwhile" in stale
    assert elsewhere.status_code == 200
    assert set(Fact.objects.values_list("text", flat=True)) == {
        "A portal since 2020",
        "A second line",
    }


def test_what_sides_say_is_not_in_the_coordinators_list(pair, signed_in):
    Fact.objects.create(
        locality=pair["place"], side="government", text="CANARY", checked_on=TODAY
    )

    page = signed_in(make.coordinator()).get(
        reverse("admin:localities_fact_changelist")
    )

    assert "CANARY" not in page.content.decode()
    assert "A portal since 2019" in page.content.decode()
