"""Typed builders: each makes one thing that is right, and takes what matters."""

import itertools
import zlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from localities.choices import Level, OrganisationKind, Phase, Role, Side
from localities.models import (
    LearningArea,
    Locality,
    Membership,
    Organisation,
    Region,
    Seat,
    Sector,
    Topic,
)
from loci.accounts.models import User
from matchmaking.choices import Confidence, SuggestionState
from matchmaking.models import Circle, CircleMember, Expertise, Round, Suggestion
from meetings.choices import MeetingState
from meetings.models import Invitation, Meeting
from meetings.services.planning import set_clock
from surveys.choices import StatementKind, StatementSide, Visibility, WaveState
from surveys.models import Part, Question, Section, Statement, Survey, Wave
from surveys.services.waves import give_parts

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
TODAY = date(2026, 5, 4)
_numbers = {"next": itertools.count(1)}


def count_for(test: str) -> None:
    """Names of this test are the same in each run, and as long as one another.

    What is ordered by a name would else depend on the tests that ran before.
    """
    most = 8 * 10**8
    _numbers["next"] = itertools.count(10**8 + zlib.crc32(test.encode()) % most)


def _number() -> int:
    return next(_numbers["next"])


def person(name: str = "", **facts: Any) -> User:
    number = _number()
    return User.objects.create_user(
        f"person{number}@example.org", name=name or f"Person {number}", **facts
    )


def region(code: str = "africa") -> Region:
    return Region.objects.get_or_create(code=code, defaults={"name": code.title()})[0]


def organisation(kind: OrganisationKind = OrganisationKind.PARTNER) -> Organisation:
    return Organisation.objects.create(name=f"Organisation {_number()}", kind=kind)


def place(
    person: User, organisation: Organisation, role: Role = Role.MEMBER
) -> Membership:
    return Membership.objects.create(
        person=person, organisation=organisation, role=role, since=TODAY
    )


def locality(name: str = "", *, region_code: str = "africa", **facts: Any) -> Locality:
    number = _number()
    given: dict[str, Any] = {
        "name": name or f"Place {number}",
        "slug": f"place-{number}",
        "level": Level.COUNTY,
        "country": "Kenya",
        "country_code": "KE",
        "region": region(region_code),
        "languages": ["en"],
        "phase": Phase.PUBLISH,
        "is_listed": True,
    }
    return Locality.objects.create(**(given | facts))


def seat(locality: Locality, side: Side) -> Seat:
    holder = organisation(OrganisationKind(side.value))
    return Seat.objects.create(
        locality=locality, side=side, organisation=holder, since=TODAY
    )


def pair(locality: Locality) -> tuple[User, User]:
    """Both seats taken, one person on each: government, civil society."""
    people = []
    for side in Side:
        someone = person(f"{side.label} of {locality.name}")
        place(someone, seat(locality, side).organisation)
        people.append(someone)
    return people[0], people[1]


def coordinator() -> User:
    someone = person("Network coordinator")
    place(someone, organisation(OrganisationKind.CONVENER), Role.COORDINATOR)
    return someone


def hub_coordinator(region_code: str = "africa") -> User:
    hub = organisation(OrganisationKind.HUB)
    region(region_code).hubs.add(hub)
    someone = person(f"Hub coordinator {region_code}")
    place(someone, hub, Role.COORDINATOR)
    return someone


def topic(code: str = "it.portal", area: str = "it") -> Topic:
    home = LearningArea.objects.get_or_create(code=area, defaults={"name": area})[0]
    return Topic.objects.get_or_create(
        code=code, defaults={"area": home, "name": code}
    )[0]


def survey(*, joint: bool = False, is_published: bool = True) -> Survey:
    """One page with a need, one with an offer, one with a frank word, for both sides.

    With `joint` there is a page that both sides write together.
    """
    topic()
    Sector.objects.get_or_create(code="cross", defaults={"name": "Cross"})
    made = Survey.objects.create(
        code=f"survey-{_number()}",
        titles={"en": "Needs and offers"},
    )
    both = [side.value for side in Side]
    pages = [
        ("needs", "need", True, Visibility.COORDINATORS),
        ("offers", "offer", False, Visibility.NETWORK),
        ("frank", "long", False, Visibility.SIDE),
    ]
    for position, (code, kind, is_required, visibility) in enumerate(pages):
        section = Section.objects.create(
            survey=made, code=code, titles={"en": code}, sides=both, position=position
        )
        Question.objects.create(
            section=section,
            code=code,
            kind=kind,
            labels={"en": f"Question {code}"},
            is_required=is_required,
            default_visibility=visibility,
            position=0,
        )
    if joint:
        together = Section.objects.create(
            survey=made,
            code="joint",
            titles={"en": "Together"},
            sides=["joint"],
            position=9,
        )
        Question.objects.create(
            section=together,
            code="joint",
            kind="long",
            labels={"en": "What will you do together?"},
            is_required=True,
            default_visibility=Visibility.PAIR,
            position=0,
        )
    made.is_published = is_published
    made.save()
    return made


def wave(**facts: Any) -> Wave:
    given: dict[str, Any] = {
        "title": "May wave",
        "opens_at": NOW - timedelta(days=7),
        "closes_at": NOW + timedelta(days=21),
        "state": WaveState.OPEN,
    }
    given |= facts
    if "survey" not in given:
        given["survey"] = survey()
    return Wave.objects.create(**given)


def part(wave: Wave, locality: Locality, side: Side | StatementSide) -> Part:
    parts = {row.side: row for row in give_parts(wave=wave, locality=locality)}
    return parts[side]


def question(wave: Wave, code: str) -> Question:
    return Question.objects.select_related("section").get(
        section__survey=wave.survey, code=code
    )


def need_block(text: str = "Nobody reuses our PDFs", **facts: Any) -> dict[str, Any]:
    return {"text": text, "topic": "it.portal", "visibility": "network"} | facts


def statement(
    locality: Locality,
    wave: Wave,
    kind: StatementKind = StatementKind.NEED,
    **facts: Any,
) -> Statement:
    given: dict[str, Any] = {
        "kind": kind,
        "wave": wave,
        "locality": locality,
        "side": Side.GOVERNMENT,
        "topic": topic(),
        "text": f"Statement {_number()}",
        "visibility": Visibility.NETWORK,
    }
    if kind == StatementKind.OFFER:
        given |= {"experience": "done", "hours_a_month": 4}
    return Statement.objects.create(**(given | facts))


def suggestion(
    seeker: Locality, helper: Locality, wave: Wave, **facts: Any
) -> Suggestion:
    given: dict[str, Any] = {
        "round": Round.objects.create(
            wave=wave,
            state="ready",
            result={"coverage": 1, "wanting": 1},
            computed_at=NOW,
        ),
        "seeker": seeker,
        "helper": helper,
        "need": statement(seeker, wave),
        "offer": statement(helper, wave, StatementKind.OFFER),
        "score": 0.8,
        "confidence": Confidence.STRONG,
        "factors": {"topic": 0.24},
    }
    return Suggestion.objects.create(**(given | facts))


def approved(
    seeker: Locality, helper: Locality, wave: Wave, **facts: Any
) -> Suggestion:
    given: dict[str, Any] = {
        "state": SuggestionState.APPROVED,
        "approved_at": NOW,
        "expires_at": NOW + timedelta(days=21),
    }
    return suggestion(seeker, helper, wave, **(given | facts))


def expertise(person: User, **facts: Any) -> Expertise:
    given = {"topic": topic(), "words": "Built two portals", "hours_a_month": 4}
    return Expertise.objects.create(person=person, **(given | facts))


def circle(round_: Round, members: list[Locality], **facts: Any) -> Circle:
    """A circle around one topic, proposed to these localities for a need of each."""
    made = Circle.objects.create(round=round_, topic=topic(), **facts)
    for member in members:
        CircleMember.objects.create(
            circle=made, locality=member, need=statement(member, round_.wave)
        )
    return made


def meeting(region_code: str = "africa", **facts: Any) -> Meeting:
    """An announced meeting of one day, three weeks after `NOW`."""
    day = TODAY + timedelta(days=21)
    given: dict[str, Any] = {
        "title": "Regional meeting",
        "region": region(region_code),
        "state": MeetingState.OPEN,
        "first_day": day,
        "last_day": facts.get("first_day", day),
        "time_zone": "Africa/Nairobi",
    }
    made = set_clock(Meeting(**(given | facts)))
    made.save()
    return made


def invitation(meeting: Meeting, locality: Locality) -> Invitation:
    return Invitation.objects.create(meeting=meeting, locality=locality, sent_at=NOW)
