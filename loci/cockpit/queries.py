"""What needs a coordinator now."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import ngettext

from localities.models import Locality, Region
from loci.accounts.models import User
from loci.cycles.models import Promise
from loci.notices.choices import NoticeState
from loci.notices.models import Notice
from matchmaking.choices import RoundState, SuggestionState
from matchmaking.models import Reply, Round, Suggestion
from surveys.choices import PartState, WaveState
from surveys.models import Part, Wave


@dataclass(frozen=True)
class Line:
    """One line of *Needs you*: how many, of what, and the one thing to do."""

    count: int
    sentence: str
    verb: str
    url: str


@dataclass(frozen=True)
class WaveRow:
    wave: Wave
    sent: int
    started: int
    parts: int

    @property
    def waiting(self) -> int:
        return self.parts - self.sent


@dataclass(frozen=True)
class Index:
    lines: tuple[Line, ...]
    waves: tuple[WaveRow, ...]
    board: tuple[tuple[str, int], ...]
    regions: tuple[str, ...]
    is_first_run: bool


def cockpit_index(person: User) -> Index:
    """The coordinators' first page, for the regions of this person."""
    regions = Region.objects.coordinated_by(person)
    waves = Wave.objects.filter(state=WaveState.OPEN).order_by("closes_at", "pk")
    lines = (
        _parts_missing(person),
        _suggestions_to_review(person),
        _rounds_failed(),
        _yes_waiting(person),
        _seats_empty(person),
        _promises_without_owner(),
        _mails_failed(),
    )
    return Index(
        lines=tuple(line for line in lines if line.count),
        waves=tuple(_wave_row(wave, person) for wave in waves),
        board=_board(person),
        regions=tuple(regions.order_by("name").values_list("name", flat=True)),
        is_first_run=not Locality.objects.exists(),
    )


def _parts_missing(person: User) -> Line:
    count = (
        Part.objects.coordinated_by(person)
        .filter(wave__state=WaveState.OPEN)
        .exclude(state=PartState.SENT)
        .count()
    )
    return Line(
        count,
        ngettext("part has not been sent yet", "parts have not been sent yet", count),
        _see(),
        reverse("admin:surveys_part_changelist") + "?sent=no",
    )


def _see() -> str:
    return ngettext("See it", "See them", 2)


def _suggestions_to_review(person: User) -> Line:
    count = (
        Suggestion.objects.coordinated_by(person)
        .filter(state=SuggestionState.PROPOSED)
        .count()
    )
    return Line(
        count,
        ngettext("suggestion waits for review", "suggestions wait for review", count),
        ngettext("Review it", "Review them", count),
        reverse("admin:matchmaking_suggestion_changelist") + "?state__exact=proposed",
    )


def _rounds_failed() -> Line:
    count = Round.objects.filter(state=RoundState.FAILED).count()
    return Line(
        count,
        ngettext("round could not be computed", "rounds could not be computed", count),
        _see(),
        reverse("admin:matchmaking_round_changelist") + "?state__exact=failed",
    )


def _yes_waiting(person: User) -> Line:
    rows = Suggestion.objects.coordinated_by(person).filter(
        state=SuggestionState.APPROVED
    )
    count = (
        Reply.objects.filter(
            suggestion__in=rows, answer="yes", confirmed_at__isnull=True
        )
        .values("suggestion")
        .distinct()
        .count()
    )
    return Line(
        count,
        ngettext(
            "yes waits for the partner to agree",
            "yeses wait for the partner to agree",
            count,
        ),
        _see(),
        reverse("admin:matchmaking_suggestion_changelist") + "?state__exact=approved",
    )


def _seats_empty(person: User) -> Line:
    count = (
        Locality.objects.filter(region__in=Region.objects.coordinated_by(person))
        .annotate(taken=Count("seats", filter=Q(seats__until__isnull=True)))
        .filter(taken__lt=2)
        .count()
    )
    return Line(
        count,
        ngettext("locality has an empty seat", "localities have an empty seat", count),
        _see(),
        reverse("admin:localities_locality_changelist"),
    )


def _promises_without_owner() -> Line:
    count = Promise.objects.without_owner().count()
    return Line(
        count,
        ngettext(
            "promise has no owner or no date",
            "promises have no owner or no date",
            count,
        ),
        ngettext("Give it one", "Give them one", count),
        reverse("admin:cycles_promise_changelist") + "?owner__isempty=1",
    )


def _mails_failed() -> Line:
    count = Notice.objects.filter(state=NoticeState.FAILED).count()
    return Line(
        count,
        ngettext("mail could not be delivered", "mails could not be delivered", count),
        _see(),
        reverse("admin:notices_notice_changelist") + "?state__exact=failed",
    )


def _wave_row(wave: Wave, person: User) -> WaveRow:
    counted = dict(
        Part.objects.coordinated_by(person)
        .filter(wave=wave)
        .values_list("state")
        .annotate(count=Count("pk"))
        .order_by("state")
    )
    return WaveRow(
        wave,
        counted.get(PartState.SENT, 0),
        counted.get(PartState.IN_PROGRESS, 0),
        sum(counted.values()),
    )


def _board(person: User) -> tuple[tuple[str, int], ...]:
    counted = dict(
        Suggestion.objects.coordinated_by(person)
        .values_list("state")
        .annotate(count=Count("pk"))
        .order_by("state")
    )
    shown = [state for state in SuggestionState if state != SuggestionState.REPLACED]
    return tuple((str(state.label), counted.get(state.value, 0)) for state in shown)
