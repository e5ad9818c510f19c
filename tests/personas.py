"""One person of every kind around one pair, for matrices of who may do what."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from localities.choices import Audience, FactKind, OrganisationKind, Role, Side
from localities.models import (
    Fact,
    Locality,
    Membership,
    Organisation,
    Seat,
    Sector,
)
from localities.services.inviting import Guest, Invited, invite_colleague
from localities.services.profile import Said, say_fact
from localities.services.public_sources import doubt, take_from_sources
from loci.accounts.models import AuditEntry, User
from loci.accounts.services.audit import record
from loci.cycles.models import (
    ActivityPlan,
    Cycle,
    Lesson,
    Promise,
    Reading,
    Report,
    ReportReader,
    ReportSection,
    YearSummary,
)
from loci.cycles.services.cycles import begin_cycle
from loci.notices.choices import WorkerName
from loci.notices.models import Notice, QuietDay, StuckJob
from loci.notices.services.delivery import record_pulse
from matchmaking.choices import CircleState, PinKind
from matchmaking.models import (
    Circle,
    Expertise,
    IntroductionRequest,
    Pin,
    Round,
    Suggestion,
    WeightTable,
)
from meetings.choices import Answer
from meetings.models import (
    Attempt,
    Clinic,
    ClinicPeer,
    ClinicTime,
    Feed,
    Invitation,
    Meeting,
    Place,
    Session,
)
from meetings.services.coming import answer_invitation
from meetings.services.feeds import make_feed
from surveys.models import (
    Analysis,
    Conversation,
    Part,
    Section,
    Statement,
    Theme,
    ThemeRun,
    ThemeText,
    Wave,
)
from surveys.services.answering import save_answer
from tests import make

ANONYMOUS = "anonymous"
PERSONAS = (
    ANONYMOUS,
    "government side",
    "civil society side",
    "helper pair",
    "other pair",
    "expert",
    "reader",
    "without a place",
    "own hub",
    "other hub",
    "network coordinator",
)


@dataclass(frozen=True)
class World:
    """A seeker and a helper pair, things of every kind, and people of every kind."""

    people: dict[str, User | None]
    seeker: Locality
    helper: Locality
    wave: Wave
    part: Part
    suggestion: Suggestion
    round: Round
    promise: Promise
    meeting: Meeting
    invitation: Invitation
    place: Place
    session: Session
    clinic: Clinic
    attempt: Attempt
    feed: Feed
    feed_token: str
    notice: Notice
    stuck_job: StuckJob
    quiet_day: QuietDay
    section: Section
    conversation: Conversation
    membership: Membership
    organisation: Organisation
    sector: Sector
    deed: AuditEntry
    pin: Pin
    weights: WeightTable
    circle: Circle
    expertise: Expertise
    asked: IntroductionRequest
    confided: Statement
    analysis: Analysis
    theme: Theme
    theme_run: ThemeRun
    theme_text: ThemeText
    report: Report
    reading: Reading
    invited: Invited
    fact: Fact
    public_fact: Fact
    cycle: Cycle
    plan: ActivityPlan
    lesson: Lesson
    year: YearSummary


def workers_are_well(now: datetime) -> None:
    for name in WorkerName:
        record_pulse(name=name, now=now)


def world(tag: str = "") -> World:
    """Build it; every private text says CANARY and whose it is.

    A second one beside it has a tag, and other regions.
    """
    now = timezone.now()
    workers_are_well(now)
    seeker = make.locality(
        "Seeker place", slug=f"{tag}seeker", region_code=f"{tag}africa"
    )
    helper = make.locality(
        "Helper place", slug=f"{tag}helper", region_code=f"{tag}asia"
    )
    government, civil_society = make.pair(seeker)
    helping, _other = make.pair(helper)
    wave = make.wave(
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=9)
    )
    part = make.part(wave, seeker, Side.GOVERNMENT)
    save_answer(
        part=part,
        question=make.question(wave, "needs"),
        blocks=[make.need_block(f"CANARY {tag}draft of the government")],
        version=0,
        by=government,
        now=now,
    )
    suggestion = make.approved(
        seeker, helper, wave, approved_at=now, expires_at=now + timedelta(days=20)
    )
    notice = Notice.objects.create(
        key=f"{tag}one", kind="suggestion", recipient=government, not_before=now
    )
    meeting = make.meeting(
        f"{tag}africa",
        first_day=(now + timedelta(days=9)).date(),
        join_link="https://room.example/1",
        agenda_shown=True,
    )
    invitation = make.invitation(meeting, seeker)
    circle = make.circle(
        suggestion.round,
        [seeker, helper],
        state=CircleState.APPROVED,
        approved_at=now,
    )
    place = answer_invitation(
        invitation=invitation, answer=Answer.MAYBE, by=government, now=now
    )
    clinic = _clinic(seeker, helper, by=government, now=now)
    feed, token = make_feed(person=government, region=None)
    people = _people(government, civil_society, helping, tag)
    expert, reader = people["expert"], people["reader"]
    assert expert is not None
    assert reader is not None
    reading = _reading(wave, reader, now)
    cycle = begin_cycle(title="Turn", wave=wave, region=seeker.region, by=None)
    return World(
        cycle=cycle,
        plan=ActivityPlan.objects.create(
            paper=Report.objects.create(
                kind="plan",
                cycle=cycle,
                wave=wave,
                title=f"CANARY {tag}plan being written",
            )
        ),
        lesson=Lesson.objects.create(
            locality=seeker,
            side=Side.GOVERNMENT,
            topic=make.topic(),
            title=f"CANARY {tag}card",
            problem=f"CANARY {tag}problem",
            done=f"CANARY {tag}deed",
        ),
        year=YearSummary.objects.create(year=2027 if tag else 2026, counted_at=now),
        report=reading.section.report,
        reading=reading,
        people=people,
        seeker=seeker,
        helper=helper,
        wave=wave,
        part=part,
        suggestion=suggestion,
        round=suggestion.round,
        pin=Pin.objects.create(
            kind=PinKind.VETO,
            seeker=seeker,
            helper=helper,
            why=f"CANARY {tag}of coordinators",
        ),
        weights=WeightTable.objects.create(weights={"topic": 1.0}, why="To begin"),
        circle=circle,
        expertise=make.expertise(expert),
        promise=Promise.objects.create(wave=wave, topic=make.topic(), heard="Heard"),
        meeting=meeting,
        invitation=invitation,
        place=place,
        clinic=clinic,
        attempt=Attempt.objects.create(
            clinic=clinic,
            locality=seeker,
            by=government,
            text="Ask for the file",
            until=now.date(),
        ),
        session=Session.objects.create(
            meeting=meeting, title="Market", format="market"
        ),
        feed=feed,
        feed_token=token,
        notice=notice,
        stuck_job=StuckJob.objects.create(
            key=f"{tag}one", job="matchmaking.run_round", tries=3, parked_at=now
        ),
        section=Section.objects.filter(survey=wave.survey).latest("pk"),
        conversation=Conversation.objects.create(
            kind="note",
            locality=seeker,
            side="government",
            held_on=now.date(),
            spoke_with=f"CANARY {tag}head of procurement",
            words=f"CANARY {tag}of a conversation",
        ),
        quiet_day=QuietDay.objects.create(
            on=now.date(), why="Holiday", country_code="KE" if tag else ""
        ),
        membership=government.memberships.get(),
        organisation=government.memberships.get().organisation,
        sector=Sector.objects.get(code="cross"),
        deed=record(government, "did", seeker),
        asked=IntroductionRequest.objects.create(
            seeker=seeker,
            side="government",
            helper=make.locality(region_code=f"{tag}africa"),
            words=f"CANARY {tag}request of the government",
            by=government,
        ),
        confided=make.statement(
            seeker, wave, visibility="side", text=f"CANARY {tag}confided"
        ),
        analysis=Analysis.objects.create(
            wave=wave, input_hash="0", result={"shown": None}, computed_at=now
        ),
        theme=Theme.objects.create(wave=wave),
        theme_run=ThemeRun.objects.create(
            wave=wave, outcome="list_only", input_hash="0", found_at=now
        ),
        theme_text=ThemeText.objects.create(wave=wave, statement=suggestion.need),
        fact=say_fact(
            seat=Seat.objects.get(locality=seeker, side=Side.GOVERNMENT),
            kind=FactKind.CONTEXT,
            said=Said(f"CANARY {tag}fact of the government", Audience.SIDE),
            by=government,
            now=now,
        ),
        public_fact=_doubted(
            Seat.objects.get(locality=seeker, side=Side.GOVERNMENT),
            government,
            now,
            f"CANARY {tag}doubt of the government",
        ),
        invited=invite_colleague(
            seat=Seat.objects.get(locality=seeker, side=Side.GOVERNMENT),
            guest=Guest(f"{tag}guest@example.org", note=f"CANARY {tag}note to a guest"),
            by=government,
            now=now,
        ),
    )


def _clinic(seeker: Locality, helper: Locality, *, by: User, now: datetime) -> Clinic:
    clinic = Clinic.objects.create(
        locality=seeker, by=by, question="How?", help_wanted="ideas"
    )
    ClinicPeer.objects.create(clinic=clinic, locality=helper)
    ClinicTime.objects.create(clinic=clinic, starts_at=now + timedelta(days=3))
    return clinic


def _doubted(seat: Seat, by: User, now: datetime, words: str) -> Fact:
    """A line of public sources of which one side says what is wrong."""
    line = take_from_sources(
        locality=seat.locality,
        text="A portal since 2019",
        sources=["https://portal.example/"],
        by=None,
        now=now,
    )
    doubt(fact=line, seat=seat, words=words, by=by)
    return line


def _reading(wave: Wave, reader: User, now: datetime) -> Reading:
    """A report that is with its reader, who has agreed to its one section."""
    report = Report.objects.create(
        wave=wave, title="Report", state="reading", read_by=now + timedelta(days=5)
    )
    return Reading.objects.create(
        section=ReportSection.objects.create(
            report=report, kind="short", heading="In short", text="Text", position=0
        ),
        reader=ReportReader.objects.create(report=report, person=reader),
        verdict="agree",
    )


def _people(
    government: User, civil_society: User, helping: User, tag: str
) -> dict[str, User | None]:
    expert, reader = make.person("Expert"), make.person("Reader")
    partner = make.organisation(OrganisationKind.PARTNER)
    make.place(expert, partner, Role.EXPERT)
    make.place(reader, partner, Role.READER)
    return {
        ANONYMOUS: None,
        "government side": government,
        "civil society side": civil_society,
        "helper pair": helping,
        "other pair": make.pair(make.locality(region_code=f"{tag}cee"))[0],
        "expert": expert,
        "reader": reader,
        "without a place": make.person("Nobody"),
        "own hub": make.hub_coordinator(f"{tag}africa"),
        "other hub": make.hub_coordinator(f"{tag}cee"),
        "network coordinator": make.coordinator(),
    }
