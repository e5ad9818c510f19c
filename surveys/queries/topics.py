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

    @property
    def related_codes(self) -> str:
        """Codes with spaces between, as an attribute holds them."""
        return " ".join(code for code, _label in self.related)


def topics_like(words: str) -> list[TopicFound]:
    """Topics whose name, area or scope holds every word; all of them without words."""
    sought = _plain(words).split()
    rows = list(
        Topic.objects.select_related("area").order_by(
            "area__position", "position", "pk"
        )
    )
    named = {row.pk: (row.code, row.label) for row in rows}
    related: dict[int, list[tuple[str, str]]] = {row.pk: [] for row in rows}
    links = Topic.related.through.objects.values_list("from_topic", "to_topic")
    for one, other in links:
        if one in named and other in named:
            related[one].append(named[other])
    return [
        TopicFound(
            row.code,
            named[row.pk][1],
            row.area.label,
            row.scope,
            tuple(sorted(related[row.pk], key=_label)),
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
