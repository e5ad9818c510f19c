"""A profile as its reader may see it, and what changed in it between two days."""

import difflib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from localities.choices import STALE_DAYS, Audience, FactKind, Side
from localities.models import (
    Fact,
    FactDoubt,
    FactVersion,
    Locality,
    Membership,
    Milestone,
    ProfileAgreement,
    Region,
    Seat,
)
from loci.accounts.models import User


@dataclass(frozen=True)
class Line:
    """One fact on the page."""

    fact: Fact
    is_stale: bool
    is_doubted: bool = False  # a side says that it is wrong; by coordinators to check


@dataclass(frozen=True)
class Half:
    """One side's lines, by kind in the order of the page."""

    side: str
    groups: tuple[tuple[str, tuple[Line, ...]], ...]

    @property
    def is_empty(self) -> bool:
        return not self.groups


@dataclass(frozen=True)
class Profile:
    """The facts of a locality: the two halves, and what public sources say."""

    government: Half
    civil_society: Half
    public_sources: Half
    looking_for: tuple[Fact, ...]
    checked_on: date | None


@dataclass(frozen=True)
class Own:
    """What a side sees of its own half when it keeps it."""

    lines: tuple[Line, ...]
    stale: int
    agreed: frozenset[str]


def profile_of(locality: Locality, reader: User | None, today: date) -> Profile:
    """The lines that this reader may read (one query)."""
    doubts = FactDoubt.objects.waiting().filter(fact=OuterRef("pk"))
    facts: list[Any] = list(
        Fact.objects.standing()
        .visible_to(reader)
        .filter(locality=locality)
        .annotate(is_doubted=Exists(doubts))
        .order_by("created_at", "pk")
    )
    lines = [Line(row, _is_stale(row, today), row.is_doubted) for row in facts]
    looking = (row for row in facts if row.kind == FactKind.LOOKING_FOR)
    return Profile(
        government=_half(lines, Side.GOVERNMENT),
        civil_society=_half(lines, Side.CIVIL_SOCIETY),
        public_sources=_half(lines, ""),
        looking_for=tuple(looking),
        checked_on=max((row.checked_on for row in facts), default=None),
    )


def own_half(seat: Seat, reader: User, today: date) -> Own:
    facts = (
        Fact.objects.standing()
        .editable_by(reader)
        .filter(locality=seat.locality, side=seat.side)
    )
    order = {kind.value: number for number, kind in enumerate(FactKind)}
    lines = [Line(row, _is_stale(row, today)) for row in facts.order_by("pk")]
    agreed = ProfileAgreement.objects.filter(locality=seat.locality)
    return Own(
        lines=tuple(sorted(lines, key=lambda line: order[line.fact.kind])),
        stale=sum(line.is_stale for line in lines),
        agreed=frozenset(agreed.values_list("side", flat=True)),
    )


def public_lines(seat: Seat) -> list[Fact]:
    """What public sources say of one's locality, with the own side's open doubts."""
    doubts = FactDoubt.objects.waiting().filter(side=seat.side)
    rows = Fact.objects.standing().of_public_sources().filter(locality=seat.locality)
    doubted = Exists(doubts.filter(fact=OuterRef("pk")))
    return list(rows.annotate(is_doubted=doubted).order_by("pk"))


def _is_stale(fact: Fact, today: date) -> bool:
    return fact.checked_on < today - timedelta(days=STALE_DAYS)


def _half(lines: list[Line], side: str) -> Half:
    groups = []
    for kind in FactKind:
        own = tuple(
            line for line in lines if line.fact.side == side and line.fact.kind == kind
        )
        if own:
            groups.append((str(kind.label), own))
    return Half(side, tuple(groups))


def timeline_of(
    locality: Locality, reader: User | None
) -> tuple[tuple[int, tuple[Milestone, ...]], ...]:
    """What mattered, by year, the newest first."""
    rows = (
        Milestone.objects.visible_to(reader)
        .filter(locality=locality)
        .select_related("topic")
        .order_by("-on", "-pk")[:100]
    )
    years: dict[int, list[Milestone]] = {}
    for row in rows:
        years.setdefault(row.on.year, []).append(row)
    return tuple((year, tuple(found)) for year, found in years.items())


@dataclass(frozen=True)
class Piece:
    """Some words of a changed line: kept, gone or new."""

    words: str
    state: str


@dataclass(frozen=True)
class Change:
    """What became of one line between two days."""

    fact: Fact
    state: str
    pieces: tuple[Piece, ...]
    at: datetime


def changes_between(
    locality: Locality, reader: User | None, since: date, until: date
) -> tuple[Change, ...]:
    """Lines that are new, changed or gone from the end of `since` to that of `until`.

    A version is shown to those who may read it and every later one: what a side has once
    kept to fewer people does not come back with other words. What was taken away is shown
    to the pair and its coordinators alone.
    """
    readable = Fact.objects.visible_to(reader).filter(locality=locality)
    reach = _reach(locality, reader)
    versions = (
        FactVersion.objects.filter(fact__in=readable)
        .select_related("fact")
        .order_by("fact", "version")
    )
    before: dict[int, FactVersion] = {}
    after: dict[int, FactVersion] = {}
    for row in versions:
        if row.visibility not in reach.get(row.fact.side, reach[""]):
            before.pop(row.fact_id, None)
            after.pop(row.fact_id, None)
        elif row.at < _end_of(until):
            after[row.fact_id] = row
            if row.at < _end_of(since):
                before[row.fact_id] = row
    found = (_change(before.get(pk), row) for pk, row in after.items())
    inside = Audience.PAIR in reach[""]
    changes = [row for row in found if row and (inside or row.fact.removed_at is None)]
    return tuple(sorted(changes, key=lambda row: (row.at, row.fact.pk), reverse=True))


def _end_of(day: date) -> datetime:
    following = datetime.combine(day + timedelta(days=1), time())
    return timezone.make_aware(following)


def _reach(locality: Locality, reader: User | None) -> dict[str, frozenset[Audience]]:
    """By side, which audiences this reader belongs to; "" for lines without a side."""
    if reader is None:
        return {"": Audience.PUBLIC.and_wider}
    if Membership.objects.coordinating_network(reader).exists():
        return {"": Audience.SIDE.and_wider}
    sides = set(
        Seat.objects.held_by(reader)
        .filter(locality=locality)
        .values_list("side", flat=True)
    )
    regions = Region.objects.coordinated_by(reader).filter(pk=locality.region_id)
    if sides or regions.exists():
        own = dict.fromkeys(sides, Audience.SIDE.and_wider)
        return {"": Audience.PAIR.and_wider, **own}
    member = Membership.objects.current().filter(person=reader).exists()
    widest = Audience.NETWORK if member else Audience.PUBLIC
    return {"": widest.and_wider}


def _change(before: FactVersion | None, after: FactVersion) -> Change | None:
    was = "" if before is None or before.is_removed else before.text
    now = "" if after.is_removed else after.text
    if was == now:
        return None
    state = "new" if not was else "gone" if not now else "changed"
    return Change(after.fact, state, tuple(_pieces(was, now)), after.at)


def _pieces(was: str, now: str) -> list[Piece]:
    """Word by word what was kept, what went and what came."""
    old, new = was.split(), now.split()
    pieces = []
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece(" ".join(old[old_from:old_to]), "kept"))
            continue
        if old_to > old_from:
            pieces.append(Piece(" ".join(old[old_from:old_to]), "gone"))
        if new_to > new_from:
            pieces.append(Piece(" ".join(new[new_from:new_to]), "new"))
    return pieces


def last_change_of(locality: Locality, reader: User | None) -> datetime | None:
    """When a line that this reader may read was last said."""
    readable = Fact.objects.visible_to(reader).filter(locality=locality)
    newest = FactVersion.objects.filter(fact__in=readable).aggregate(at=Max("at"))
    found: datetime | None = newest["at"]
    return found
