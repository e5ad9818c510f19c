"""What needs a coordinator now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, Q
from django.utils import timezone

from localities.choices import Role
from localities.models import Invitation, Locality, Membership, Region
from loci.accounts.models import User
from loci.cockpit.line import Line
from loci.cockpit.lines import lines_for
from loci.cycles.models import Cycle
from loci.cycles.queries.cycles import CycleRow, cycles_shown
from loci.notices.queries.background import Background, background
from matchmaking.choices import SuggestionState
from matchmaking.models import Suggestion
from matchmaking.queries.fairness import Fairness, fairness_for
from surveys.choices import PartState, WaveState
from surveys.models import Wave


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
class FirstSteps:
    """What is done already of what comes before the first wave is open."""

    has_name: bool
    has_localities: bool
    has_people: bool
    has_wave: bool


@dataclass(frozen=True)
class Index:
    lines: tuple[Line, ...]
    waves: tuple[WaveRow, ...]
    board: tuple[tuple[str, int], ...]
    fairness: Fairness
    loop: tuple[CycleRow, ...]
    regions: tuple[str, ...]
    background: Background
    first_steps: FirstSteps | None


def cockpit_index(person: User, *, whole_network: bool | None = None) -> Index:
    """The coordinators' first page, for the regions of this person.

    `whole_network`: whether they coordinate all of it, where that is known already.
    """
    if whole_network is None:
        whole_network = Membership.objects.coordinating_network(person).exists()
    rows = _wave_rows(person)
    waves = [row.wave for row in rows]
    names = Region.objects.coordinated_by(person).order_by("name").values("name")
    lines, (regions, *begun) = lines_for(
        person,
        waves,
        whole_network=whole_network,
        also=[ArraySubquery(names), *_begun()],
    )
    return Index(
        lines=lines,
        waves=tuple(row for row in rows if row.parts),  # those that ask these regions
        board=_board(person),
        fairness=fairness_for(person),
        loop=tuple(
            row
            for row in cycles_shown(Cycle.objects.coordinated_by(person))
            if row.here is not None
        ),
        regions=tuple(regions),
        background=background(timezone.now()),
        first_steps=_first_steps(person, *begun) if whole_network else None,
    )


def _begun() -> Iterator[Exists]:
    yield Exists(Wave.objects.exclude(state=WaveState.DRAFT))
    yield Exists(Locality.objects.all())
    yield Exists(Invitation.objects.all())
    yield Exists(Membership.objects.filter(role=Role.MEMBER))
    yield Exists(Wave.objects.all())


def _first_steps(person: User, *begun: bool) -> FirstSteps | None:
    """Until a wave was opened."""
    was_opened, has_localities, has_guests, has_members, has_wave = begun
    if was_opened:
        return None
    has_people = has_guests or has_members
    return FirstSteps(bool(person.name), has_localities, has_people, has_wave)


def _wave_rows(person: User) -> tuple[WaveRow, ...]:
    """Open waves, with how far the parts of this person's regions are."""
    own = Q(parts__locality__region__in=Region.objects.coordinated_by(person))
    sent, started = (
        Q(parts__state=PartState.SENT),
        Q(parts__state=PartState.IN_PROGRESS),
    )
    waves = (
        Wave.objects.filter(state=WaveState.OPEN)
        .annotate(
            own_parts=Count("parts", filter=own),
            own_sent=Count("parts", filter=own & sent),
            own_started=Count("parts", filter=own & started),
        )
        .order_by("closes_at", "pk")
    )
    counts: Iterable[Any] = waves
    return tuple(
        WaveRow(row, row.own_sent, row.own_started, row.own_parts) for row in counts
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
