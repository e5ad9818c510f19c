"""Work that ends its process; a real worker loads it by its name."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path

from surveys.analysis.embedders import Kind, TrigramEmbedder, Vectors


def end_in_an_instant(what: str) -> None:
    """As when the machine runs out of memory; leaves a line for each try."""
    with Path(os.environ["LOCI_POISON_LOG"]).open("a") as log:
        log.write(f"{what}\n")
    os.kill(os.getpid(), signal.SIGKILL)


class PoisonousEmbedder(TrigramEmbedder):
    """A text model that one text is too much for."""

    def embed(
        self, texts: Sequence[str], languages: Sequence[str], kind: Kind
    ) -> Vectors:
        if any("poison" in text for text in texts):
            end_in_an_instant("embedder")
        return super().embed(texts, languages, kind)
