"""What texts mean, as vectors: computed once per text, kept in the database."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from django.conf import settings
from django.utils.module_loading import import_string
from numpy.typing import NDArray

from surveys.analysis import embedders
from surveys.models import Embedding, Statement


@dataclass(frozen=True)
class Said:
    """One text with its language; kind is "need", "offer" or "answer"."""

    text: str
    language: str
    kind: embedders.Kind

    @property
    def text_hash(self) -> str:
        whole = f"{self.kind}\n{self.language}\n{self.text}"
        return hashlib.sha256(whole.encode()).hexdigest()


@cache
def the_embedder() -> embedders.Embedder:
    """The embedder of the settings, loaded once per process."""
    made: embedders.Embedder = import_string(settings.LOCI_EMBEDDER)()
    return made


def vectors_of(texts: Sequence[Said]) -> NDArray[np.float32]:
    """float32[n, d] in the order of `texts`; only texts not seen before are computed."""
    embedder = the_embedder()
    name = f"{embedder.name} {embedder.version}"
    kept = Embedding.objects.filter(
        embedder=name, text_hash__in={said.text_hash for said in texts}
    )
    known = {row.text_hash: np.frombuffer(row.vector, "<f4") for row in kept}
    fresh = {said.text_hash: said for said in texts if said.text_hash not in known}
    kinds: tuple[embedders.Kind, ...] = ("answer", "need", "offer")
    for kind in kinds:
        rows = [said for said in fresh.values() if said.kind == kind]
        made = embedder.embed([r.text for r in rows], [r.language for r in rows], kind)
        known |= {row.text_hash: vector for row, vector in zip(rows, made, strict=True)}
    Embedding.objects.bulk_create(
        [
            Embedding(
                text_hash=text_hash,
                embedder=name,
                vector=known[text_hash].astype("<f4").tobytes(),
            )
            for text_hash in fresh
        ],
        ignore_conflicts=True,
    )
    if not texts:
        return np.zeros((0, embedder.dimensions), np.float32)
    return np.stack([known[said.text_hash] for said in texts])


def embed_missing(texts: Sequence[Said], *, at_most: int, batch: int = 64) -> int:
    """Embed up to `at_most` texts not seen before; returns how many are left.

    Each batch is kept at once: who is killed loses one batch and no more.
    """
    missing = _not_seen(texts)
    for start in range(0, min(len(missing), at_most), batch):
        vectors_of(missing[start : min(start + batch, at_most)])
    return max(0, len(missing) - at_most)


def _not_seen(texts: Sequence[Said]) -> list[Said]:
    wanted = {said.text_hash: said for said in texts}
    hashes = sorted(wanted)
    name = f"{the_embedder().name} {the_embedder().version}"
    seen: set[str] = set()
    for start in range(0, len(hashes), 1_000):
        some = hashes[start : start + 1_000]
        rows = Embedding.objects.filter(embedder=name, text_hash__in=some)
        seen.update(rows.values_list("text_hash", flat=True))
    return [wanted[text_hash] for text_hash in hashes if text_hash not in seen]


def affinity_of(needs: Sequence[Said], offers: Sequence[Said]) -> NDArray[np.float64]:
    """float64[needs, offers], 0 (unlike) to 1 (alike), calibrated per language pair."""
    if not needs or not offers:
        return np.zeros((len(needs), len(offers)))
    return embedders.calibrated_affinity(
        vectors_of(needs),
        vectors_of(offers),
        [need.language for need in needs],
        [offer.language for offer in offers],
        model=the_embedder().name,
    )


def said_by(statement: Statement) -> Said:
    """A need or an offer as a text."""
    kind: embedders.Kind = "need" if statement.is_need else "offer"
    return Said(statement.text, statement.language, kind)


def forget_texts(texts: Sequence[Said]) -> None:
    """Delete the vectors of these texts."""
    Embedding.objects.filter(text_hash__in=[said.text_hash for said in texts]).delete()
