"""*Needs you*: how many, of what, and where to see them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, ngettext_lazy

from localities.models import FactDoubt, Locality, Region, Seat
from loci.accounts.models import User
from loci.cockpit.line import Kind, Line
from loci.core.counting import counted
from loci.cycles.choices import ReportState, Verdict
from loci.cycles.models import Promise, Reading
from loci.notices.choices import NoticeState
from loci.notices.models import Notice, StuckJob
from matchmaking.choices import (
    CircleState,
    ReplyAnswer,
    RoundState,
    SuggestionState,
)
from matchmaking.models import Circle, IntroductionRequest, Round, Suggestion
from matchmaking.queries.changed import changed_in
from meetings.choices import TO_COME
from meetings.models import Meeting
from surveys.choices import PartState, WaveState
from surveys.models import Part, Theme, Wave

SOON = timedelta(days=7)


def lines_for(
    person: User,
    waves: Sequence[Wave] = (),
    *,
    whole_network: bool,
    also: Sequence[Any] = (),
) -> tuple[tuple[Line, ...], list[Any]]:
    """What needs this coordinator while these waves are open; nothing for others only.

    With the values of `also`, which are asked in the same breath.
    """
    kinds = kinds_for(person, whole_network=whole_network)
    missing = _parts_missing(person)
    first = missing.order_by("wave__closes_at", "wave").values("wave")[:1]
    rows = [missing, *(kind.rows for kind in kinds)]
    (parts, *counts), (wave, *others) = counted(rows, also=[Subquery(first), *also])
    lines = [
        _parts_line(parts, wave),
        *(kind.line(count) for kind, count in zip(kinds, counts, strict=True)),
        *(_of_new_words(waves) if whole_network else ()),
    ]
    return tuple(line for line in lines if line.count), others


def kinds_for(person: User, *, whole_network: bool) -> list[Kind]:
    """All that may need this coordinator."""
    kinds = [*_of_regions(person), *_of_meetings(person)]
    if whole_network:
        kinds += [*_of_network(), *_of_what_was_heard()]
    return kinds


def _parts_line(count: int, wave: int | None) -> Line:
    """Missing parts, with the monitor of the wave that closes next."""
    return Line(
        count,
        ngettext("part has not been sent yet", "parts have not been sent yet", count),
        gettext("See and remind"),
        reverse("admin:surveys_wave_monitor", args=[wave or 0]) + "?missing=1",
    )


def _of_regions(person: User) -> Iterator[Kind]:
    yield Kind(
        _reviewable(person),
        ngettext_lazy("suggestion waits for review", "suggestions wait for review"),
        "matchmaking_suggestion",
        "?state__exact=proposed",
        ngettext_lazy("Review it", "Review them"),
    )
    yield Kind(
        IntroductionRequest.objects.coordinated_by(person).waiting(),
        ngettext_lazy(
            "request for an introduction waits", "requests for introductions wait"
        ),
        "matchmaking_introductionrequest",
        "?state__exact=waiting",
        ngettext_lazy("Answer it", "Answer them"),
    )
    yield Kind(
        _circles(person),
        ngettext_lazy("circle waits for review", "circles wait for review"),
        "matchmaking_circle",
        "?state__exact=proposed",
        ngettext_lazy("Review it", "Review them"),
    )
    yield Kind(
        _yes_waiting(person),
        ngettext_lazy(
            "yes waits for the partner to agree", "yeses wait for the partner to agree"
        ),
        "matchmaking_suggestion",
        "?state__exact=approved",
    )
    yield Kind(
        FactDoubt.objects.coordinated_by(person).waiting(),
        ngettext_lazy(
            "line of public sources is said to be wrong",
            "lines of public sources are said to be wrong",
        ),
        "localities_fact",
        "?o=-4",
        ngettext_lazy("Check it", "Check them"),
    )
    yield Kind(
        _seats_empty(person),
        ngettext_lazy("locality has an empty seat", "localities have an empty seat"),
        "localities_locality",
    )
    yield Kind(
        _lonely_seats(person),
        ngettext_lazy("side has one person only", "sides have one person only"),
        "localities_locality",
        "?alone=yes",
    )


def _of_meetings(person: User) -> Iterator[Kind]:
    """Meetings that nobody hosts any more, and those that are over."""
    own, now = Meeting.objects.coordinated_by(person), timezone.now()
    yield Kind(
        own.to_come(now).without_host(),
        ngettext_lazy("meeting to come has no host", "meetings to come have no host"),
        "meetings_meeting",
        verb=ngettext_lazy("Name one", "Name them"),
    )
    yield Kind(
        own.filter(state__in=TO_COME, ends_at__lte=now),
        ngettext_lazy(
            "meeting is over: note that it was held",
            "meetings are over: note that they were held",
        ),
        "meetings_meeting",
    )


def _of_what_was_heard() -> Iterator[Kind]:
    """Themes without a name, corrections without an answer, promises past their day."""
    yield Kind(
        Theme.objects.filter(name="", is_set_aside=False, wave__state=WaveState.CLOSED),
        ngettext_lazy("theme waits for a name", "themes wait for a name"),
        "surveys_theme",
        "?is_set_aside__exact=0",
        ngettext_lazy("Name it", "Name them"),
    )
    yield Kind(
        Reading.objects.filter(
            verdict=Verdict.CORRECT,
            outcome="",
            section__report__state=ReportState.READING,
        ),
        ngettext_lazy(
            "correction of a reader waits for an answer",
            "corrections of readers wait for an answer",
        ),
        "cycles_reading",
        "?verdict__exact=correct",
        ngettext_lazy("Answer it", "Answer them"),
    )
    yield Kind(
        Promise.objects.to_take_up_again(),
        ngettext_lazy(
            "promise waits for a word since the meeting",
            "promises wait for a word since the meeting",
        ),
        "cycles_promise",
        "?is_published__exact=1",
    )
    yield Kind(
        Promise.objects.published().late(timezone.localdate()),
        ngettext_lazy("promise is late", "promises are late"),
        "cycles_promise",
        "?is_published__exact=1",
    )


def _of_new_words(waves: Sequence[Wave]) -> Iterator[Line]:
    """Localities that said something new after the last round of an open wave."""
    new = changed_in(waves)
    for wave in waves:
        count = len(new[wave.pk])
        yield Line(
            count,
            ngettext(
                "locality has said something new since the last round",
                "localities have said something new since the last round",
                count,
            ),
            gettext("Match again"),
            reverse("admin:matchmaking_round_changed", args=[wave.pk]),
        )


def _of_network() -> Iterator[Kind]:
    soon = timezone.now() + SOON
    yield Kind(
        Wave.objects.filter(state=WaveState.DRAFT, opens_at__lte=soon),
        ngettext_lazy(
            "wave is a draft, though its opening day is near or past",
            "waves are drafts, though their opening day is near or past",
        ),
        "surveys_wave",
        "?state__exact=draft",
        ngettext_lazy("Open it", "Open them"),
    )
    yield Kind(
        Round.objects.filter(state=RoundState.FAILED),
        ngettext_lazy("round could not be computed", "rounds could not be computed"),
        "matchmaking_round",
        "?state__exact=failed",
    )
    yield Kind(
        StuckJob.objects.filter(parked_at__isnull=False),
        ngettext_lazy("background job was put aside", "background jobs were put aside"),
        "notices_stuckjob",
    )
    yield Kind(
        Promise.objects.without_owner(),
        ngettext_lazy(
            "promise has no owner or no date", "promises have no owner or no date"
        ),
        "cycles_promise",
        "?owner__isempty=1",
        ngettext_lazy("Give it one", "Give them one"),
    )
    yield Kind(
        Notice.objects.filter(state=NoticeState.FAILED),
        ngettext_lazy("mail could not be delivered", "mails could not be delivered"),
        "notices_notice",
        "?state__exact=failed",
    )


def _parts_missing(person: User) -> QuerySet[Part]:
    rows = Part.objects.coordinated_by(person).filter(wave__state=WaveState.OPEN)
    return rows.exclude(state=PartState.SENT)


def _reviewable(person: User) -> QuerySet[Suggestion]:
    rows = Suggestion.objects.coordinated_by(person)
    return rows.filter(state=SuggestionState.PROPOSED)


def _circles(person: User) -> QuerySet[Circle]:
    rows = Circle.objects.coordinated_by(person)
    return rows.filter(state=CircleState.PROPOSED)


def _yes_waiting(person: User) -> QuerySet[Suggestion]:
    rows = Suggestion.objects.coordinated_by(person).filter(
        state=SuggestionState.APPROVED,
        replies__answer=ReplyAnswer.YES,
        replies__confirmed_at__isnull=True,
    )
    return rows.distinct()


def _lonely_seats(person: User) -> QuerySet[Seat]:
    """Sides where nobody could stand in: one person is the only key."""
    regions = Region.objects.coordinated_by(person)
    return Seat.objects.lonely().filter(locality__region__in=regions)


def _seats_empty(person: User) -> QuerySet[Locality]:
    rows = Locality.objects.filter(region__in=Region.objects.coordinated_by(person))
    taken = Count("seats", filter=Q(seats__until__isnull=True))
    return rows.annotate(taken=taken).filter(taken__lt=2)
