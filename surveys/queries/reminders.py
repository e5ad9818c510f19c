"""Whose part is missing, and what these people have been sent."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from localities.choices import Role
from localities.models import Invitation, Locality, Membership, Region, Seat
from loci.accounts.models import User
from loci.notices.choices import BUDGET_DAYS, RECEIPTS, NoticeKind, NoticeState
from loci.notices.models import Notice, QuietDay, Stop
from surveys.choices import PartState, StatementSide
from surveys.models import Part, Reminder, Snooze, Wave

Pair = tuple[int, int]  # locality, person
TOLD = 0  # the number of the mail that says that it is open
IN_ORDER = [str(side) for side in StatementSide]  # the joint part comes last


@dataclass(frozen=True)
class Candidate:
    """One person who could be reminded, with all that decides whether and when."""

    locality: Locality
    person: User
    parts: tuple[Part, ...]
    reminded_at: tuple[datetime, ...] = ()
    messages_at: tuple[datetime, ...] = ()
    quiet: frozenset[date] = frozenset()
    snoozed_until: datetime | None = None
    has_stopped: bool = False
    told_at: datetime | None = None
    not_to_tell: bool = False

    @property
    def closes_at(self) -> datetime:
        return max(part.closes_at for part in self.parts)


def missing_parts(wave: Wave, now: datetime) -> QuerySet[Part]:
    """The parts of a wave that can still be sent and have not been."""
    parts = Part.objects.taking_answers(now).filter(wave=wave)
    return parts.exclude(state=PartState.SENT)


def localities_missing(
    wave: Wave, now: datetime, *, after: int, at_most: int
) -> list[int]:
    """Localities with a missing part, by key, a page at a time."""
    rows = missing_parts(wave, now).filter(locality__gt=after)
    found = rows.order_by("locality").values_list("locality", flat=True).distinct()
    return list(found[:at_most])


def candidates(wave: Wave, localities: Iterable[int], now: datetime) -> list[Candidate]:
    """Everybody who can write a missing part of these localities, in a fixed order."""
    rows = missing_parts(wave, now).filter(locality__in=list(localities))
    parts = list(rows.select_related("wave", "locality").order_by("pk"))
    return who_writes(wave, parts, now)


def who_writes(wave: Wave, parts: list[Part], now: datetime) -> list[Candidate]:
    """Everybody who can write one of these parts, which need not be saved yet."""
    speakers = _speakers(parts)
    people = User.objects.in_bulk({person for _place, person in speakers})
    places = {part.locality_id: part.locality for part in parts}
    reminded = _reminded(wave, places)
    messages = _messages(people, now)
    snoozes = dict(
        Snooze.objects.filter(wave=wave, person__in=people).values_list(
            "person_id", "until"
        )
    )
    stopped = _stopped(NoticeKind.REMINDER, people)
    not_to_tell = _stopped(NoticeKind.WAVE_OPENED, people) | _newcomers(wave, people)
    told = _told(wave, people)
    quiet = _quiet(now)
    return [
        Candidate(
            places[place],
            people[person],
            tuple(speakers[place, person]),
            tuple(reminded[place, person]),
            tuple(messages[person]),
            quiet[""] | quiet[places[place].country_code],
            snoozes.get(person),
            person in stopped,
            told.get(person),
            person in not_to_tell,
        )
        for place, person in sorted(speakers)
    ]


def _stopped(kind: NoticeKind, people: Iterable[int]) -> set[int]:
    rows = Stop.objects.filter(kind=kind, person__in=people)
    return set(rows.values_list("person_id", flat=True))


def _newcomers(wave: Wave, people: Iterable[int]) -> set[int]:
    """Who came by an invitation since: its mail has led them to the open survey."""
    if wave.told_from is None:
        return set()
    rows = Invitation.objects.filter(person__in=people, accepted_at__gt=wave.told_from)
    return set(rows.values_list("person_id", flat=True))


def _told(wave: Wave, people: Iterable[int]) -> dict[int, datetime]:
    rows = Reminder.objects.filter(wave=wave, person__in=people, number=TOLD)
    return dict(rows.values_list("person_id", "at"))


def _speakers(parts: list[Part]) -> dict[Pair, list[Part]]:
    """The missing parts that each person can write, their own side's before the joint."""
    seats = Seat.objects.current().filter(
        locality__in={row.locality_id for row in parts}
    )
    held: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for organisation, place, side in seats.values_list(
        "organisation_id", "locality_id", "side"
    ):
        held[organisation].append((place, side))
    members = Membership.objects.current().filter(
        role=Role.MEMBER, organisation__in=held
    )
    by_place: dict[int, list[Part]] = defaultdict(list)
    for part in sorted(parts, key=lambda row: IN_ORDER.index(row.side)):
        by_place[part.locality_id].append(part)
    found: dict[Pair, list[Part]] = {}
    for organisation, person in members.values_list("organisation_id", "person_id"):
        for place, side in held[organisation]:
            own = [part for part in by_place[place] if part.is_written_by(side)]
            kept = found.get((place, person), [])
            if own:
                found[place, person] = kept + [part for part in own if part not in kept]
    return found


def _reminded(wave: Wave, places: Iterable[int]) -> dict[Pair, list[datetime]]:
    found: dict[Pair, list[datetime]] = defaultdict(list)
    rows = Reminder.objects.filter(wave=wave, locality__in=list(places))
    rows = rows.exclude(number=TOLD)
    for place, person, at in rows.order_by("number").values_list(
        "locality_id", "person_id", "at"
    ):
        found[place, person].append(at)
    return found


def _messages(people: Iterable[int], now: datetime) -> dict[int, list[datetime]]:
    """What counts towards a person's budget: sent, or waiting to be."""
    since = now - timedelta(days=BUDGET_DAYS + 1)
    rows = (
        Notice.objects.filter(recipient__in=list(people), not_before__gte=since)
        .filter(state__in=[NoticeState.WAITING, NoticeState.SENT])
        .exclude(kind__in=RECEIPTS)
    )
    found: dict[int, list[datetime]] = defaultdict(list)
    for person, not_before, sent_at in rows.values_list(
        "recipient_id", "not_before", "sent_at"
    ):
        found[person].append(sent_at or not_before)
    return found


def _quiet(now: datetime) -> dict[str, frozenset[date]]:
    days: dict[str, set[date]] = defaultdict(set)
    rows = QuietDay.objects.filter(on__gte=now.date() - timedelta(days=1))
    for country, on in rows.values_list("country_code", "on"):
        days[country].add(on)
    found: dict[str, frozenset[date]] = defaultdict(frozenset)
    found.update({country: frozenset(on) for country, on in days.items()})
    return found


def hubs_addresses(localities: Iterable[Locality]) -> dict[int, str]:
    """By region: the address of one coordinator of its hub, where answers go."""
    regions = {place.region_id for place in localities}
    rows = (
        Region.objects.filter(
            pk__in=regions,
            hubs__memberships__role=Role.COORDINATOR,
            hubs__memberships__until__isnull=True,
            hubs__memberships__person__is_active=True,
        )
        .order_by("pk", "-hubs__memberships__pk")
        .values_list("pk", "hubs__memberships__person__email")
    )
    return dict(rows)
