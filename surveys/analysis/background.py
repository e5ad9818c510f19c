"""What is known before any survey: means by language, and how alike unrelated texts are.

Computed once by `python -m tests.bench.background` and shipped in `data/`; how, and on
which texts, is in docs/analysis.md.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

UNKNOWN = ""
NO_WORD_OF_IT = 0.5


@dataclass(frozen=True)
class Background:
    """Means by language, and mean and spread of the cosines of unrelated pairs."""

    digest: str
    means: dict[str, dict[str, NDArray[np.float32]]]
    spread: dict[str, dict[tuple[str, str], tuple[float, float]]]

    def mean(self, language: str, kind: str) -> NDArray[np.float32]:
        """float32[384]: of this language, or of all where it is not known."""
        means = self.means["passage" if kind == "offer" else "query"]
        return means[nearest_code(language, means)]

    def percentile(
        self,
        likeness: NDArray[np.float64],
        need_languages: Sequence[str],
        offer_languages: Sequence[str],
        *,
        model: str,
    ) -> NDArray[np.float64]:
        """Share of unrelated pairs of the same two languages with a lower cosine."""
        spread = self.spread[model]
        known = {code for pair in spread for code in pair}
        rows = [nearest_code(code, known) for code in need_languages]
        columns = [nearest_code(code, known) for code in offer_languages]
        result = np.full(likeness.shape, NO_WORD_OF_IT)
        for pair in sorted({(row, column) for row in rows for column in columns}):
            here = np.ix_(
                [row == pair[0] for row in rows],
                [column == pair[1] for column in columns],
            )
            if pair in spread:
                middle, width = spread[pair]
                result[here] = ndtr((likeness[here] - middle) / width)
        return result


def nearest_code(language: str, known: Any) -> str:
    """`pt-BR` is `pt` where only that is known; else the code for unknown."""
    code = language.strip().replace("_", "-").lower()
    for candidate in (code, code.split("-")[0], f"{code}-hans"):
        if candidate in known:
            return candidate
    return UNKNOWN


@cache
def load_background() -> Background:
    """From the shipped file; once per process."""
    raw = (files("surveys.analysis") / "data" / "background.npz").read_bytes()
    with np.load(BytesIO(raw), allow_pickle=False) as file:
        languages = [str(code) for code in file["languages"]]
        means = {
            prefix: dict(zip(languages, file[prefix].astype(np.float32), strict=True))
            for prefix in ("query", "passage")
        }
        spread = {
            model: {
                (str(need), str(offer)): (float(middle), float(width))
                for (need, offer), (middle, width) in zip(
                    file[f"{model}_pairs"], file[f"{model}_spread"], strict=True
                )
            }
            for model in ("e5", "trigram")
        }
    return Background(sha256(raw).hexdigest()[:8], means, spread)


@cache
def background_texts() -> list[dict[str, Any]]:
    """Needs and offers made up for this: the n-th need meets the n-th offer."""
    raw = (files("surveys.analysis") / "data" / "background.json").read_bytes()
    texts: list[dict[str, Any]] = json.loads(raw)
    return texts
