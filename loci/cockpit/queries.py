"""What needs a coordinator now."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone

from localities.models import Locality, Membership, Region
from loci.accounts.models import User
from loci.cockpit.lines import Line, lines_for
from loci.cycles.models import Cycle
from loci.cycles.queries.cycles import CycleRow, cycles_shown
from loci.notices.queries.background import Background, background
from matchmaking.choices import SuggestionState
from matchmaking.models import Suggestion
from matchmaking.queries.fairness import Fairness, fairness_for
from surveys.choices import PartState, WaveState
from surveys.models import Part, Wave


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
    fairness: Fairness
    loop: tuple[CycleRow, ...]
    regions: tuple[str, ...]
    background: Background
    is_first_run: bool


def cockpit_index(person: User) -> Index:
    """The coordinators' first page, for the regions of this person."""
    regions = Region.objects.coordinated_by(person)
    waves = Wave.objects.filter(state=WaveState.OPEN).order_by("closes_at", "pk")
    whole = Membership.objects.coordinating_network(person).exists()
    return Index(
        lines=lines_for(person, whole_network=whole),
        waves=tuple(_wave_row(wave, person) for wave in waves),
        board=_board(person),
        fairness=fairness_for(person),
        loop=tuple(
            row
            for row in cycles_shown(Cycle.objects.coordinated_by(person))
            if row.here is not None
        ),
        regions=tuple(regions.order_by("name").values_list("name", flat=True)),
        background=background(timezone.now()),
        is_first_run=not Locality.objects.exists(),
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
