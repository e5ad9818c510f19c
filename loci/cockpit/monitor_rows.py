"""The wave monitor: how far each pair is, who was reminded, who comes next, whom to call."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from localities.models import Locality, Region
from loci.accounts.models import User
from surveys.choices import PartState, StatementSide
from surveys.models import Part, Reminder, Wave
from surveys.queries.reminders import TOLD
from surveys.services.planning import Plan, plans, why_not_now

A_PAGE = 50


@dataclass(frozen=True)
class Cell:
    """How far one part is."""

    words: str
    is_sent: bool
    part: int


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
    told: tuple[tuple[date, tuple[str, ...]], ...] = ()
    told_next: datetime | None = None

    @property
    def is_missing(self) -> bool:
        return any(cell is not None and not cell.is_sent for cell in self.cells)


@dataclass(frozen=True)
class Touched:
    """One person whom a deed would touch, or why it would not."""

    locality: Locality
    person: User
    parts: tuple[str, ...]
    why_not: str


@dataclass(frozen=True)
class Call:
    """One person to call, with words that can be sent in another way."""

    locality: Locality
    name: str
    email: str
    parts: str
    why: str
    message: str


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
    for part in Part.objects.filter(wave=wave, locality__in=keys):
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
    opened = _told(wave, keys)
    return [
        replace(
            _row(
                place, parts[place.pk], used.get(place.pk, (0, None)), planned[place.pk]
            ),
            told=opened.get(place.pk, ()),
            told_next=min(
                (
                    row.next_at
                    for row in planned[place.pk]
                    if row.is_opening and row.next_at
                ),
                default=None,
            ),
        )
        for place in shown
    ]


def _told(
    wave: Wave, places: Iterable[int]
) -> dict[int, tuple[tuple[date, tuple[str, ...]], ...]]:
    """By pair: who was told of the opening, day by day."""
    rows = Reminder.objects.filter(wave=wave, locality__in=places, number=TOLD)
    found: dict[int, dict[date, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.select_related("person").order_by("at", "person__name", "pk"):
        found[row.locality_id][localtime(row.at).date()].append(str(row.person))
    return {
        place: tuple((day, tuple(names)) for day, names in days.items())
        for place, days in found.items()
    }


def _row(
    place: Locality,
    parts: dict[str, Part],
    used: tuple[int, datetime | None],
    planned: list[Plan],
) -> Row:
    next_ones = [plan.next_at for plan in planned if plan.next_at]
    extended = [part.extended_until for part in parts.values() if part.extended_until]
    return Row(
        place,
        tuple(_cell(parts.get(side)) for side in StatementSide),
        used[0],
        used[1],
        min(next_ones, default=None),
        max(extended, default=None),
        bool(planned),
    )


def _cell(part: Part | None) -> Cell | None:
    if part is None:
        return None
    words = _("Not opened")
    if part.is_sent:
        words = _("Sent")
    elif part.state == PartState.IN_PROGRESS:
        words = _("Saved")
    elif part.first_opened_at:
        words = _("Opened")
    return Cell(words, part.is_sent, part.pk)


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


def calls(wave: Wave, places: Iterable[Locality], now: datetime) -> list[Call]:
    """Who is no longer reminded though a part is missing; pairs where nobody can be."""
    shown = {place.pk: place for place in places}
    found: list[Call] = []
    reached: set[tuple[int, str]] = set()
    for plan in plans(wave, shown, now):
        row = plan.candidate
        reached |= {(row.locality.pk, part.side) for part in row.parts}
        if plan.next_at is None or plan.next_at > now + timedelta(days=60):
            found.append(_call(wave, plan, now))
    left = Part.objects.filter(wave=wave, locality__in=shown).exclude(
        state=PartState.SENT
    )
    found += [
        Call(
            shown[part.locality_id],
            "",
            "",
            part.get_side_display(),
            _("nobody speaks for this side yet"),
            "",
        )
        for part in left.order_by("locality__name", "side", "pk")
        if (part.locality_id, part.side) not in reached and not part.is_joint
    ]
    return sorted(found, key=lambda call: (call.locality.name, call.name))


def _call(wave: Wave, plan: Plan, now: datetime) -> Call:
    row = plan.candidate
    why = why_not_now(wave, row, now) or _("no further reminder before the close")
    with translation.override(row.person.language):
        words = ", ".join(str(part.get_side_display()) for part in row.parts)
        message = _(
            "%(wave)s: for %(place)s a part is still missing (%(parts)s). It closes on "
            "%(day)s. It goes on where you stopped: %(link)s"
        ) % {
            "wave": wave.title,
            "place": row.locality.name,
            "parts": words,
            "day": date_format(localtime(row.closes_at), "l j F"),
            "link": f"{settings.LOCI_SITE_URL.rstrip('/')}/surveys/{row.parts[0].reference}/",
        }
    parts = ", ".join(str(part.get_side_display()) for part in row.parts)
    return Call(
        row.locality, row.person.name, row.person.email, parts, why, str(message)
    )
