"""The demonstration's loop and practice cards, from public facts with their sources."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from localities.choices import Side
from localities.models import Locality, Topic
from loci.accounts.models import User
from loci.cycles.choices import LessonState
from loci.cycles.models import Cycle, Lesson
from loci.cycles.services.cycles import begin_cycle
from surveys.models import Wave

CARDS_AT_MOST = 3
SIDES = {"gov": Side.GOVERNMENT, "cso": Side.CIVIL_SOCIETY}
Facts = dict[str, Any]


def remember(
    *,
    wave: Wave,
    places: Mapping[str, Locality],
    statements: list[Facts],
    by: User,
    now: datetime,
) -> Cycle:
    """The first turn of the loop, and a few cards made of sourced offers."""
    told = [
        row
        for row in statements
        if row["kind"] == "offer"
        and row["locality"] in places
        and row["side"] in SIDES
        and row["sources"]
    ]
    seen: set[str] = set()
    for row in told:
        if row["locality"] not in seen and len(seen) < CARDS_AT_MOST:
            seen.add(row["locality"])
            _card(places[row["locality"]], row, now)
    return begin_cycle(title="First turn of the loop", wave=wave, owner=by, by=by)


def _card(place: Locality, row: Facts, now: datetime) -> Lesson:
    topic = Topic.objects.get(code=row["topic"])
    source = str(row["sources"][0]).split(" ", maxsplit=1)[0]
    return Lesson.objects.create(
        locality=place,
        side=SIDES[row["side"]],
        topic=topic,
        title=f"{topic.name}: {place.name}"[:160],
        problem=topic.scope or topic.name,
        done=row["statement"],
        evidence_url=source if source.startswith("https://") else "",
        takes_questions=True,
        state=LessonState.PUBLISHED,
        agreed_at=now,
        published_at=now,
        is_demo=True,
    )
