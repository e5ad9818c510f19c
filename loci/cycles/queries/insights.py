"""Insights: the figures of each year, and of each wave that was shared back."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from loci.core.tables import csv_of
from loci.cycles.choices import PromiseState
from loci.cycles.models import Lesson, Promise, YearSummary
from meetings.choices import MeetingState
from meetings.models import Meeting
from surveys.choices import WaveState
from surveys.models import Wave
from surveys.queries.results import results_of

TOPICS_AT_MOST = 10
WAVES_AT_MOST = 4


@dataclass(frozen=True)
class FigureShown:
    """One figure in words; None where it is hidden."""

    key: str
    label: str
    count: int | None
    localities: int | None = None


@dataclass(frozen=True)
class TopicShown:
    topic: str
    needs: int | None
    offers: int | None


@dataclass(frozen=True)
class WaveShown:
    """A wave that was shared back: how many answered, and what was asked for most."""

    title: str
    answered: int
    asked: int
    topics: tuple[TopicShown, ...]


@dataclass(frozen=True)
class YearShown:
    """One year: words of its coordinators, figures, waves."""

    year: int
    words: str
    figures: tuple[FigureShown, ...]
    waves: tuple[WaveShown, ...]


def years_shown() -> tuple[YearShown, ...]:
    """All counted years, the newest first; with the newest waves."""
    public, waves = _public(), _waves()
    return tuple(
        YearShown(
            summary.year,
            summary.words,
            (*_protected(summary), *public(summary.year)),
            tuple(shown for year, shown in waves if year == summary.year),
        )
        for summary in YearSummary.objects.order_by("-year")
    )


def _labels() -> dict[str, str]:
    return {
        "introductions.accepted": _("pairs introduced to each other"),
        "introductions.useful": _("introductions that were useful"),
        "introductions.applied": _("introductions of which something was applied"),
        "introductions.passed_on": _("introductions whose lesson was passed on"),
        "circles": _("circles formed around one need"),
        "promises.kept": _("promises kept"),
        "promises.refused": _("promises not kept, with the reason"),
        "cards": _("practice cards published"),
        "meetings": _("meetings held"),
    }


def _protected(summary: YearSummary) -> list[FigureShown]:
    labels = _labels()
    return [
        FigureShown(row["key"], labels[row["key"]], row["count"], row["localities"])
        for row in summary.figures
        if row["key"] in labels
    ]


def _public() -> Callable[[int], list[FigureShown]]:
    """What everybody can count for themselves, of any year."""
    published = Promise.objects.published()
    counts = {
        "promises.kept": _by_year(
            published.filter(state=PromiseState.DONE), "updated_at"
        ),
        "promises.refused": _by_year(
            published.filter(state=PromiseState.NOT_DOING), "updated_at"
        ),
        "cards": _by_year(Lesson.objects.published(), "published_at"),
        "meetings": _by_year(
            Meeting.objects.filter(state=MeetingState.HELD), "ends_at"
        ),
    }
    labels = _labels()
    return lambda year: [
        FigureShown(key, labels[key], by_year.get(year, 0))
        for key, by_year in counts.items()
    ]


def _by_year(rows: QuerySet[Any], column: str) -> dict[int, int]:
    counted = rows.values_list(f"{column}__year").annotate(count=Count("pk"))
    return dict(counted.order_by(f"{column}__year"))


def _waves() -> list[tuple[int, WaveShown]]:
    """The newest waves that were shared back, with their year."""
    rows = Wave.objects.filter(state=WaveState.SHARED_BACK)
    found = []
    for wave in rows.order_by("-closes_at", "pk")[:WAVES_AT_MOST]:
        results = results_of(wave)
        if results is not None:
            topics = tuple(
                TopicShown(row.topic, row.needs.count, row.offers.count)
                for row in results.counted[:TOPICS_AT_MOST]
            )
            shown = WaveShown(wave.title, results.answered, results.asked, topics)
            found.append((wave.closes_at.year, shown))
    return found


def _rows(years: Sequence[YearShown]) -> Iterator[tuple[int, str, int | None, bool]]:
    """(year, figure, count, whether it is hidden)."""
    for year in years:
        for row in year.figures:
            yield year.year, row.label, row.count, row.count is None
        for wave in year.waves:
            for topic in wave.topics:
                for word, count in (
                    (_("needed by"), topic.needs),
                    (_("offered by"), topic.offers),
                ):
                    label = f"{wave.title}: {topic.topic}, {word}"
                    yield year.year, label, count, count is None


HEADING = ("year", "figure", "count", "is_hidden")


def as_json(years: Sequence[YearShown]) -> bytes:
    rows = [dict(zip(HEADING, row, strict=True)) for row in _rows(years)]
    return json.dumps({"rows": rows}, ensure_ascii=False, indent=1).encode()


def as_csv(years: Sequence[YearShown]) -> bytes:
    return csv_of(HEADING, _rows(years))
