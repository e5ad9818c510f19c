"""Words and voices of a group: drafts, until a coordinator names it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from surveys.analysis.background import background_texts
from surveys.analysis.texts import clean

WORDS, VOICES = 4, 3
BY_LOCALITIES = 2  # a word that only one locality uses may point to it
COMMON = 3
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

    Class-based TF-IDF in the group's most frequent language; then its two most frequent
    topics. Words of one locality alone are left out.
    """
    language = _most_frequent(text.language for text in inside)[0]
    mine = [text for text in inside if text.language == language]
    classes = [
        Counter(
            term for text in each if text.language == language for term in _terms(text)
        )
        for each in (inside, *others)
    ]
    average = sum(count.total() for count in classes) / len(classes)
    all_together: Counter[str] = sum(classes, Counter())
    speakers = Counter(
        term
        for _, term in {(text.unit, term) for text in mine for term in _terms(text)}
    )
    scores = {
        term: speakers[term]
        * log(1 + average / all_together[term])
        * (1 + term.count(" "))
        for term in classes[0]
        if speakers[term] >= BY_LOCALITIES
    }
    best = sorted(scores, key=lambda term: (-scores[term], term))
    topics = _most_frequent(text.topic for text in inside if text.topic)[:2]
    return (*_without_repeats(best)[:WORDS], *topics)


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


def _terms(text: Said) -> list[str]:
    common = _common(text.language)
    words = _WORD.findall(clean(text.text).casefold())
    pairs = [
        f"{one} {next_}"
        for one, next_ in pairwise(words)
        if one not in common and next_ not in common
    ]
    return [word for word in words if word not in common] + pairs


@cache
def _common(language: str) -> frozenset[str]:
    """Words that stand in several unrelated texts of the language say little."""
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
