"""What nobody hopes for: hours cut, helpers gone, broken numbers, a crowd of helpers."""

import tracemalloc
from typing import Any

import numpy as np
import pytest

from localities.models import Locality
from matchmaking.choices import SuggestionState
from matchmaking.engine.candidates import build_candidates
from matchmaking.engine.solve import solve
from matchmaking.engine.statements import Context, Need, Offer
from matchmaking.models import Round, Suggestion
from matchmaking.services.reviewing import approve_suggestion
from matchmaking.services.rounds import run_round, start_round
from surveys.choices import StatementKind
from tests import make
from tests.make import NOW
from tests.pure.engine.problems import problem


def run(wave):
    round_ = start_round(wave=wave, by=make.coordinator())
    run_round(round_id=round_.pk, now=NOW)
    round_.refresh_from_db()
    return round_


@pytest.fixture
def promised(db):
    """A helper with hours for two, both with the pairs; a third asks."""
    wave = make.wave()
    helper = make.locality("Helper")
    offer = make.statement(helper, wave, StatementKind.OFFER, hours_a_month=4)
    for name in ("One", "Two"):
        make.statement(make.locality(name), wave)
    run(wave)
    for row in Suggestion.objects.order_by("pk"):
        approve_suggestion(suggestion=row, by=make.coordinator(), now=NOW)
    make.statement(make.locality("Three"), wave)
    return wave, offer


def test_hours_cut_below_what_was_promised_break_no_promise_and_add_none(promised):
    wave, offer = promised
    offer.hours_a_month = 2
    offer.save()

    round_ = run(wave)

    assert Suggestion.objects.filter(state=SuggestionState.APPROVED).count() == 2
    assert not Suggestion.objects.filter(seeker__name="Three").exists()
    assert round_.snapshot["capacity"][str(offer.locality_id)] == 0
    codes = {row["unit"]: row["code"] for row in round_.result["unmet"]}
    three = Locality.objects.get(name="Three").pk
    assert codes[three] in {"helpers_full", "no_candidates"}


def test_a_helper_who_left_is_proposed_to_nobody(promised):
    wave, offer = promised
    offer.hours_a_month = 40
    offer.save()
    offer.locality.is_paused = True
    offer.locality.save()

    round_ = run(wave)

    assert str(offer.locality_id) not in round_.snapshot["capacity"]
    assert not Suggestion.objects.filter(round=round_).exists()


def test_a_round_that_fails_leaves_its_reason_and_nothing_half_written(promised):
    wave, _offer = promised
    before = Suggestion.objects.count()
    round_ = start_round(wave=wave, by=make.coordinator())
    Round.objects.filter(pk=round_.pk).update(weights={"topic": "much"})

    run_round(round_id=round_.pk, now=NOW)

    round_.refresh_from_db()
    assert (round_.state, Suggestion.objects.count()) == ("failed", before)
    assert round_.problem
    assert round_.result is None


def test_fifty_thousand_helpers_for_one_need_are_weighed_in_bounded_memory():
    """Each helper keeps its one candidate; the peak stays far under a table of all."""
    common: dict[str, Any] = {
        "side": "both",
        "topic": "a",
        "area": "x",
        "languages": ("en",),
    }
    need = Need(id="n", unit="seeker", **common)
    offers = [
        Offer(
            id=f"{number:05}",
            unit=number,
            experience="done",
            hours=4.0,
            size=number % 5,
            **common,
        )
        for number in range(50_000)
    ]

    tracemalloc.start()
    found = build_candidates([need], offers, Context())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(found.receiver) == 50_000
    assert peak < 300e6, f"{peak / 1e6:.0f} MB"


def test_one_receiver_with_fifty_thousand_candidates_gets_the_best():
    dice = np.random.default_rng(1)
    weights = dice.random(50_000)
    crowd = problem(
        *((0, helper, float(weight)) for helper, weight in enumerate(weights)),
        want=[2],
        capacity=[1] * 50_000,
    )

    chosen = np.flatnonzero(solve(crowd).chosen)

    assert set(chosen) == set(np.argsort(-weights)[:2])
