"""Vectors of texts, computed once."""

from django.db import models


class Embedding(models.Model):
    """One text as a vector: float32, little-endian, rows of unit length.

    The text itself is not kept here, only its sha-256 with language and kind.
    """

    text_hash = models.CharField(max_length=64)
    embedder = models.CharField(max_length=80)
    vector = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["text_hash", "embedder"], name="surveys_embedding_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.text_hash[:12]} {self.embedder}"
