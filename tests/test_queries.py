"""Each list page costs the same number of queries at one row and at three."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from localities.choices import FactKind, MilestoneKind, Side
from localities.models import Fact, Invitation, SavedPlace, SavedSearch, Seat
from localities.services.inviting import Guest, invite_colleague
from localities.services.profile import Said, note_milestone, say_fact
from localities.services.public_sources import take_from_sources
from loci.cycles.models import Lesson, Promise, Report, YearSummary
from loci.cycles.services.cycles import begin_cycle
from matchmaking.choices import PinKind
from matchmaking.models import IntroductionRequest, Pin
from surveys.choices import StatementKind, WaveState
from surveys.models import Wave
from surveys.services.analysing import refresh_analysis
from tests import make

pytestmark = pytest.mark.django_db


class Growing:
    """A network that grows by a row of everything."""

    def __init__(self) -> None:
        now = timezone.now()
        self.wave = make.wave(
            opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=9)
        )
        self.locality = make.locality(slug="own")
        self.government, self.civil_society = make.pair(self.locality)
        self.part = make.part(self.wave, self.locality, Side.GOVERNMENT)
        self.seat = Seat.objects.get(locality=self.locality, side=Side.GOVERNMENT)
        self.coordinator = make.coordinator()

    def grow(self, rows: int) -> None:
        now = timezone.now()
        for number in range(rows):
            other = make.locality()
            make.pair(other)
            make.statement(self.locality, self.wave)
            said = Said(f"Line {Fact.objects.count()}")
            for kind in (FactKind.OBJECTIVE, FactKind.LOOKING_FOR):
                say_fact(
                    seat=self.seat, kind=kind, said=said, by=self.government, now=now
                )
            note_milestone(
                seat=self.seat,
                kind=MilestoneKind.CHANGE_MADE,
                text="A portal",
                on=now.date(),
                by=self.government,
            )
            self.ask_in(f"guest{Invitation.objects.count()}@example.org", now)
            make.statement(self.locality, self.wave, StatementKind.OFFER)
            shown = make.approved(
                self.locality,
                other,
                self.wave,
                approved_at=now,
                expires_at=now + timedelta(days=9),
            )
            make.circle(shown.round, [self.locality, other], state="approved")
            Pin.objects.create(
                kind=PinKind.PIN, seeker=other, helper=self.locality, why="Asked for"
            )
            take_from_sources(
                locality=self.locality,
                text=f"Public {other.slug}",
                sources=["https://portal.example/"],
                by=None,
                now=now,
            )
            SavedPlace.objects.create(person=self.government, locality=other)
            SavedSearch.objects.create(
                person=self.government, asked={"q": other.slug}, looked_at=now
            )
            IntroductionRequest.objects.create(
                seeker=self.locality, side="government", helper=other, words="Words"
            )
            Report.objects.create(
                wave=self.wave,
                version=Report.objects.count() + 1,
                title="Report",
                state="superseded",
                read_by=now,
                published_at=now,
            )
            begin_cycle(title="Turn", wave=make.wave(state="draft"), by=None)
            YearSummary.objects.create(
                year=2000 + YearSummary.objects.count(), counted_at=now
            )
            Lesson.objects.create(
                locality=other,
                side=Side.GOVERNMENT,
                topic=make.topic(),
                title="Card",
                problem="Problem",
                done="Done",
                state="published",
                agreed_at=now,
                published_at=now,
            )
            Promise.objects.create(
                wave=self.wave,
                topic=make.topic(f"it.t{make.TODAY}{Promise.objects.count()}{number}"),
                heard="Heard",
                is_published=True,
            )

    def ask_in(self, email: str, now: datetime) -> None:
        """One more on the own side, and one who is asked."""
        make.place(make.person(), self.seat.organisation)
        invite_colleague(
            seat=self.seat, guest=Guest(email), by=self.government, now=now
        )


PAGES = [
    ("landing", None, "pages:landing", [], 9),
    ("localities", None, "pages:localities", [], 8),
    ("localities, member", "government", "pages:localities", [], 12),
    ("locality, visitor", None, "pages:locality", ["own"], 5),
    ("locality, member", "government", "pages:locality", ["own"], 10),
    ("you said, we did", None, "pages:you_said_we_did", [], 2),
    ("own half of a profile", "government", "localities:profile", ["own"], 6),
    ("changes, visitor", None, "pages:changes", ["own"], 2),
    ("changes, member", "government", "pages:changes", ["own"], 6),
    ("what one saved", "government", "pages:saved", [], 12),
    ("home", "government", "pages:home", [], 11),
    ("people of a side", "government", "localities:team", ["own"], 6),
    ("survey start", "government", "surveys:start", ["{part}"], 10),
    ("survey page", "government", "surveys:section", ["{part}", "needs"], 10),
    ("check", "government", "surveys:check", ["{part}"], 6),
    ("results", "government", "surveys:results", ["{wave}"], 4),
    ("admin index", "coordinator", "admin:index", [], 12),
    ("reports", "coordinator", "cycles:reports", [], 3),
    ("cycles", None, "cycles:cycles", [], 2),
    ("practice cards", None, "cycles:lessons", [], 2),
    ("insights", None, "cycles:insights", [], 6),
    ("admin cycles", "coordinator", "admin:cycles_cycle_changelist", [], 7),
    ("admin cards", "coordinator", "admin:cycles_lesson_changelist", [], 8),
    (
        "admin suggestions",
        "coordinator",
        "admin:matchmaking_suggestion_changelist",
        [],
        8,
    ),
    ("admin circles", "coordinator", "admin:matchmaking_circle_changelist", [], 10),
    (
        "admin invitations",
        "coordinator",
        "admin:localities_invitation_changelist",
        [],
        6,
    ),
    ("admin localities", "coordinator", "admin:localities_locality_changelist", [], 7),
    (
        "admin requests",
        "coordinator",
        "admin:matchmaking_introductionrequest_changelist",
        [],
        7,
    ),
    ("admin public lines", "coordinator", "admin:localities_fact_changelist", [], 7),
    ("admin pins", "coordinator", "admin:matchmaking_pin_changelist", [], 6),
    ("admin rounds", "coordinator", "admin:matchmaking_round_changelist", [], 6),
    ("admin parts", "coordinator", "admin:surveys_part_changelist", [], 8),
    ("admin promises", "coordinator", "admin:cycles_promise_changelist", [], 7),
]


@pytest.mark.parametrize(("name", "who", "view", "arguments", "queries"), PAGES)
def test_a_page_costs_the_same_at_one_and_at_three_rows(
    name, who, view, arguments, queries, signed_in
):
    network = Growing()
    client = signed_in(getattr(network, who) if who else None)
    known = {"{part}": network.part.reference, "{wave}": network.wave.pk}
    url = reverse(view, args=[known.get(one, one) for one in arguments])
    client.get(url)  # what is cached once per process is not the page's cost

    network.grow(1)
    with CaptureQueriesContext(connection) as at_one:
        client.get(url)
    network.grow(2)
    with CaptureQueriesContext(connection) as at_three:
        client.get(url)

    assert (len(at_one), len(at_three)) == (queries, queries)


def test_results_of_a_closed_wave_cost_the_same_at_one_and_at_three_rows(signed_in):
    network = Growing()
    client = signed_in(network.government)
    url = reverse("surveys:results", args=[network.wave.pk])
    Wave.objects.filter(pk=network.wave.pk).update(state=WaveState.CLOSED)
    costs = []

    for rows in (1, 2):
        network.grow(rows)
        wave = Wave.objects.get(pk=network.wave.pk)
        refresh_analysis(wave=wave, now=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            page = client.get(url)
        assert "How this was counted" in page.content.decode()
        costs.append(len(queries))

    assert costs == [11, 11]
