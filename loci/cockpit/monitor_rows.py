"""The wave monitor: how far each pair is, who was reminded, who comes next, whom to call."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from localities.models import Locality, Region
from localities.queries.invited import invited_to
from loci.accounts.models import User
from loci.cockpit.call_list import why_not_here
from surveys.choices import PartState, StatementSide, WaveState
from surveys.models import Part, Reminder, Wave
from surveys.queries.reminders import TOLD
from surveys.services.planning import Plan, plans, why_not_now

A_PAGE = 50
Told = tuple[tuple[date, tuple[str, ...]], ...]  # of the opening, day by day


@dataclass(frozen=True)
class Cell:
    """How far one part is; where nobody speaks for the side, who was asked to and when."""

    words: str
    is_sent: bool
    part: int
    note: str


@dataclass(frozen=True)
class Row:
    """One pair in one wave."""

    locality: Locality
    cells: tuple[Cell | None, ...]
    used: int
    last_at: datetime | None
    next_at: datetime | None
    extended_until: datetime | None
    has_people: bool
    told: Told
    told_next: datetime | None

    @property
    def is_missing(self) -> bool:
        return any(cell is not None and not cell.is_sent for cell in self.cells)


@dataclass(frozen=True)
class Behind:
    """What was written to one pair and will be, and who was asked in, by side."""

    used: int
    last_at: datetime | None
    planned: list[Plan]
    told: Told
    invited: dict[str, str]

    @property
    def reached(self) -> set[str]:
        """The sides of missing parts that somebody speaks for."""
        return {part.side for row in self.planned for part in row.candidate.parts}


@dataclass(frozen=True)
class Touched:
    """One person whom a deed would touch, or why it would not."""

    locality: Locality
    person: User
    parts: tuple[str, ...]
    why_not: str


def places_of(wave: Wave, person: User) -> QuerySet[Locality]:
    """The localities of a wave that lie in this coordinator's regions."""
    asked = Part.objects.filter(wave=wave, locality=OuterRef("pk"))
    regions = Region.objects.coordinated_by(person)
    return Locality.objects.filter(Exists(asked), region__in=regions).order_by(
        "name", "pk"
    )


def only_missing(places: QuerySet[Locality], wave: Wave) -> QuerySet[Locality]:
    left = Part.objects.filter(wave=wave, locality=OuterRef("pk"))
    return places.filter(Exists(left.exclude(state=PartState.SENT)))


def rows_of(wave: Wave, places: Iterable[Locality], now: datetime) -> list[Row]:
    """One row a pair, for one page of pairs."""
    shown = list(places)
    keys = [place.pk for place in shown]
    parts: dict[int, dict[str, Part]] = defaultdict(dict)
    rows = Part.objects.filter(wave=wave, locality__in=keys)
    for part in rows.select_related("wave"):
        parts[part.locality_id][part.side] = part
    told = Reminder.objects.filter(wave=wave, locality__in=keys).order_by()
    used = {
        place: (most, last)
        for place, most, last in told.values_list("locality").annotate(
            most=Max("number"), last=Max("at")
        )
    }
    planned: dict[int, list[Plan]] = defaultdict(list)
    for plan in plans(wave, keys, max(now, wave.opens_at)):
        planned[plan.candidate.locality.pk].append(plan)
    opened, invited = _told(wave, keys), invited_to(keys)
    return [
        _row(
            place,
            parts[place.pk],
            Behind(
                *used.get(place.pk, (0, None)),
                planned[place.pk],
                opened.get(place.pk, ()),
                {
                    side: why_not_here(rows[0], now)
                    for (key, side), rows in invited.items()
                    if key == place.pk
                },
            ),
        )
        for place in shown
    ]


def _told(wave: Wave, places: Iterable[int]) -> dict[int, Told]:
    """By pair: who was told of the opening, day by day."""
    rows = Reminder.objects.filter(wave=wave, locality__in=places, number=TOLD)
    found: dict[int, dict[date, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.select_related("person").order_by("at", "person__name", "pk"):
        found[row.locality_id][localtime(row.at).date()].append(str(row.person))
    return {
        place: tuple((day, tuple(names)) for day, names in days.items())
        for place, days in found.items()
    }


def _row(place: Locality, parts: dict[str, Part], behind: Behind) -> Row:
    planned = behind.planned
    extended = [part.extended_until for part in parts.values() if part.extended_until]
    return Row(
        place,
        tuple(_cell(parts.get(side), behind) for side in StatementSide),
        behind.used,
        behind.last_at,
        min((plan.next_at for plan in planned if plan.next_at), default=None),
        max(extended, default=None),
        bool(planned),
        behind.told,
        min(
            (plan.next_at for plan in planned if plan.is_opening and plan.next_at),
            default=None,
        ),
    )


def _cell(part: Part | None, behind: Behind) -> Cell | None:
    if part is None:
        return None
    words, note = _("Not opened"), ""
    if part.is_sent:
        words = _("Sent")
    elif part.state == PartState.IN_PROGRESS:
        words = _("Saved")
    elif part.first_opened_at:
        words = _("Opened")
    is_asked = part.wave.state == WaveState.OPEN and not part.is_sent
    if is_asked and not part.is_joint and part.side not in behind.reached:
        note = behind.invited.get(part.side) or _("nobody invited yet")
    return Cell(words, part.is_sent, part.pk, note)


def touched(wave: Wave, localities: Iterable[int], now: datetime) -> list[Touched]:
    """Whom a reminder by hand would reach, and whom not and why."""
    return [
        Touched(
            plan.candidate.locality,
            plan.candidate.person,
            tuple(part.get_side_display() for part in plan.candidate.parts),
            why_not_now(wave, plan.candidate, now),
        )
        for plan in plans(wave, localities, now)
    ]


def without_anybody(
    wave: Wave, localities: Iterable[int], people: Iterable[Touched]
) -> list[Part]:
    """The missing parts that none of these people can write."""
    reached = {(row.locality.pk, side) for row in people for side in row.parts}
    parts = Part.objects.filter(wave=wave, locality__in=localities)
    missing = parts.exclude(state=PartState.SENT).select_related("locality")
    return [
        part
        for part in missing.order_by("locality__name", "pk")
        if (part.locality_id, part.get_side_display()) not in reached
    ]
