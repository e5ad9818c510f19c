"""What everybody may read once a wave is closed: the page, its words, its files."""

import csv
import json
from io import BytesIO, StringIO

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from localities.choices import Side
from loci.accounts.models import AuditEntry
from surveys.choices import StatementKind, WaveState
from surveys.models import Analysis, Part
from surveys.queries.own_words import PairTopics, own_lines, pair_topics
from surveys.queries.results import results_of
from surveys.queries.results_files import as_csv, as_json, as_xlsx
from surveys.queries.summary import summary_of
from surveys.queries.themes import NONE_SHOWN
from surveys.services.analysing import refresh_analysis
from surveys.services.summarising import NotShownYet, write_words
from surveys.services.waves import give_parts
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


def answering(wave, count, region="africa", *, sides=tuple(Side), **said):
    """Localities that send these sides' parts and say one thing each."""
    places = [make.locality(region_code=region) for _each in range(count)]
    for place in places:
        give_parts(wave=wave, locality=place)
        for side in sides:
            make.statement(place, wave, **({"side": side} | said))
        Part.objects.filter(wave=wave, locality=place, side__in=sides).update(
            state="sent", sent_at=NOW
        )
    return places


@pytest.fixture
def wave():
    """5 + 4 need `it.portal`, 4 of them by the government alone; 1 needs `it.ocds`."""
    wave = make.wave(state=WaveState.CLOSED)
    answering(wave, 5, "africa")
    answering(wave, 4, "asia", sides=(Side.GOVERNMENT,))
    few = make.topic("it.ocds")
    make.statement(Part.objects.earliest("pk").locality, wave, topic=few)
    for _silent in range(4):
        give_parts(wave=wave, locality=make.locality(region_code="africa"))
    refresh_analysis(wave=wave, now=NOW)
    return wave


def shown(wave):
    results = results_of(wave)
    assert results is not None
    return results


def test_who_answered_is_told_by_side_and_by_region(wave):
    rows = {row.label: (row.answered.count, row.asked) for row in shown(wave).response}

    assert (shown(wave).answered, shown(wave).asked) == (9, 13)
    assert rows == {
        "Government": (9, 13),
        "Civil society": (5, 13),
        "Africa": (5, 9),
        "Asia": (4, 4),
    }


def test_where_the_sides_differ_is_told_and_small_numbers_are_not(wave):
    differences = [
        (row.topic, row.government, row.civil_society)
        for row in shown(wave).differences
    ]

    assert differences == [("it.portal", 9, 5)]


def test_the_summary_says_only_what_is_shown(wave):
    assert summary_of(shown(wave)) == [
        "9 of 13 localities have answered.",
        "Most asked for: it.portal (9 localities).",
        "The largest gap is it.portal: needed by 9 localities, offered by 0.",
        (
            "The two sides differ most on it.portal (need): the government side in 9 "
            "localities, the civil society side in 5."
        ),
        "For 1 more topic no number is given: too few localities named it.",
    ]


def test_a_wave_with_one_answer_shows_that_it_is_too_little(client):
    wave = make.wave(state=WaveState.CLOSED)
    answering(wave, 1)

    refresh_analysis(wave=wave, now=NOW)

    assert [row.topic for row in shown(wave).counted] == []
    assert summary_of(shown(wave)) == [
        "1 of 1 locality has answered.",
        "No need was named by enough localities to be counted.",
    ]
    page = client.get(reverse("surveys:results", args=[wave.pk])).content.decode()
    assert "Too few to count" not in page


def test_files_hold_the_cells_of_the_page_and_no_others(wave):
    results = shown(wave)

    lines = list(csv.reader(StringIO(as_csv(results, NONE_SHOWN).decode("utf-8-sig"))))
    sheet = load_workbook(BytesIO(as_xlsx(results, NONE_SHOWN))).active
    cells = [
        ["" if cell is None else str(cell) for cell in row] for row in sheet.values
    ]
    told = json.loads(as_json(results, NONE_SHOWN))["rows"]

    assert lines == cells
    assert ["topic", "it.portal", "need", "All", "9"] in lines
    assert ["topic", "it.ocds", "need", "All", "hidden"] in lines
    assert next(row["localities"] for row in told if row["name"] == "it.ocds") is None
    assert not {1, 2} & {row["localities"] for row in told}


def test_words_that_look_like_a_formula_stay_words(wave):
    topic = make.topic("it.portal")
    topic.name = '=HYPERLINK("http://bad.example")'
    topic.save()

    results = shown(wave)

    assert b"\"'=HYPERLINK(" in as_csv(results, NONE_SHOWN)
    sheet = load_workbook(BytesIO(as_xlsx(results, NONE_SHOWN))).active
    assert {cell.data_type for cell in sheet["B"]} == {"s"}


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_files_are_for_the_network_once_the_wave_is_closed(wave, form, signed_in):
    address = reverse("surveys:results_file", args=[wave.pk, form])
    member, stranger = make.pair(make.locality())[0], make.person()

    got = signed_in(member).get(address)

    assert got.status_code == 200
    assert got["Content-Disposition"] == (
        f'attachment; filename="results-{wave.pk}.{form}"'
    )
    assert signed_in(stranger).get(address).status_code == 404
    assert signed_in(None).get(address).status_code == 302


def test_an_unknown_form_is_not_there(wave, signed_in):
    address = reverse("surveys:results_file", args=[wave.pk, "exe"])

    assert signed_in(make.coordinator()).get(address).status_code == 404


def test_each_side_reads_where_its_own_words_went(wave):
    place = make.locality()
    government, civil_society = make.pair(place)
    make.statement(place, wave, topic=make.topic("it.ocds"), visibility="side")
    make.statement(
        place, wave, StatementKind.OFFER, side=Side.CIVIL_SOCIETY, visibility="network"
    )

    of_government = own_lines(government, shown(wave))
    of_civil_society = own_lines(civil_society, shown(wave))

    assert [(row.topic, row.is_need) for row in of_government] == [
        ("it.ocds", True),
        ("it.portal", False),
    ]
    assert [(row.topic, row.is_need) for row in of_civil_society] == [
        ("it.portal", False)
    ]


def test_a_coordinator_puts_the_results_into_words(wave, signed_in):
    coordinator = make.coordinator()
    analysis = Analysis.objects.get()

    signed_in(coordinator).post(
        reverse("admin:surveys_analysis_change", args=[analysis.pk]),
        {"words": "Nine places want <b>portals</b>."},
    )

    page = signed_in(coordinator).get(reverse("surveys:results", args=[wave.pk]))
    assert "Nine places want &lt;b&gt;portals&lt;/b&gt;." in page.content.decode()
    assert "Most asked for" not in page.content.decode()
    assert AuditEntry.objects.filter(verb="put into words", by=coordinator).exists()


def test_an_open_wave_is_not_put_into_words():
    wave = make.wave()
    refresh_analysis(wave=wave, now=NOW)
    analysis = Analysis.objects.get()

    with pytest.raises(NotShownYet):
        write_words(analysis=analysis, words="Early", by=make.coordinator(), now=NOW)


def test_words_have_a_time(wave):
    with pytest.raises(IntegrityError), transaction.atomic():
        Analysis.objects.update(words="From nowhere", words_at=None)


def test_whether_the_network_acted_is_told_from_five_localities():
    draft = make.survey(is_published=False)
    wave = make.wave(state=WaveState.CLOSED, survey=draft)
    question = make.question(wave, "frank")
    question.code, question.kind = "acted", "scale"
    question.save()
    for number in range(5):
        answering(wave, 1)
        part = Part.objects.filter(side=Side.GOVERNMENT).latest("pk")
        part.answers.create(
            question=question, value=[{"value": str(number)}], visibility="side"
        )

    refresh_analysis(wave=wave, now=NOW)

    assert shown(wave).acted == (("May wave", 2.0),)


def test_a_pair_reads_where_its_sides_differ_and_no_more_than_it_may(wave):
    place = make.locality("Our place")
    government, civil_society = make.pair(place)
    for code, side, visibility in (
        ("it.portal", "joint", "network"),
        ("it.ocds", "government", "pair"),
        ("it.secret", "government", "side"),
        ("it.frank", "civil_society", "pair"),
    ):
        topic = make.topic(code)
        make.statement(place, wave, side=side, topic=topic, visibility=visibility)

    of_government = pair_topics(government, wave)
    of_civil_society = pair_topics(civil_society, wave)

    assert of_government == (
        PairTopics(
            "Our place", ("it.portal",), ("it.ocds", "it.secret"), ("it.frank",)
        ),
    )
    assert of_civil_society == (
        PairTopics("Our place", ("it.portal",), ("it.ocds",), ("it.frank",)),
    )
    assert pair_topics(make.person(), wave) == ()


def test_behind_a_topic_are_those_who_let_the_network_know(wave, signed_in):
    hidden, open_ = make.locality("Silent place"), make.locality("Open place")
    make.statement(hidden, wave, text="CANARY for our side", visibility="side")
    make.statement(hidden, wave, text="CANARY for our pair", visibility="pair")
    make.statement(open_, wave, text="For everybody", visibility="public")
    make.statement(
        open_, wave, StatementKind.OFFER, text="We offer it", visibility="network"
    )
    member, _other = make.pair(make.locality())
    address = reverse("surveys:topic", args=[wave.pk, "it.portal"])

    page = signed_in(member).get(address).content.decode()

    assert "Needed by 9 localities" in page
    assert "For everybody" in page
    assert "We offer it" in page
    assert "Open place" in page
    assert "CANARY" not in page
    assert "Silent place" not in page


def test_a_topic_that_nobody_named_is_not_there(wave, signed_in):
    address = reverse("surveys:topic", args=[wave.pk, "it.nothing"])

    assert signed_in(make.coordinator()).get(address).status_code == 404


def test_a_side_that_was_heard_in_another_way_has_answered():
    wave = make.wave(state=WaveState.CLOSED)
    for _each in range(3):
        place = make.locality()
        give_parts(wave=wave, locality=place)
        make.statement(place, wave)

    refresh_analysis(wave=wave, now=NOW)

    assert (shown(wave).answered, shown(wave).asked) == (3, 3)
