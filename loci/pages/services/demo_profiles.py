"""Profiles of the demonstration: what public sources say of some places, by side."""

from datetime import datetime, timedelta

from localities.choices import FactKind, FileKind, MilestoneKind, Side
from localities.models import Fact, Locality, Milestone, Seat
from localities.queries.people import people_of
from localities.services.inviting import Guest, invite_colleague
from localities.services.profile import Said, say_fact

BLOG = "https://developmentgateway.org/blog/"
LINES = (
    (
        "makueni",
        Side.GOVERNMENT,
        FactKind.OBJECTIVE,
        "Reduce malpractice, value for money, close accountability gaps.",
        "https://openupcontracting.org/africa/",
    ),
    (
        "makueni",
        Side.GOVERNMENT,
        FactKind.SYSTEMS,
        "Open contracting portal on Spring Boot and PostgreSQL, open source.",
        f"{BLOG}the-tech-behind-makueni-countys-open-contracting-portal/",
    ),
    (
        "makueni",
        Side.GOVERNMENT,
        FactKind.LOOKING_FOR,
        "Support or collaboration, as its public profile says.",
        "https://openupcontracting.org/africa/",
    ),
    (
        "makueni",
        Side.GOVERNMENT,
        FactKind.LINK,
        "How the county's open contracting portal is built",
        f"{BLOG}the-tech-behind-makueni-countys-open-contracting-portal/",
    ),
    (
        "kutaisi",
        Side.GOVERNMENT,
        FactKind.COMMITMENT,
        "OGP Local since 2022; electronic budget planning, “Plan City Budget” (GE0065).",
        "https://www.opengovpartnership.org/members/georgia/commitments/GE0065/",
    ),
)
CHECKED_BEFORE = timedelta(days=200)  # the commitment is to be asked about
PORTAL = f"{BLOG}now-live-kenyas-first-subnational-open-contracting-portal/"


def dress_profiles(*, places: dict[str, Locality], now: datetime) -> None:
    """Lines of two places, one of them to be checked anew; an event; an open invitation."""
    for slug, side, kind, text, source in LINES:
        seat = Seat.objects.get(locality=places[slug], side=side)
        speaker = people_of(places[slug], side).get()
        said = Said(text, sources=[source])
        if kind == FactKind.LINK:
            said = Said(text, link=source, file_kind=FileKind.PAGE)
        fact = say_fact(seat=seat, kind=kind, said=said, by=speaker, now=now)
        if kind == FactKind.COMMITMENT:
            day = (now - CHECKED_BEFORE).date()
            Fact.objects.filter(pk=fact.pk).update(checked_on=day)
    Milestone.objects.create(
        locality=places["makueni"],
        kind=MilestoneKind.CHANGE_MADE,
        text="First subnational open contracting portal in Kenya",
        on=datetime(2019, 12, 17, tzinfo=now.tzinfo).date(),
        link=PORTAL,
    )
    seat = Seat.objects.get(locality=places["makueni"], side=Side.CIVIL_SOCIETY)
    invite_colleague(
        seat=seat,
        guest=Guest("colleague@demo.example"),
        by=people_of(places["makueni"], Side.CIVIL_SOCIETY).get(),
        now=now,
    )
