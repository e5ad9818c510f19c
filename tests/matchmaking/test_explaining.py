"""Why not this one: from the stored input of a round, in words a coordinator can pass on."""

import pytest

from localities.models import Locality
from matchmaking.models import Suggestion
from matchmaking.queries.reasons import nearness_in_words
from matchmaking.services.explaining import why_not_these
from matchmaking.services.explaining_in_words import why_not_in_words
from matchmaking.services.rounds import run_round, start_round
from surveys.choices import StatementKind
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowded():
    """Three ask for what one can give to two; a fourth speaks another language."""
    wave = make.wave()
    helper = make.locality("Helper")
    make.statement(helper, wave, StatementKind.OFFER, text="Portal", hours_a_month=4)
    for name in ("One", "Two", "Three"):
        make.statement(make.locality(name), wave, text=f"{name}: a portal")
    far = make.locality("Far", languages=["ka"])
    make.statement(far, wave, text="A portal", language="ka")
    round_ = start_round(wave=wave, by=make.coordinator(), has_interpretation=False)
    run_round(round_id=round_.pk, now=NOW)
    round_.refresh_from_db()
    return round_


def said(round_, seeker, helper):
    one, other = (Locality.objects.get(name=name) for name in (seeker, helper))
    found = why_not_these(round_=round_, seeker=one, helper=other)
    return found.code, why_not_in_words(found, one, other)


def test_who_got_nothing_learns_who_has_the_places_and_what_it_would_change(crowded):
    served = set(Suggestion.objects.values_list("seeker__name", flat=True))
    left = ({"One", "Two", "Three"} - served).pop()

    code, lines = said(crowded, left, "Helper")

    assert code in {"full", "reserved"}
    holders = ", ".join(sorted(served))
    assert any(
        set(line[:-1].split(": ")[1].split(", ")) == served
        for line in lines
        if line.startswith("Its places")
    ), holders
    assert (
        sum(line.startswith("It would come: Helper for " + left) for line in lines) == 1
    )
    assert sum(line.startswith("It would go: Helper for ") for line in lines) == 1


def test_what_was_chosen_is_said_to_be(crowded):
    chosen = Suggestion.objects.values_list("seeker__name", flat=True)[0]

    assert said(crowded, chosen, "Helper") == (
        "chosen",
        [f"Helper is proposed to {chosen}."],
    )


def test_a_rule_is_named(crowded):
    code, lines = said(crowded, "Far", "Helper")

    assert code == "forbidden"
    assert "they share no language and there is no interpretation" in lines


def test_who_said_nothing_is_told_so(crowded):
    assert said(crowded, "Helper", "One")[0] == "no_need"
    assert said(crowded, "One", "Two")[0] == "no_offer"


def test_the_page_answers_and_refuses_half_a_question(crowded, signed_in):
    client = signed_in(make.coordinator())
    address = f"/admin/matchmaking/round/{crowded.pk}/why/"
    far, helper = (Locality.objects.get(name=name).pk for name in ("Far", "Helper"))

    assert (
        "share no language"
        in client.get(address, {"seeker": far, "helper": helper}).content.decode()
    )
    half = client.get(address, {"seeker": far})
    assert (half.status_code, "helper" in half.context["form"].errors) == (200, True)


def test_a_coordinator_sees_in_which_languages_and_how_near(crowded):
    row = Suggestion.objects.select_related("round", "need", "offer")[0]

    words = nearness_in_words(row)

    assert words.startswith("The need is in English, the offer in English; compared")
    assert "By topic alone they are the same." in words
