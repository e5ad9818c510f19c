"""Load areas, topics, sectors and regions from the file that is kept with their sources."""

from typing import Any

from django.db import transaction

from localities.models import LearningArea, Region, Sector, Topic

Facts = dict[str, Any]


@transaction.atomic
def load_taxonomy(*, taxonomy: Facts, translations: dict[str, dict[str, str]]) -> int:
    """Make the tables equal to the file, by code; returns the number of topics.

    `translations` gives each English label by language. Loading twice changes nothing.
    """
    for position, row in enumerate(taxonomy["areas"]):
        _keep(LearningArea, row["code"], _named(row, position, translations))
    for position, row in enumerate(taxonomy["sectors"]):
        _keep(Sector, row["code"], _named(row, position, translations))
    for row in taxonomy["regions"]:
        _keep(Region, row["code"], {"name": row["label"].split(" (")[0]})
    topics = _load_topics(taxonomy["topics"], translations)
    _load_relations(topics, taxonomy["related"])
    return len(topics)


def _load_topics(rows: list[Facts], translations: dict[str, Any]) -> dict[str, Topic]:
    areas = {area.code: area for area in LearningArea.objects.all()}
    topics = {}
    for position, row in enumerate(rows):
        facts = _named(row, position, translations) | {
            "area": areas[row["area"]],
            "scope": row["scope"],
            "sources": row["sources"],
        }
        topics[row["code"]] = _keep(Topic, row["code"], facts)
    return topics


def _load_relations(topics: dict[str, Topic], pairs: list[list[str]]) -> None:
    related: dict[str, set[int]] = {code: set() for code in topics}
    for one, other in pairs:
        related[one].add(topics[other].pk)
        related[other].add(topics[one].pk)
    for code, others in related.items():
        topics[code].related.set(others)


def _named(row: Facts, position: int, translations: dict[str, Any]) -> Facts:
    label = row["label"]
    return {"name": label, "names": translations.get(label, {}), "position": position}


def _keep(model: Any, code: str, facts: Facts) -> Any:
    kept, _is_new = model.objects.update_or_create(code=code, defaults=facts)
    return kept
