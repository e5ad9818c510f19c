"""A year in figures: few are hidden, now and as a difference between two readings."""

import csv
import json
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from loci.cycles.choices import FEW
from loci.cycles.models import YearSummary
from loci.cycles.services.years import Counted, Figure, count_year, protected
from surveys.choices import WaveState
from surveys.services.analysing import refresh_analysis
from tests import make
from tests.make import NOW


@given(st.lists(st.integers(0, 12), min_size=1, max_size=12))
def test_no_two_readings_tell_what_one_or_two_localities_did(sizes):
    """Whatever is counted, and however often."""
    readings: list[Figure] = []
    for size in sizes:
        before = readings[-1] if readings else None
        readings.append(protected("it", Counted(size, size), before))

    told = [row.localities for row in readings]
    assert all(size is None or size == 0 or size >= FEW for size in told)
    assert all(
        one == other or abs(one - other) >= FEW
        for one, other in pairwise(told)
        if one is not None and other is not None
    )


def test_a_hidden_figure_is_told_when_it_could_not_have_been_one_or_two_more():
    hidden = Figure("it", None, None)

    assert protected("it", Counted(4, 4), hidden) == hidden
    assert protected("it", Counted(5, 5), hidden) == Figure("it", 5, 5)


@pytest.fixture
def introduced(db):
    wave = make.wave()
    for _each in range(3):
        make.suggestion(
            make.locality(),
            make.locality(),
            wave,
            state="introduced",
            introduced_at=NOW,
            outcome=3,
        )


def figures(summary):
    return {row["key"]: (row["count"], row["localities"]) for row in summary.figures}


def test_a_year_is_counted(introduced):
    summary = count_year(year=NOW.year, by=None, now=NOW)

    assert figures(summary) == {
        "introductions.accepted": (3, 6),
        "introductions.useful": (3, 6),
        "introductions.applied": (0, 0),
        "introductions.passed_on": (0, 0),
        "circles": (0, 0),
    }


def test_counting_anew_changes_nothing_for_one_pair_more(introduced):
    count_year(year=NOW.year, by=None, now=NOW)
    make.suggestion(
        make.locality(),
        make.locality(),
        make.wave(),
        state="introduced",
        introduced_at=NOW,
        outcome=6,
    )

    summary = count_year(year=NOW.year, by=None, now=NOW)

    assert figures(summary)["introductions.accepted"] == (3, 6)
    assert figures(summary)["introductions.applied"] == (None, None)


def test_everybody_reads_years_and_waves_that_were_shared_back(client, introduced):
    wave = make.wave(state=WaveState.CLOSED)
    for _each in range(4):
        make.statement(make.locality(), wave)
    make.statement(make.locality(), wave, topic=make.topic("it.ocds"))
    refresh_analysis(wave=wave, now=NOW)
    count_year(year=NOW.year, by=None, now=NOW)
    assert "it.portal" not in client.get("/insights/").content.decode()

    wave.state = WaveState.SHARED_BACK
    wave.closes_at = NOW
    wave.save()

    page = client.get("/insights/").content.decode()
    assert "it.portal" in page
    assert "it.ocds" not in page
    rows = json.loads(client.get("/insights/insights.json").content)["rows"]
    told = {row["figure"]: row["count"] for row in rows}
    assert told["May wave: it.portal, needed by"] == 4
    text = client.get("/insights/insights.csv").content.decode("utf-8-sig")
    table = list(csv.DictReader(text.splitlines()))
    assert {row["figure"]: row["count"] for row in table} == {
        name: "" if count is None else str(count) for name, count in told.items()
    }
    assert client.get("/insights/insights.exe").status_code == 404


def test_a_coordinator_counts_a_year_in_the_cockpit(signed_in, introduced):
    client = signed_in(make.coordinator())

    client.post("/admin/cycles/yearsummary/add/", {"year": NOW.year, "words": "Good"})

    assert figures(YearSummary.objects.get())["introductions.accepted"] == (3, 6)
