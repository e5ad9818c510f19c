"""Words and voices of a group: drafts, until a coordinator names it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from surveys.analysis.background import background_texts
from surveys.analysis.texts import clean

WORDS, VOICES = 4, 3
BY_LOCALITIES = 2
STEM = 6
COMMON = 2
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, order=True)
class Said:
    """A text: a need, an offer or an open answer of one locality (`unit`)."""

    id: str
    text: str
    language: str
    unit: int
    region: str = ""
    side: str = ""
    topic: str = ""
    may_quote: bool = False


def label(inside: Sequence[Said], others: Sequence[Sequence[Said]]) -> tuple[str, ...]:
    """Words and pairs of words that tell this group from the others, best first.

    Class-based TF-IDF in the group's most frequent language that has such words; then
    its two most frequent topics. Only words of at least two localities: one that a
    single locality uses may point to it. Can be empty.
    """
    topics = _most_frequent(text.topic for text in inside if text.topic)[:2]
    for language in _most_frequent(text.language for text in inside):
        words = _words(
            *([t for t in each if t.language == language] for each in (inside, *others))
        )
        if words:
            return (*words[:WORDS], *topics)
    return tuple(topics)


def _words(mine: Sequence[Said], *others: Sequence[Said]) -> list[str]:
    """Texts of one language: forms of one word count together."""
    classes = [
        Counter(chain.from_iterable(map(_terms, each))) for each in (mine, *others)
    ]
    average = sum(count.total() for count in classes) / len(classes)
    everywhere = sum(classes, Counter[str]())
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    speakers: dict[str, set[int]] = defaultdict(set)
    for text in mine:
        for stem, form in _terms(text).items():
            forms[stem][form] += 1
            speakers[stem].add(text.unit)
    scores = {
        stem: len(units) * log(1 + average / everywhere[stem])
        for stem, units in speakers.items()
        if len(units) >= BY_LOCALITIES
    }
    best = sorted(scores, key=lambda stem: (-scores[stem], stem))
    return [
        _most_frequent(forms[stem].elements())[0] for stem in _without_repeats(best)
    ]


def representatives(
    inside: Sequence[Said], near: NDArray[np.float64]
) -> tuple[str, ...]:
    """The three nearest the centre that may be quoted, each from another locality."""
    order = sorted(
        range(len(inside)), key=lambda place: (-near[place], inside[place].id)
    )
    chosen: dict[int, str] = {}
    for place in order:
        if inside[place].may_quote:
            chosen.setdefault(inside[place].unit, inside[place].id)
    return tuple(chosen.values())[:VOICES]


def _terms(text: Said) -> dict[str, str]:
    """Words and neighbouring words that say something: stem to form."""
    common = _common(text.language)
    words = _WORD.findall(clean(text.text).casefold())
    terms: list[tuple[str, ...]] = [(word,) for word in words if word not in common]
    terms += [pair for pair in pairwise(words) if not common & set(pair)]
    return {" ".join(word[:STEM] for word in term): " ".join(term) for term in terms}


@cache
def _common(language: str) -> frozenset[str]:
    """Words that stand in two unrelated texts of the language say little."""
    seen: Counter[str] = Counter()
    for pair in background_texts():
        seen.update(set(_WORD.findall(pair["texts"].get(language, "").casefold())))
    return frozenset(word for word, count in seen.items() if count >= COMMON)


def _most_frequent(values: Iterable[str]) -> list[str]:
    counts = Counter(values)
    return sorted(counts, key=lambda value: (-counts[value], value))


def _without_repeats(terms: Sequence[str]) -> list[str]:
    """Less those that share a word with a better one."""
    result: list[str] = []
    used: set[str] = set()
    for term in terms:
        if not used & set(term.split()):
            result.append(term)
            used |= set(term.split())
    return result
