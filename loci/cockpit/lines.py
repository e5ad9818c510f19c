"""*Needs you*: how many, of what, and where to see them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from localities.models import FactDoubt, Locality, Region, Seat
from loci.accounts.models import User
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
from matchmaking.queries.rounds import changed_since
from meetings.choices import TO_COME
from meetings.models import Meeting
from surveys.choices import PartState, WaveState
from surveys.models import Part, Theme, Wave


@dataclass(frozen=True)
class Line:
    """One line of *Needs you*: how many, of what, and the one thing to do."""

    count: int
    sentence: str
    verb: str
    url: str


def lines_for(person: User, *, whole_network: bool) -> tuple[Line, ...]:
    """What needs this coordinator; nothing that only others can act on."""
    lines = [
        *_of_regions(person),
        *_of_meetings(person),
        *(_whole_network() if whole_network else ()),
    ]
    return tuple(line for line in lines if line.count)


def _line(count: int, sentence: str, table: str, query: str, verb: str = "") -> Line:
    see = verb or ngettext("See it", "See them", count)
    return Line(count, sentence, see, reverse(f"admin:{table}_changelist") + query)


def _of_regions(person: User) -> Iterator[Line]:
    yield _parts_line(person)
    count = _reviewable(person).count()
    yield _line(
        count,
        ngettext("suggestion waits for review", "suggestions wait for review", count),
        "matchmaking_suggestion",
        "?state__exact=proposed",
        ngettext("Review it", "Review them", count),
    )
    count = IntroductionRequest.objects.coordinated_by(person).waiting().count()
    yield _line(
        count,
        ngettext(
            "request for an introduction waits",
            "requests for introductions wait",
            count,
        ),
        "matchmaking_introductionrequest",
        "?state__exact=waiting",
        ngettext("Answer it", "Answer them", count),
    )
    count = _circles(person).count()
    yield _line(
        count,
        ngettext("circle waits for review", "circles wait for review", count),
        "matchmaking_circle",
        "?state__exact=proposed",
        ngettext("Review it", "Review them", count),
    )
    count = _yes_waiting(person).count()
    yield _line(
        count,
        ngettext(
            "yes waits for the partner to agree",
            "yeses wait for the partner to agree",
            count,
        ),
        "matchmaking_suggestion",
        "?state__exact=approved",
    )
    count = FactDoubt.objects.coordinated_by(person).waiting().count()
    yield _line(
        count,
        ngettext(
            "line of public sources is said to be wrong",
            "lines of public sources are said to be wrong",
            count,
        ),
        "localities_fact",
        "?o=-4",
        ngettext("Check it", "Check them", count),
    )
    count = _seats_empty(person).count()
    yield _line(
        count,
        ngettext("locality has an empty seat", "localities have an empty seat", count),
        "localities_locality",
        "",
    )
    count = _lonely_seats(person).count()
    yield _line(
        count,
        ngettext("side has one person only", "sides have one person only", count),
        "localities_locality",
        "?alone=yes",
    )


def _parts_line(person: User) -> Line:
    """Missing parts, with the monitor of the wave that closes next."""
    missing = _parts_missing(person)
    count = missing.count()
    first = missing.order_by("wave__closes_at", "wave").values_list("wave", flat=True)
    wave = first.first() if count else None
    return Line(
        count,
        ngettext("part has not been sent yet", "parts have not been sent yet", count),
        gettext("See and remind"),
        reverse("admin:surveys_wave_monitor", args=[wave or 0]) + "?missing=1",
    )


def _of_meetings(person: User) -> Iterator[Line]:
    """Meetings that nobody hosts any more, and those that are over."""
    own, now = Meeting.objects.coordinated_by(person), timezone.now()
    count = own.to_come(now).without_host().count()
    yield _line(
        count,
        ngettext("meeting to come has no host", "meetings to come have no host", count),
        "meetings_meeting",
        "",
        ngettext("Name one", "Name them", count),
    )
    count = own.filter(state__in=TO_COME, ends_at__lte=now).count()
    yield _line(
        count,
        ngettext(
            "meeting is over: note that it was held",
            "meetings are over: note that they were held",
            count,
        ),
        "meetings_meeting",
        "",
    )


def _whole_network() -> Iterator[Line]:
    yield from _of_network()
    yield from _of_new_words()
    yield from _of_what_was_heard()


def _of_what_was_heard() -> Iterator[Line]:
    """Themes without a name, corrections without an answer, promises past their day."""
    count = Theme.objects.filter(
        name="", is_set_aside=False, wave__state=WaveState.CLOSED
    ).count()
    yield _line(
        count,
        ngettext("theme waits for a name", "themes wait for a name", count),
        "surveys_theme",
        "?is_set_aside__exact=0",
        ngettext("Name it", "Name them", count),
    )
    count = Reading.objects.filter(
        verdict=Verdict.CORRECT,
        outcome="",
        section__report__state=ReportState.READING,
    ).count()
    yield _line(
        count,
        ngettext(
            "correction of a reader waits for an answer",
            "corrections of readers wait for an answer",
            count,
        ),
        "cycles_reading",
        "?verdict__exact=correct",
        ngettext("Answer it", "Answer them", count),
    )
    count = Promise.objects.to_take_up_again().count()
    yield _line(
        count,
        ngettext(
            "promise waits for a word since the meeting",
            "promises wait for a word since the meeting",
            count,
        ),
        "cycles_promise",
        "?is_published__exact=1",
    )
    count = Promise.objects.published().late(timezone.localdate()).count()
    yield _line(
        count,
        ngettext("promise is late", "promises are late", count),
        "cycles_promise",
        "?is_published__exact=1",
    )


def _of_new_words() -> Iterator[Line]:
    """Localities that said something new after the last round of an open wave."""
    for wave in Wave.objects.filter(state=WaveState.OPEN).order_by("pk"):
        count = len(changed_since(wave))
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


def _of_network() -> Iterator[Line]:
    count = Round.objects.filter(state=RoundState.FAILED).count()
    yield _line(
        count,
        ngettext("round could not be computed", "rounds could not be computed", count),
        "matchmaking_round",
        "?state__exact=failed",
    )
    count = StuckJob.objects.filter(parked_at__isnull=False).count()
    stuck = ngettext(
        "background job was put aside", "background jobs were put aside", count
    )
    yield _line(count, stuck, "notices_stuckjob", "")
    count = Promise.objects.without_owner().count()
    yield _line(
        count,
        ngettext(
            "promise has no owner or no date",
            "promises have no owner or no date",
            count,
        ),
        "cycles_promise",
        "?owner__isempty=1",
        ngettext("Give it one", "Give them one", count),
    )
    count = Notice.objects.filter(state=NoticeState.FAILED).count()
    yield _line(
        count,
        ngettext("mail could not be delivered", "mails could not be delivered", count),
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
