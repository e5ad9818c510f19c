"""Figures of the text analysis: retrieval, clusters, speed. `python -m tests.bench.analysis`.

Who could help with what was judged by one reader, before any figure was seen, from the
words of localities/data/statements.json alone: 2 answers the need, 1 would help.
"""

import json
import resource
from collections.abc import Callable
from pathlib import Path
from time import process_time

import numpy as np
from sklearn.metrics import adjusted_rand_score

from surveys.analysis.clusters import cluster
from surveys.analysis.embedders import (
    Embedder,
    TrigramEmbedder,
    calibrated_affinity,
    default_embedder,
)
from surveys.analysis.labels import Said
from surveys.analysis.tables import Spoken, supply_demand

ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "es", "fr", "id", "ru", "uk")
NEEDS, OFFERS = 24, 26
HELPS = """
0: 48=2 46=1; 1: 33=1 30=1 45=1; 2: 37=2 40=1 28=1; 3: 45=2 33=1 31=1 30=1; 4: 48=2;
5: 42=2 30=1; 6: 30=2 40=1 24=1 36=1; 7: 40=2 30=2; 8: 43=2 29=1 34=1; 9: 41=2 37=1 28=1;
10: 29=2 38=1 36=1 27=1; 11: 26=2 43=1 35=1 46=1; 12: 36=2 49=2 38=1 32=1;
13: 29=2 27=1 38=1 44=1; 14: 26=1; 15: 39=2 34=2 43=1; 16: 37=2 47=1; 17: 48=2;
18: 46=2 37=1 32=1 25=1 33=1 35=1; 19: 34=2 39=1 35=1 26=1; 20: 41=2 44=1 27=1;
21: 47=2 37=1; 22: 28=2 31=2 38=1; 23: 27=1 30=1 44=1 25=1 36=1
"""
WEIGHTS = np.arange(0.1, 2.05, 0.1)

Scores = np.ndarray
ByPair = dict[tuple[str, str], Scores]


def judged() -> Scores:
    """float[needs, offers]: 0, 1 or 2."""
    grades = np.zeros((NEEDS, OFFERS))
    for entry in HELPS.split(";"):
        need, helpers = entry.split(":")
        for helper in helpers.split():
            offer, grade = helper.split("=")
            grades[int(need), int(offer) - NEEDS] = int(grade)
    return grades


def ndcg(scores: Scores, grades: Scores) -> Scores:
    """NDCG@5 of each need."""
    discount = 1 / np.log2(np.arange(2, 7))
    found = np.take_along_axis(grades, np.argsort(-scores, axis=1, kind="stable"), 1)
    best = -np.sort(-grades, axis=1)
    return ((2 ** found[:, :5] - 1) @ discount) / ((2 ** best[:, :5] - 1) @ discount)


def recall(scores: Scores, grades: Scores) -> Scores:
    """Recall@5 of each need: of those that would help, the share among the first five."""
    found = np.take_along_axis(grades, np.argsort(-scores, axis=1, kind="stable"), 1)
    return (found[:, :5] > 0).sum(axis=1) / np.minimum((grades > 0).sum(axis=1), 5)


def statements() -> dict[str, list[str]]:
    """Language to texts: needs, then offers."""
    path = ROOT / "localities/data/translations.json"
    rows = json.loads(path.read_text("utf-8"))["statements"]
    return {
        code: [{"en": row["statement"], **row["translations"]}[code] for row in rows]
        for code in LANGUAGES
    }


def embedded(embedder: Embedder) -> ByPair:
    """(language, kind) to rows."""
    return {
        (code, kind): embedder.embed(part, [code] * len(part), kind)
        for code, texts in statements().items()
        for kind, part in (("need", texts[:NEEDS]), ("offer", texts[NEEDS:]))
    }


def by_text(rows: ByPair, model: str) -> ByPair:
    return {
        (a, b): calibrated_affinity(
            rows[a, "need"], rows[b, "offer"], [a] * NEEDS, [b] * OFFERS, model=model
        )
        for a in LANGUAGES
        for b in LANGUAGES
    }


def by_tags(wrong: float = 0, seed: int = 0) -> Scores:
    """Same topic 1, related 0.6, same area 0.3; a share of the tags is drawn anew."""
    read = json.loads((ROOT / "localities/data/statements.json").read_text("utf-8"))
    taxonomy = json.loads((ROOT / "localities/data/taxonomy.json").read_text("utf-8"))
    codes = [topic["code"] for topic in taxonomy["topics"]]
    related = {frozenset(pair) for pair in taxonomy["related"]}
    dice = np.random.default_rng(seed)
    tags = [
        str(dice.choice(codes)) if dice.random() < wrong else row["topic"]
        for row in read
    ]

    def near(one: str, other: str) -> float:
        if one == other:
            return 1.0
        if frozenset((one, other)) in related:
            return 0.6
        return (
            0.3
            if one.split(".", maxsplit=1)[0] == other.split(".", maxsplit=1)[0]
            else 0.0
        )

    return np.array([[near(a, b) for b in tags[NEEDS:]] for a in tags[:NEEDS]])


def hybrid(tags: Scores, text: ByPair, grades: Scores) -> ByPair:
    """Tags plus weighted text; the weight for one half of the needs is fitted on the other."""
    half = np.arange(NEEDS) % 2 == 0
    result = {pair: np.empty_like(scores) for pair, scores in text.items()}
    for fitted, tested in ((half, ~half), (~half, half)):
        weight = max(
            WEIGHTS,
            key=lambda w: np.mean(
                [
                    ndcg((tags + w * scores)[fitted], grades[fitted]).mean()
                    for scores in text.values()
                ]
            ),
        )
        for pair, scores in text.items():
            result[pair][tested] = (tags + weight * scores)[tested]
    return result


def within_and_across(scores: ByPair, measure: Callable[..., Scores]) -> list[float]:
    grades = judged()
    values = {pair: measure(each, grades).mean() for pair, each in scores.items()}
    return [
        float(np.mean([value for (a, b), value in values.items() if (a == b) is same]))
        for same in (True, False)
    ]


def retrieval(rows: ByPair, model: str) -> str:
    grades, text = judged(), by_text(rows, model)
    characters = by_text(embedded(TrigramEmbedder()), "trigram")
    tags = by_tags()
    noisy = [by_tags(wrong=0.3, seed=seed) for seed in range(10)]
    lines = {
        "text alone": [text],
        "text alone, characters": [characters],
        "tags alone": [dict.fromkeys(text, tags)],
        "hybrid": [hybrid(tags, text, grades)],
        "tags alone, 30 % wrong": [dict.fromkeys(text, each) for each in noisy],
        "hybrid, 30 % wrong": [hybrid(each, text, grades) for each in noisy],
    }
    table = []
    for name, runs in lines.items():
        figures = [
            np.mean([within_and_across(run, measure) for run in runs], axis=0)
            for measure in (ndcg, recall)
        ]
        cells = " | ".join(f"{value:.2f}" for value in np.concatenate(figures))
        table.append(f"| {name} | {cells} |")
    head = "| | NDCG@5 within | across | recall@5 within | across |\n|---|---|---|---|---|\n"
    return head + "\n".join(table) + "\n\n" + matrix(text, lines["hybrid"][0])


def matrix(text: ByPair, both: ByPair) -> str:
    grades = judged()
    head = (
        "| need \\ offer | " + " | ".join(LANGUAGES) + " |\n|---|" + "---|" * 6 + "\n"
    )
    lines = [
        f"| {a} | "
        + " | ".join(
            f"{ndcg(text[a, b], grades).mean():.2f} / {ndcg(both[a, b], grades).mean():.2f}"
            for b in LANGUAGES
        )
        + " |"
        for a in LANGUAGES
    ]
    return "NDCG@5 by language, text alone / hybrid:\n\n" + head + "\n".join(lines)


def one_pool(rows: ByPair) -> float:
    """NDCG@5 where each offer is in one of six languages and all compete."""
    grades, found = judged(), []
    for turn in range(len(LANGUAGES)):
        codes = [LANGUAGES[(n + turn) % 6] for n in range(OFFERS)]
        offers = np.array([rows[code, "offer"][n] for n, code in enumerate(codes)])
        for code in LANGUAGES:
            needs = rows[code, "need"]
            scores = calibrated_affinity(needs, offers, [code] * NEEDS, codes)
            found.append(ndcg(scores, grades).mean())
    return float(np.mean(found))


def translations_found(rows: ByPair) -> float:
    """Hit@1: a statement's nearest in another language is its translation."""
    hits = [
        (rows[a, kind] @ rows[b, kind].T).argmax(axis=1)
        == np.arange(len(rows[a, kind]))
        for kind in ("need", "offer")
        for a in LANGUAGES
        for b in LANGUAGES
        if a != b
    ]
    return float(np.concatenate(hits).mean())


def answers(embedder: Embedder) -> str:
    """Made-up open answers: five themes of twelve answers in six languages, twice."""
    path = ROOT / "tests/pure/analysis/answers.json"
    everything = json.loads(path.read_text("utf-8"))
    lines = [
        "| answers | themes | found | silhouette | ARI | left out |",
        "|" + "---|" * 6,
    ]
    for name in ("first", "second", "both"):
        chosen = [each for each in everything if name in {"both", each["set"]}]
        said = [
            Said(each["id"], each["text"], each["language"], n)
            for n, each in enumerate(chosen)
        ]
        vectors = embedder.embed(
            [each.text for each in said], [each.language for each in said], "answer"
        )
        found = cluster(said, vectors)
        place = {i: n for n, each in enumerate(found.clusters) for i in each.members}
        inside = [each for each in chosen if each["id"] in place]
        score = adjusted_rand_score(
            [each["theme"] for each in inside], [place[each["id"]] for each in inside]
        )
        lines.append(
            f"| {name} | {len({each['theme'] for each in chosen})} | {len(found.clusters)}"
            f" | {found.parameters['silhouette']:.2f} | {score:.2f}"
            f" | {len(found.left_out)} of {len(chosen)} |"
        )
    return "\n".join(lines)


def planted() -> str:
    """Vectors around a few directions (three parts noise to two of meaning)."""
    lines = ["| texts | planted | found | ARI | CPU s | peak MB |", "|" + "---|" * 6]
    for size, groups in ((17, 3), (70, 5), (400, 8), (2_000, 8), (20_000, 10)):
        dice = np.random.default_rng(size)
        middle = dice.normal(size=(groups, 384))
        middle /= np.linalg.norm(middle, axis=1, keepdims=True)
        true = dice.permutation(np.arange(size) % groups)
        rows = middle[true] + 1.5 * dice.normal(size=(size, 384)) / np.sqrt(384)
        rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        said = [Said(f"{n:06}", f"words {n}", "en", n) for n in range(size)]
        start = process_time()
        found = cluster(said, rows)
        taken = process_time() - start
        place = {i: n for n, each in enumerate(found.clusters) for i in each.members}
        score = adjusted_rand_score(true, [place.get(each.id, -1) for each in said])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        lines.append(
            f"| {size:,} | {groups} | {len(found.clusters)} | {score:.2f} | {taken:.1f} | {peak} |"
        )
    return "\n".join(lines)


def tables() -> float:
    """CPU seconds for 42 topics, 8 regions and 2,000 localities."""
    dice = np.random.default_rng(1)
    topics, regions = [f"t{n:02}" for n in range(42)], [f"r{n}" for n in range(8)]
    rows = [
        Spoken(unit, topics[topic], regions[unit % 8], "joint", kind)
        for unit in range(2_000)
        for kind in ("need", "offer")
        for topic in dice.choice(42, 3, replace=False)
    ]
    start = process_time()
    supply_demand(rows, topics=topics, regions=regions)
    return process_time() - start


def run() -> str:
    """Everything above, as Markdown."""
    embedder = default_embedder()
    start = process_time()
    rows = embedded(embedder)
    speed = NEEDS * len(LANGUAGES) + OFFERS * len(LANGUAGES)
    speed = speed / (process_time() - start)
    return "\n\n".join(
        (
            f"Embedder `{embedder.name}` {embedder.version}: {speed:.0f} texts a CPU second.",
            (
                "24 needs against 26 offers of `statements.json`, in six languages each "
                "(translations by machine, not yet reviewed); weight of the hybrid fitted on "
                "one half of the needs, measured on the other."
            ),
            retrieval(rows, embedder.name),
            (
                f"Offers of six languages in one pool, text alone: {one_pool(rows):.2f}. "
                f"Translations found first: {translations_found(rows):.3f}."
            ),
            answers(embedder),
            planted(),
            f"Supply and demand of 2,000 localities: {tables():.2f} CPU seconds.",
        )
    )


if __name__ == "__main__":
    print(run())
