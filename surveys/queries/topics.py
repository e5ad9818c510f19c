"""Topics by words, with those that are related."""

import unicodedata
from dataclasses import dataclass

from localities.models import Topic


@dataclass(frozen=True)
class TopicFound:
    """One topic in the reader's language; `related` by code and label, by label."""

    code: str
    label: str
    area: str
    scope: str
    related: tuple[tuple[str, str], ...]


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
            row.code,
            row.label,
            row.area.label,
            row.scope,
            tuple(sorted(((o.code, o.label) for o in row.related.all()), key=_label)),
        )
        for row in rows
        if all(
            word in _plain(f"{row.label} {row.area.label} {row.name} {row.scope}")
            for word in sought
        )
    ]


def _label(related: tuple[str, str]) -> str:
    return related[1]


def _plain(text: str) -> str:
    whole = unicodedata.normalize("NFD", text.lower())
    return "".join(sign for sign in whole if not unicodedata.combining(sign))
