"""The directory: what is asked is found, what is not for the reader never counts."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings, strategies as st

from localities.choices import FactKind, Side
from localities.models import Locality, Organisation, Seat
from localities.services.profile import Said, remove_fact, say_fact
from loci.pages.queries.filters import FACETS, asked_for, labels
from surveys.choices import StatementKind
from tests import make
from tests.conftest import facts
from tests.make import NOW

pytestmark = pytest.mark.django_db
OFFER = StatementKind.OFFER


@pytest.fixture
def wave():
    return make.wave()


def place(name, **facts):
    made = make.locality(name, **facts)
    make.pair(made)
    return made


def look(client=None, **asked):
    cache.clear()
    answer = (client or Client()).get(reverse("pages:localities"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def names(page):
    """Names in the list, in its order."""
    return re.findall(
        r'<h2>.*?<a href="/localities/[^"]+">([^<]+)</a>', page, re.DOTALL
    )


def title(page):
    return page.partition("<h1>")[2].partition("</h1>")[0]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bogota", ["Bogotá"]),
        ("BOGOTÁ", ["Bogotá"]),
        ("bogta", ["Bogotá"]),
        ("ქუთაისი", ["ქუთაისი"]),
        ("чернівці", ["Чернівці"]),
        ("ЧЕРНІВЦІ", ["Чернівці"]),
        ("черновці", ["Чернівці"]),
        ("чернивцы", ["Чернівці"]),
        ("chernivtsi", ["Чернівці"]),
        ("ქუტაისი", ["ქუთაისი"]),
        ("ქუთაის", ["ქუთაისი"]),
        ("kutaisi", ["ქუთაისი"]),
        ("makuenni", ["Makueni"]),
        ("nowhere at all", []),
        ("kenya", ["Makueni"]),
    ],
)
def test_a_name_is_found_without_accents_and_with_a_slip(typed, found):
    place("Bogotá", country="Colombia", country_code="CO")
    place("ქუთაისი", country="Georgia", country_code="GE")
    place("Чернівці", country="Ukraine", country_code="UA")
    place("Makueni")

    assert names(look(q=typed)) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Գյումրի", ["Գյումրի"]),
        ("ԳՅՈՒՄՐԻ", ["Գյումրի"]),
        ("գյումր", ["Գյումրի"]),
        ("գյումռի", ["Գյումրի"]),
        ("gyumri", ["Գյումրի"]),
        ("Երևան", ["Երևան"]),
        ("ԵՐԵՎԱՆ", ["Երևան"]),
        ("երեւան", ["Երևան"]),
        ("yerevan", ["Երևան"]),
        ("vagharshapat", ["Վաղարշապատ"]),
        ("Θεσσαλονίκη", ["Θεσσαλονίκη"]),
        ("ΘΕΣΣΑΛΟΝΙΚΗ", ["Θεσσαλονίκη"]),
        ("θεσσαλονικη", ["Θεσσαλονίκη"]),
        ("θεσαλονίκη", ["Θεσσαλονίκη"]),
        ("thessaloniki", ["Θεσσαλονίκη"]),
        ("Βόλος", ["Βόλος"]),
        ("ΒΟΛΟΣ", ["Βόλος"]),
        ("volos", ["Βόλος"]),
        ("σεϋχέλλου", ["Σεϋχέλλου"]),
        ("ΣΕΫΧΕΛΛΟΥ", ["Σεϋχέλλου"]),
        ("Βόλοσ Αττικής", []),
        ("loutraki", ["Λουτράκι"]),
        ("nafplio", ["Ναύπλιο"]),
        ("lemesos", ["Λεμεσός"]),
    ],
)
def test_a_name_is_found_in_armenian_and_greek_letters(typed, found):
    for name in ("Գյումրի", "Երևան", "Վաղարշապատ"):
        place(name, country="Armenia", country_code="AM")
    for name in ("Θεσσαλονίκη", "Βόλος", "Σεϋχέλλου", "Λουτράκι", "Ναύπλιο"):
        place(name, country="Greece", country_code="GR")
    place("Λεμεσός", country="Cyprus", country_code="CY")

    assert names(look(q=typed)) == found


@pytest.mark.parametrize(
    ("language", "text", "typed"),
    [
        ("en", "We published all contracts", "publishing contract"),
        ("es", "Publicamos los contratos en línea", "publicar contrato linea"),
        ("fr", "Nous publions les marchés publics", "marche public"),
        ("id", "Kami menerbitkan kontrak terbuka", "kontrak"),
        ("ru", "Мы публикуем контракты", "контракт"),
        ("uk", "Ми публікуємо договори", "договори"),
    ],
)
def test_what_is_said_is_found_in_each_of_the_six_languages(
    wave, language, text, typed
):
    here = place("Here")
    place("Elsewhere")
    make.statement(here, wave, OFFER, text=text, language=language, visibility="public")

    assert names(look(q=typed)) == ["Here"]


def test_words_of_organisations_and_of_facts_are_found_until_taken_away():
    here = place("Here")
    seat = Seat.objects.get(locality=here, side=Side.GOVERNMENT)
    by = seat.organisation.memberships.get().person
    Organisation.objects.filter(pk=seat.organisation_id).update(name="Open Eyes")
    fact = say_fact(
        seat=seat, kind=FactKind.SYSTEMS, said=Said("We run Prozorro"), by=by, now=NOW
    )

    assert names(look(q="open eyes")) == ["Here"]
    assert names(look(q="prozorro")) == ["Here"]
    remove_fact(fact=fact, by=by, now=NOW)
    assert names(look(q="prozorro")) == []


def test_nobody_finds_or_counts_what_they_may_not_read(wave, signed_in):
    here = place("Here", slug="here")
    own = here.seats.get(side=Side.GOVERNMENT).organisation.memberships.get().person
    for visibility, word in (
        ("side", "sidely"),
        ("coordinators", "coordinately"),
        ("pair", "pairly"),
        ("network", "networkly"),
        ("public", "publicly"),
    ):
        make.statement(
            here,
            wave,
            text=f"We {word} ask",
            topic=make.topic(f"it.{visibility}"),
            visibility=visibility,
        )
    stranger = signed_in(make.pair(make.locality("Other"))[0])
    topics = ("side", "coordinators", "pair", "network", "public")

    def readable(client):
        words = ("sidely", "coordinately", "pairly", "networkly", "publicly")
        by_word = {word for word in words if names(look(client, q=word)) == ["Here"]}
        by_topic = {
            code for code in topics if "Here" in names(look(client, topic=f"it.{code}"))
        }
        counted = set(re.findall(r'<option value="it\.(\w+)"', look(client)))
        return by_word, by_topic, counted

    assert readable(Client()) == ({"publicly"}, {"public"}, {"public"})
    both = ({"networkly", "publicly"}, {"network", "public"}, {"network", "public"})
    assert readable(stranger) == both
    assert readable(signed_in(own)) == both
    assert readable(signed_in(make.person())) == readable(Client())


def test_unpublished_places_and_what_they_say_are_nowhere(wave):
    hidden = place("Hidden", is_listed=False, latitude=1, longitude=1)
    make.statement(hidden, wave, visibility="public")
    place("Shown")

    page = look()

    assert names(page) == ["Shown"]
    assert "Hidden" not in page
    assert title(page) == "1 locality"


def test_facets_combine_on_one_statement_and_are_counted(wave):
    helper, asker, both = place("Helper"), place("Asker"), place("Both")
    portal, data = make.topic("it.portal"), make.topic("it.data")
    seen: dict[str, Any] = {"visibility": "public"}
    make.statement(helper, wave, OFFER, topic=portal, stage="tender", **seen)
    make.statement(asker, wave, topic=portal, stage="award", **seen)
    make.statement(both, wave, OFFER, topic=data, experience="doing", **seen)
    make.statement(both, wave, topic=portal, **seen)

    assert names(look(topic="it.portal", does="can_help")) == ["Helper"]
    assert names(look(topic="it.portal", does="wants_help")) == ["Asker", "Both"]
    assert names(look(does="doing")) == ["Both"]
    assert names(look(topic="it.portal", stage="award", does="can_help")) == []
    page = look(topic="it.portal", does="can_help")
    assert title(page) == "1 locality can help with: it.portal"
    assert "wants help (2)" in page
    assert 'value="it.portal" selected>it.portal (1)' in page


def test_place_facets_are_counted_as_the_others_leave_them():
    place("Small", population=50_000, level="city", region_code="asia")
    place("Large", population=6_000_000, level="city", languages=["en", "sw"])
    place("Middle", population=300_000, level="county", phase="use")

    assert names(look(size="0")) == ["Small"]
    assert names(look(size="4")) == ["Large"]
    assert names(look(level="city", region="asia")) == ["Small"]
    assert names(look(language="sw")) == ["Large"]
    assert names(look(phase="use")) == ["Middle"]
    assert names(look(country="KE")) == ["Large", "Middle", "Small"]
    page = look(level="city")
    assert "City (2)" in page
    assert "County (1)" in page
    assert "Asia (1)" in page


def test_chips_take_one_filter_away_each():
    place("Here", level="city")

    page = look(q="here", level="city")

    assert 'href="?level=city"' in page
    assert 'href="?q=here"' in page
    assert "Filter (2)" in page


def test_figures_without_a_locality_name_no_day(client):
    empty = client.get(reverse("pages:landing")).content.decode()
    make.locality()
    one = client.get(reverse("pages:landing")).content.decode()

    assert "as of" not in empty
    assert "as of" in one


def test_an_empty_answer_says_what_can_be_done(wave):
    asker = place("Asker")
    make.statement(asker, wave, visibility="public")

    page = look(topic="it.portal", does="can_help")

    assert "No locality offers this yet" in page
    assert "1 locality needs it too" in page
    assert "?does=wants_help&amp;topic=it.portal" in page


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "' OR 1=1 --",
            "\x00",
            "%",
            "{{7*7}}",
            "<script>alert(1)</script>",
            "9" * 30,
            "-1",
            "!&|:*()",
            "a:* & b",
            "back\\",
            "100%_",
        ]
    ),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    asked=st.dictionaries(
        st.sampled_from(
            [*FACETS, "q", "sort", "page", "locality__memberships__person"]
        ),
        HOSTILE,
        max_size=4,
    )
)
@example(asked={"q": "\U00010000" * 60})
def test_hostile_addresses_give_a_page_and_no_markup(asked):
    answer = Client().get(reverse("pages:localities"), asked)

    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


def test_an_unknown_filter_is_left_out_with_a_note():
    place("Here")

    page = look(level="galaxy", region="moon", country="ke", sort="popular", page="x")

    assert names(page) == ["Here"]
    assert "left out: Level of government, Region, Country." in page
    known = labels()
    assert asked_for({"page": "99999"}, known).page == 1
    assert asked_for({"page": "9999"}, known).page == 400


def test_most_useful_first_with_its_reasons(wave, signed_in):
    own = make.locality("Own", languages=["sw"], level="city", population=10)
    person, _other = make.pair(own)
    portal, data = make.topic("it.portal"), make.topic("it.data")
    portal.related.add(data)
    make.statement(own, wave, topic=portal, visibility="side")
    exact, near, alike = (
        place("Z exact", level="state"),
        place("Y near", level="state"),
        place("X alike", level="city", languages=["sw"]),
    )
    make.statement(exact, wave, OFFER, topic=portal)
    make.statement(near, wave, OFFER, topic=data)
    place("A nothing", level="state")
    client = signed_in(person)

    page = look(client)

    assert names(page) == ["Z exact", "X alike", "Y near", "A nothing", "Own"]
    assert "offers what you ask for: it.portal" in page
    assert "offers what is near it: it.data" in page
    assert "How is this sorted?" in page
    assert names(look(client, sort="name"))[0] == "A nothing"
    assert alike.pk


def test_many_places_are_pages_and_countries_on_the_map():
    region = make.region()
    Locality.objects.bulk_create(
        Locality(
            slug=f"p{number}",
            name=f"P{number:03}",
            level="city",
            country=f"Country {number % 5}",
            country_code="K" + "ABCDE"[number % 5],
            region=region,
            phase="use",
            latitude=number % 60,
            longitude=-175 if number % 2 else 100,
            is_listed=True,
        )
        for number in range(130)
    )

    page = look()
    last = look(page="6")

    assert names(page) == [f"P{number:03}" for number in range(25)]
    assert "Page 1 of 6" in page
    assert page.count("<circle") == 5
    assert "?country=KA" in page
    assert names(last) == [f"P{number:03}" for number in range(125, 130)]
    few = look(country="KA")
    assert few.count("<circle") == 26
    assert re.search(r'cx="\d+(\.\d)?" cy="\d+(\.\d)?"', few)


def test_the_files_places_lie_on_the_map():
    rows = facts("localities.json")

    assert all(
        -56 < row["latitude"] < 78 and -180 <= row["longitude"] <= 180 for row in rows
    )


def test_what_is_taken_back_is_gone_from_counts_within_a_minute(wave):
    here = place("Here")
    row = make.statement(here, wave, visibility="public", topic=make.topic("it.gone"))
    address = reverse("pages:localities")
    assert "it.gone (1)" in Client().get(address).content.decode()

    row.state = "withdrawn"
    row.save()
    cache.clear()  # a minute later

    assert "it.gone" not in Client().get(address).content.decode()
