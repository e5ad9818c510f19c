"""The demonstration: real places and public facts, marked as illustrative."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from localities.choices import MilestoneKind, OrganisationKind, Role, Side
from localities.models import Locality, Milestone, Organisation, Region, Seat
from localities.services.locality_files import checked_localities
from localities.services.people import join
from localities.services.public_sources import take_from_sources
from loci.accounts.models import User
from loci.pages.services.demo_keeping import keep
from loci.pages.services.demo_meeting import convene
from loci.pages.services.demo_memory import remember
from loci.pages.services.demo_profiles import dress_profiles
from loci.pages.services.demo_voices import speak
from loci.pages.services.demo_waves import (
    PAIR,
    ask_again,
    ask_later,
    ask_together,
    tell,
)
from matchmaking.services.rounds import start_round
from surveys.models import Survey, Wave
from surveys.services.waves import open_wave

Facts = dict[str, Any]
DOMAIN = "demo.example"
ZONES = {
    "africa": "Africa/Nairobi",
    "asia": "Asia/Jakarta",
    "latam": "America/Bogota",
    "cee": "Europe/Chisinau",
}


@dataclass(frozen=True)
class DemoFacts:
    """The files: localities, statements."""

    localities: list[Facts]
    statements: list[Facts]


class RealDataHere(RuntimeError):
    """The database holds real localities: the demonstration keeps out."""


@transaction.atomic
def load_demo(*, facts: DemoFacts, now: datetime) -> Wave:
    """Fill an empty database with the pilot's 17 localities and its first wave.

    Loading twice gives the first wave again. Raises RealDataHere, BrokenFile.
    """
    if Locality.objects.filter(is_demo=False).exists():
        raise RealDataHere("There are real localities here.")
    kept = Wave.objects.filter(is_demo=True).order_by("pk").first()
    if kept:
        return kept
    regions = set(Region.objects.values_list("code", flat=True))
    checked_localities(facts.localities, regions=regions)
    coordinator = _load_network(now)
    pilot = [row for row in facts.localities if row["in_demo_pilot"]]
    places = {row["slug"]: _load_locality(row, now) for row in pilot}
    dress_profiles(places=places, now=now)
    wave = Wave.objects.create(
        survey=Survey.objects.get(code="needs-and-offers-1"),
        title="Wave 1",
        opens_at=now - timedelta(days=7),
        closes_at=now + timedelta(days=21),
        is_demo=True,
    )
    wave = open_wave(wave=wave, by=coordinator)
    tell(wave=wave)
    speak(wave=wave, places=places, statements=facts.statements, now=now)
    remember(
        wave=wave,
        places=places,
        statements=facts.statements,
        by=coordinator,
        now=now,
    )
    convene(by=coordinator, now=now)
    keep(places=places, now=now)
    start_round(wave=wave, by=coordinator)
    ask_again(place=places[PAIR], now=now)
    ask_together(place=places[PAIR], by=coordinator, now=now)
    ask_later(now=now)
    return wave


def _load_network(now: datetime) -> User:
    convener = _organisation("Hivos", OrganisationKind.CONVENER)
    coordinator = _person("coordinator", "Network coordinator")
    join(
        person=coordinator,
        organisation=convener,
        role=Role.COORDINATOR,
        on=now.date(),
        by=None,
    )
    hubs = {
        "africa": "Africa Freedom of Information Centre (AFIC)",
        "asia": "Young Innovations",
        "latam": "Iniciativa Latinoamericana por los Datos Abiertos (ILDA)",
        "cee": "Institute for Development of Freedom of Information (IDFI)",
    }
    for code, name in hubs.items():
        hub = _organisation(name, OrganisationKind.HUB)
        region = Region.objects.get(code=code)
        region.hubs.add(hub)
        person = _person(f"hub-{code}", f"Hub coordinator, {region.name}")
        join(
            person=person,
            organisation=hub,
            role=Role.COORDINATOR,
            on=now.date(),
            by=None,
        )
    partner = _organisation("Development Gateway", OrganisationKind.PARTNER)
    for role, name in ((Role.EXPERT, "Expert"), (Role.READER, "Reader")):
        person = _person(role.value, f"{name}, partner organisation")
        join(person=person, organisation=partner, role=role, on=now.date(), by=None)
    return coordinator


def _organisation(name: str, kind: OrganisationKind) -> Organisation:
    return Organisation.objects.create(name=name, kind=kind, is_demo=True)


def _person(mailbox: str, name: str, zone: str = "UTC") -> User:
    return User.objects.create_user(
        f"{mailbox}@{DOMAIN}", name=name, time_zone=zone, is_demo=True
    )


def _load_locality(row: Facts, now: datetime) -> Locality:
    place = Locality.objects.create(
        slug=row["slug"],
        name=row["name"],
        level=row["level"],
        country=row["country"],
        country_code=row["iso"],
        region=Region.objects.get(code=row["region"]),
        languages=row["languages"],
        population=row["population"],
        population_source=row["population_note"] or "",
        latitude=row["latitude"],
        longitude=row["longitude"],
        phase=row["phase"],
        is_listed=True,
        published_at=now,
        is_demo=True,
    )
    take_from_sources(
        locality=place, text=row["facts"], sources=row["sources"], by=None, now=now
    )
    Milestone.objects.create(
        locality=place, kind=MilestoneKind.JOINED, on=now.date() - timedelta(days=7)
    )
    names = {
        Side.GOVERNMENT: row["government"],
        Side.CIVIL_SOCIETY: row["civil_society"]
        or "Civil society side (not yet named)",
    }
    short = row["name"].split(" County")[0]
    for side, name in names.items():
        organisation = _organisation(name, OrganisationKind(side.value))
        Seat.objects.create(
            locality=place, side=side, organisation=organisation, since=now.date()
        )
        words = "Government" if side == Side.GOVERNMENT else "Civil society"
        person = _person(
            f"{side.value.replace('_', '-')}.{row['slug']}",
            f"{words} side, {short}",
            ZONES[row["region"]],
        )
        join(
            person=person,
            organisation=organisation,
            role=Role.MEMBER,
            on=now.date(),
            by=None,
        )
    return place
