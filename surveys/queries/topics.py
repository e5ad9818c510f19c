"""Topics by words, with those that are related."""

import unicodedata
from dataclasses import dataclass

from localities.models import Topic


@dataclass(frozen=True)
class TopicFound:
    label: str
    area: str
    scope: str
    related: tuple[str, ...]


def topics_like(words: str) -> list[TopicFound]:
    """Topics whose name, area or scope holds every word; all of them without words."""
    sought = _plain(words).split()
    rows = (
        Topic.objects.select_related("area")
        .prefetch_related("related")
        .order_by("area__position", "position", "pk")
    )
    return [
        TopicFound(
            row.label,
            row.area.label,
            row.scope,
            tuple(sorted(other.label for other in row.related.all())),
        )
        for row in rows
        if all(
            word in _plain(f"{row.label} {row.area.label} {row.name} {row.scope}")
            for word in sought
        )
    ]


def _plain(text: str) -> str:
    whole = unicodedata.normalize("NFD", text.lower())
    return "".join(sign for sign in whole if not unicodedata.combining(sign))
