"""The figures of a year: counted, protected, and kept as they were shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.cycles.choices import FEW
from loci.cycles.models import YearSummary
from matchmaking.choices import Outcome, SuggestionState
from matchmaking.models import Circle, Suggestion

LADDER = (Outcome.ACCEPTED, Outcome.USEFUL, Outcome.APPLIED, Outcome.PASSED_ON)


@dataclass(frozen=True)
class Counted:
    """How many, and how many localities stand behind it."""

    count: int
    localities: int


@dataclass(frozen=True)
class Figure:
    """One figure as everybody may read it; both numbers are None where it is hidden."""

    key: str
    count: int | None
    localities: int | None


def protected(key: str, now: Counted, before: Figure | None = None) -> Figure:
    """Hide what fewer than three localities stand behind, now and as a difference.

    A figure that was shown stays as it was until three localities more, or fewer,
    stand behind it: else two readings told what one or two localities did. One that
    was hidden stays so until it could have been hidden no longer: from five on.
    """
    if before is not None and not _may_be_told(now, before):
        return before
    if 0 < now.localities < FEW:
        return Figure(key, None, None)
    return Figure(key, now.count, now.localities)


def _may_be_told(now: Counted, before: Figure) -> bool:
    """Whether the new figure beside the old one tells of nobody few."""
    if before.localities is None:
        return now.localities >= 2 * FEW - 1
    return before.localities == 0 or abs(now.localities - before.localities) >= FEW


@transaction.atomic
def count_year(*, year: int, by: User | None, now: datetime) -> YearSummary:
    """Count the year anew; what everybody has read changes by three localities or not."""
    summary, _is_new = YearSummary.objects.select_for_update().get_or_create(
        year=year, defaults={"counted_at": now}
    )
    before = {row["key"]: Figure(**row) for row in summary.figures}
    summary.figures = [
        vars(protected(key, counted, before.get(key)))
        for key, counted in _counted(year)
    ]
    summary.counted_at = now
    summary.save()
    record(by, "counted", summary)
    return summary


def _counted(year: int) -> Iterable[tuple[str, Counted]]:
    introduced = list(
        Suggestion.objects.filter(
            state=SuggestionState.INTRODUCED, introduced_at__year=year
        ).values_list("outcome", "seeker", "helper")
    )
    for step in LADDER:
        reached = [row for row in introduced if row[0] >= step]
        places = {place for row in reached for place in row[1:]}
        yield f"introductions.{step.name.lower()}", Counted(len(reached), len(places))
    yield "circles", _circles(year)


def _circles(year: int) -> Counted:
    rows = Circle.objects.filter(formed_at__year=year)
    places = rows.filter(members__answer="yes").values("members__locality").distinct()
    return Counted(rows.count(), places.count())
