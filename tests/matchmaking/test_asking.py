"""A side asks for an introduction: who may, what becomes of it, who learns of it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from localities.models import Seat
from localities.services.inviting import NotYours
from loci.cockpit.lines import lines_for
from loci.core.states import WrongMove
from loci.notices.models import Notice
from loci.pages.services.memory import memory_of
from matchmaking.choices import REQUESTS_AT_MOST, PinKind, RequestState
from matchmaking.models import IntroductionRequest, Pin
from matchmaking.services.asking import (
    AskedAlready,
    NotToAskFor,
    NotYourRequest,
    SaysNothing,
    TooManyRequests,
    Wish,
    ask_for_introduction,
    say_not_possible,
    take_up,
    withdraw_request,
)
from matchmaking.services.pinning import AlreadySettled
from surveys.choices import StatementKind
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    seeker = make.locality("Kutaisi", slug="kutaisi", region_code="cee")
    helper = make.locality("Makueni", slug="makueni", region_code="africa")
    government, civil_society = make.pair(seeker)
    helping, _other = make.pair(helper)
    return {
        "seeker": seeker,
        "helper": helper,
        "government": government,
        "civil society": civil_society,
        "helping": helping,
        "seat": Seat.objects.get(locality=seeker, side="government"),
    }


def ask(two, helper=None, words="How did you begin?", by=None):
    wish = Wish(helper or two["helper"], words)
    return ask_for_introduction(seat=two["seat"], wish=wish, by=by or two["government"])


def test_a_side_asks_and_reads_what_became_of_it(two, signed_in):
    make.statement(two["helper"], make.wave(), StatementKind.OFFER)
    client = signed_in(two["government"])

    form = client.get("/suggestions/ask/makueni/").content.decode()
    assert '<option value="" selected>Not chosen yet</option>' in form
    client.post(
        "/suggestions/ask/makueni/",
        {"words": "How did you begin?", "topic": "it.portal"},
    )
    asked = IntroductionRequest.objects.get()

    assert "it.portal" in form
    assert (asked.seeker, asked.side, asked.by) == (
        two["seeker"],
        "government",
        two["government"],
    )
    assert asked.topic == make.topic()
    for page in ("/saved/", "/suggestions/ask/makueni/"):
        assert "With the coordinators" in client.get(page).content.decode()


def test_neither_who_is_named_nor_the_partner_nor_others_read_it(two, signed_in):
    ask(two, words="CANARY")
    other, _second = make.pair(make.locality())

    for person in (two["civil society"], two["helping"], other, make.person()):
        client = signed_in(person)
        for page in ("/saved/", "/home/", "/localities/makueni/"):
            assert "CANARY" not in client.get(page).content.decode()
    assert "CANARY" not in str(memory_of(two["seeker"], two["civil society"]))
    assert "CANARY" in str(memory_of(two["seeker"], two["government"]))


def test_only_who_speaks_for_a_seat_asks(two, signed_in):
    expert = make.person()

    with pytest.raises(NotYours):
        ask(two, by=two["civil society"])
    with pytest.raises(NotYours):
        ask(two, by=expert)
    assert signed_in(expert).get("/suggestions/ask/makueni/").status_code == 404
    assert signed_in(None).get("/suggestions/ask/makueni/").status_code == 302
    assert not IntroductionRequest.objects.exists()


def test_not_to_oneself_not_to_what_is_hidden_not_without_words(two, signed_in):
    hidden = make.locality(is_listed=False)

    with pytest.raises(NotToAskFor):
        ask(two, helper=two["seeker"])
    with pytest.raises(NotToAskFor):
        ask(two, helper=hidden)
    with pytest.raises(SaysNothing):
        ask(two, words=" \x00 ")
    own = signed_in(two["government"]).get("/suggestions/ask/kutaisi/")
    assert own.status_code == 404
    for facts in ({"helper": two["seeker"]}, {"words": ""}, {"side": "third"}):
        given = {
            "seeker": two["seeker"],
            "helper": two["helper"],
            "words": "Words",
            "side": "government",
        }
        with pytest.raises(IntegrityError), transaction.atomic():
            IntroductionRequest.objects.create(**(given | facts))


def test_not_twice_and_not_without_end(two):
    asked = ask(two)

    with pytest.raises(AskedAlready):
        ask(two)
    with pytest.raises(IntegrityError), transaction.atomic():
        IntroductionRequest.objects.create(
            seeker=two["seeker"], helper=two["helper"], side="government", words="Again"
        )
    for _number in range(REQUESTS_AT_MOST - 1):
        ask(two, helper=make.locality())
    with pytest.raises(TooManyRequests):
        ask(two, helper=make.locality())
    withdraw_request(asked=asked, by=two["government"], now=NOW)
    ask(two)  # taken back, it may be asked anew


def test_who_has_a_suggestion_with_them_is_sent_there(two):
    make.approved(two["seeker"], two["helper"], make.wave())

    with pytest.raises(AskedAlready):
        ask(two)


def test_a_suggestion_that_is_held_back_is_not_told_of(two):
    """Refusing here would say what coordinators have not let through."""
    make.suggestion(two["seeker"], two["helper"], make.wave(), state="held")

    assert ask(two).state == RequestState.WAITING


def test_taken_up_the_two_are_pinned_and_who_asked_is_told_once(two):
    asked, coordinator = ask(two), make.coordinator()

    take_up(asked=asked, by=coordinator, now=NOW)
    take_up(asked=asked, by=coordinator, now=NOW)

    pin = Pin.objects.get()
    assert (pin.kind, pin.seeker, pin.helper) == (
        PinKind.PIN,
        two["seeker"],
        two["helper"],
    )
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind) == (two["government"], "request_answered")


def test_two_that_are_never_to_meet_are_not_taken_up_and_nobody_is_told(two):
    asked = ask(two)
    Pin.objects.create(
        kind=PinKind.VETO, seeker=two["seeker"], helper=two["helper"], why="Asked"
    )

    with pytest.raises(AlreadySettled):
        take_up(asked=asked, by=make.coordinator(), now=NOW)

    asked.refresh_from_db()
    assert asked.state == RequestState.WAITING
    assert not Notice.objects.exists()


def test_not_possible_with_a_word_of_the_coordinators(two, signed_in):
    asked = ask(two)
    asked.answer = "They are full this year."
    asked.save()

    say_not_possible(asked=asked, by=make.hub_coordinator("cee"), now=NOW)

    page = signed_in(two["government"]).get("/saved/").content.decode()
    assert "Not possible this time" in page
    assert "They are full this year." in page
    with pytest.raises(WrongMove):
        take_up(asked=asked, by=make.coordinator(), now=NOW)


def test_coordinators_of_the_two_regions_answer_and_no_others(two):
    asked = ask(two)

    with pytest.raises(NotYourRequest):
        take_up(asked=asked, by=make.hub_coordinator("asia"), now=NOW)
    with pytest.raises(NotYourRequest):
        say_not_possible(asked=asked, by=two["helping"], now=NOW)
    with pytest.raises(NotYourRequest):
        withdraw_request(asked=asked, by=two["civil society"], now=NOW)
    take_up(asked=asked, by=make.hub_coordinator("africa"), now=NOW)


def test_the_coordinators_place_shows_it_and_answers(two, signed_in):
    asked, coordinator = ask(two), make.coordinator()
    client = signed_in(coordinator)
    lines = {line.sentence for line in lines_for(coordinator, whole_network=True)[0]}

    listed = client.get(
        reverse("admin:matchmaking_introductionrequest_changelist")
    ).content.decode()
    client.post(
        reverse("admin:matchmaking_introductionrequest_changelist"),
        {"action": "take_up", "_selected_action": [asked.pk]},
    )

    asked.refresh_from_db()
    assert "request for an introduction waits" in lines
    assert "Kutaisi" in listed
    assert asked.state == RequestState.TAKEN_UP


def test_html_in_the_words_stays_words(two, signed_in):
    ask(two, words="<script>alert(1)</script>")

    page = signed_in(two["government"]).get("/saved/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_what_came_of_it_leads_to_the_suggestion_once_the_pair_has_it(two, signed_in):
    ask(two)
    shown = make.approved(two["seeker"], two["helper"], make.wave())

    page = signed_in(two["government"]).get("/saved/").content.decode()

    assert str(shown.reference) in page
    assert "With the pairs" in page
