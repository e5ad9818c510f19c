"""What a person saves of the directory: theirs alone, and answered once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from localities.models import Membership, SavedPlace, SavedSearch
from localities.services.keeping import leave_place, save_place
from loci.accounts.models import AuditEntry
from loci.notices.choices import NoticeKind
from loci.notices.models import Notice
from loci.notices.services.delivery import deliver_due
from loci.notices.services.stopping import stop
from loci.pages.queries.filters import Filters, labels
from loci.pages.queries.saved import saved_by
from loci.pages.services.own_data import erase, own_data
from loci.pages.services.saved_searches import (
    WAITING_AT_MOST,
    AsksNothing,
    FitsAlready,
    TooManySearches,
    ask_to_be_told,
    stop_telling,
    tell_what_fits,
)
from surveys.choices import StatementKind
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=2)
HELP = Filters(chosen={"does": "can_help", "topic": "it.portal"})


@pytest.fixture
def pair():
    own = make.locality(slug="own")
    government, civil_society = make.pair(own)
    return {"own": own, "government": government, "other side": civil_society}


def ask(person, filters=HELP):
    make.topic()
    return ask_to_be_told(filters=filters, by=person, now=NOW)


def offer(**facts):
    place = make.locality("Kutaisi", slug=facts.pop("slug", "kutaisi"))
    made = make.statement(
        place, make.wave(), StatementKind.OFFER, experience="done", **facts
    )
    return place, made


def test_a_saved_locality_is_on_ones_own_list_alone(pair, signed_in):
    other = make.locality("Makueni", slug="makueni")
    mine, theirs = signed_in(pair["government"]), signed_in(pair["other side"])

    mine.post("/localities/makueni/save/")
    mine.post("/localities/makueni/save/")  # pressed twice

    assert [row.locality for row in saved_by(pair["government"], labels()).rows] == [
        other
    ]
    assert "Makueni" in mine.get("/saved/").content.decode()
    assert "take off my list" in mine.get("/localities/").content.decode()
    assert "Makueni" not in theirs.get("/saved/").content.decode()
    assert "take off my list" not in theirs.get("/localities/").content.decode()
    assert not AuditEntry.objects.filter(about__contains="saved").exists()


def test_one_leaves_what_one_saved_and_nobody_elses(pair, signed_in):
    place = make.locality("Makueni", slug="makueni")
    for person in (pair["government"], pair["other side"]):
        save_place(locality=place, by=person)

    signed_in(pair["government"]).post("/localities/makueni/unsave/")
    leave_place(locality=place, by=pair["government"])  # nothing is there any more

    assert [row.person for row in SavedPlace.objects.all()] == [pair["other side"]]


def test_the_database_keeps_one_row_for_a_person_and_a_place(pair):
    place = make.locality()
    save_place(locality=place, by=pair["government"])

    with pytest.raises(IntegrityError), transaction.atomic():
        SavedPlace.objects.create(person=pair["government"], locality=place)


def test_what_is_not_published_is_neither_saved_nor_shown(pair, signed_in):
    hidden = make.locality("Hidden", slug="hidden", is_listed=False)
    client = signed_in(pair["government"])

    refused = client.post("/localities/hidden/save/")
    save_place(locality=hidden, by=pair["government"])  # it was published then

    assert refused.status_code == 404
    assert "Hidden" not in client.get("/saved/").content.decode()


def test_a_visitor_has_no_list_and_no_buttons(client):
    make.locality("Makueni", slug="makueni")

    page = client.get("/localities/").content.decode()

    assert client.post("/localities/makueni/save/").status_code == 302
    assert not SavedPlace.objects.exists()
    assert "Ask for an introduction" not in page
    assert 'id="keep"' not in page


def test_who_waits_is_told_once_and_by_mail(pair):
    ask(pair["government"])
    before = tell_what_fits(now=LATER)
    offer()

    first = tell_what_fits(now=LATER + timedelta(hours=2))
    again = tell_what_fits(now=LATER + timedelta(hours=4))
    deliver_due(now=LATER + timedelta(hours=5))

    assert (before, first, again) == (0, 1, 0)
    [sent] = mail.outbox
    assert sent.to == [pair["government"].email]
    assert "can help" in sent.body
    assert "/localities/?does=can_help&topic=it.portal" in sent.body
    assert "List-Unsubscribe" in sent.extra_headers


def test_what_one_may_not_read_is_not_told_of(pair):
    ask(pair["government"])
    offer(visibility="coordinators")
    offer(slug="withdrawn", state="withdrawn")

    assert tell_what_fits(now=LATER) == 0


def test_rights_that_ended_count_when_it_is_looked(pair):
    """What is for the network is told to members of today."""
    ask(pair["government"])
    Membership.objects.filter(person=pair["government"]).update(until=make.TODAY)
    offer(visibility="network")

    assert tell_what_fits(now=LATER) == 0


def test_ones_own_offer_answers_no_question_of_ones_own(pair):
    ask(pair["government"])
    make.statement(pair["own"], make.wave(), StatementKind.OFFER)

    assert tell_what_fits(now=LATER) == 0


def test_it_is_looked_once_an_hour(pair):
    ask(pair["government"])
    offer()

    assert tell_what_fits(now=NOW + timedelta(minutes=30)) == 0
    assert tell_what_fits(now=NOW + timedelta(minutes=61)) == 1


def test_the_same_question_twice_waits_once(pair):
    first, again = ask(pair["government"]), ask(pair["government"])

    assert first == again
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedSearch.objects.create(
            person=pair["government"], asked=first.asked, looked_at=NOW
        )


def test_a_question_that_asks_nothing_or_is_answered_is_not_kept(pair):
    offer()

    with pytest.raises(AsksNothing):
        ask(pair["government"], Filters())
    with pytest.raises(FitsAlready):
        ask(pair["government"])
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedSearch.objects.create(person=pair["government"], asked={}, looked_at=NOW)


def test_a_person_waits_for_so_many_things(pair):
    for number in range(WAITING_AT_MOST):
        ask(pair["government"], Filters(words=f"word{number}"))

    with pytest.raises(TooManySearches):
        ask(pair["government"], Filters(words="one more"))


def test_the_empty_list_offers_to_tell_and_the_list_stops_it(pair, signed_in):
    make.topic()
    client = signed_in(pair["government"])
    address = "/localities/?does=can_help&topic=it.portal"

    offered = client.get(address).content.decode()
    client.post("/saved/tell-me/", {"does": "can_help", "topic": "it.portal"})
    waiting = client.get(address).content.decode()
    search = SavedSearch.objects.get()
    signed_in(pair["other side"]).post(f"/saved/{search.pk}/stop/")  # not theirs

    assert "Tell me when someone offers it" in offered
    assert "Tell me when someone offers it" not in waiting
    assert "We will write to you once" in waiting
    assert SavedSearch.objects.filter(pk=search.pk).exists()
    client.post(f"/saved/{search.pk}/stop/")
    assert not SavedSearch.objects.exists()


def test_odd_filters_are_left_out_and_nothing_breaks(pair, signed_in):
    client = signed_in(pair["government"])

    nothing = client.post("/saved/tell-me/", {"topic": "<script>", "page": "-1"})
    long = client.post("/saved/tell-me/", {"q": "\x00ქუთაისი" * 50})
    missing = client.post("/saved/99999999999/stop/")

    assert (nothing.status_code, long.status_code, missing.status_code) == (302,) * 3
    assert client.get("/saved/").status_code == 200
    assert len(SavedSearch.objects.get().asked["q"]) <= 100


def test_a_topic_that_is_gone_is_not_asked_for_without_it(pair):
    search = ask(pair["government"])
    search.asked = {"topic": "gone.topic"}
    search.save()
    offer()

    assert tell_what_fits(now=LATER) == 0


def test_a_stopped_kind_is_not_written(pair):
    ask(pair["government"])
    offer()
    stop(person=pair["government"], kind=NoticeKind.FOUND_FOR_YOU)
    tell_what_fits(now=LATER)

    deliver_due(now=LATER)

    assert mail.outbox == []
    assert Notice.objects.get().state == "withheld"


def test_it_is_told_goes_into_the_file_and_goes_with_the_person(pair):
    person, place = pair["government"], make.locality("Makueni")
    save_place(locality=place, by=person)
    ask(person)

    told = own_data(person)
    erase(person=person, typed=person.email, now=NOW)

    assert told["saved"][0]["locality"] == "Makueni"
    assert told["searches"][0]["asked"]["topic"] == "it.portal"
    assert not SavedPlace.objects.exists()
    assert not SavedSearch.objects.exists()


def test_who_stops_waiting_is_not_told(pair):
    search = ask(pair["government"])
    stop_telling(search=search.pk, by=pair["other side"])
    stop_telling(search=search.pk, by=pair["government"])
    offer()

    assert tell_what_fits(now=LATER) == 0
