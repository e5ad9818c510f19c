"""Every kind of page on its first visit: light, whole, readable, at home.

Later work adds its pages to `PAGES`: a name, who opens it, its address (what stands in
braces is filled in from `Site.names`) and its kind. `--log-cli-level INFO` shows what
each weighs.
"""

import gzip
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Response, ViewportSize
from pytest_django.live_server_helper import LiveServer
from pytest_playwright.pytest_playwright import CreateContextCallback

from localities.choices import Side
from localities.models import Fact, Locality, Seat
from localities.queries.people import people_of
from localities.services.inviting import Guest, invite_colleague
from loci.accounts.models import User
from loci.cycles.models import (
    ActivityPlan,
    Cycle,
    Lesson,
    Promise,
    Report,
    ReportReader,
    ReportSection,
)
from loci.cycles.services.ledger import draft_promises
from loci.notices.services.delivery import deliver_due
from matchmaking.choices import RoundState, SuggestionState
from matchmaking.models import Circle, Round, Suggestion
from matchmaking.services.reviewing import approve_suggestion
from matchmaking.services.rounds import run_round
from meetings.models import Meeting, Place
from meetings.services.clinics import post_case
from surveys.models import Part, Statement, Wave
from surveys.services.analysing import refresh_analysis
from tests import make
from tests.journeys.doors import Doors

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db,
    pytest.mark.xdist_group("pages"),
]

logger = logging.getLogger(__name__)
BAD = {"serious", "critical"}
ICON = "other"  # the icon of the tab, which the browser gets sooner or later
PHONE: ViewportSize = {"width": 320, "height": 640}


@dataclass(frozen=True)
class Budget:
    """Of a first visit: kB (1000 bytes) over the line, and requests; of the page alone."""

    total: int
    requests: int
    page: int = 0


BUDGETS = {
    "landing": Budget(total=60, requests=5),
    "workspace": Budget(total=90, requests=6),
    "directory": Budget(total=110, requests=7),
    "survey": Budget(total=90, requests=6, page=15),
    "admin": Budget(total=120, requests=8),
    "admin list": Budget(
        total=120, requests=24
    ),  # Django's own scripts come one by one
    "admin form": Budget(total=130, requests=24),
    "admin dates": Budget(total=130, requests=28),  # calendars and clocks besides
}

GOVERNMENT = "government.kutaisi"
CIVIL_SOCIETY = "civil-society.makueni"
COORDINATOR = "coordinator"
HUB = "hub-cee"
READER = "reader"
MEETS = "government.vanadzor-gyumri"

PAGES = [
    ("landing", None, "/", "landing"),
    ("sign-in", None, "/accounts/login/", "landing"),
    ("sign-in by code", None, "/accounts/login/code/", "landing"),
    ("demonstration", None, "/demo/", "workspace"),
    ("mails", None, "/demo/inbox/", "workspace"),
    ("localities", None, "/localities/", "directory"),
    ("locality", None, "/localities/kutaisi/", "workspace"),
    ("directory of a member", GOVERNMENT, "/localities/", "directory"),
    (
        "nobody fits",
        GOVERNMENT,
        "/localities/?does=can_help&sector=cross&level=consortium&size=4",
        "directory",
    ),
    ("what one saved", GOVERNMENT, "/saved/", "workspace"),
    (
        "ask for an introduction",
        GOVERNMENT,
        "/suggestions/ask/prishtina/",
        "workspace",
    ),
    ("promises", None, "/you-said-we-did/", "workspace"),
    ("how we suggest", None, "/how-we-suggest/", "workspace"),
    ("cycles", None, "/cycles/", "workspace"),
    ("cycle", None, "/cycles/{cycle}/", "workspace"),
    ("practice cards", None, "/practice/", "workspace"),
    ("practice card", None, "/practice/{lesson}/", "workspace"),
    ("card to write", GOVERNMENT, "/practice/write/", "workspace"),
    ("insights", None, "/insights/", "workspace"),
    ("meetings", None, "/meetings/", "workspace"),
    ("meeting", None, "/meetings/{meeting}/", "workspace"),
    ("meeting of a pair", GOVERNMENT, "/meetings/{meeting}/", "workspace"),
    ("session", GOVERNMENT, "/meetings/{meeting}/sessions/{session}/", "workspace"),
    ("calendar addresses", GOVERNMENT, "/meetings/calendars/", "workspace"),
    ("clinics", GOVERNMENT, "/meetings/clinics/", "workspace"),
    ("new case", GOVERNMENT, "/meetings/clinics/new/", "workspace"),
    ("clinic", GOVERNMENT, "/meetings/clinics/{clinic}/", "workspace"),
    ("talks", MEETS, "/meetings/{meeting}/talks/", "workspace"),
    (
        "food, access, travel",
        MEETS,
        "/meetings/{meeting}/{asked}/private/",
        "workspace",
    ),
    ("somebody instead", MEETS, "/meetings/{meeting}/{asked}/instead/", "workspace"),
    ("two questions", MEETS, "/meetings/{meeting}/after/", "workspace"),
    ("who comes", HUB, "/meetings/{meeting}/host/", "workspace"),
    ("table plan", HUB, "/meetings/{meeting}/tables/", "workspace"),
    ("admin meetings", COORDINATOR, "/admin/meetings/meeting/", "admin list"),
    ("admin agenda", COORDINATOR, "/admin/meetings/session/of/{meeting_pk}/", "admin"),
    (
        "admin talks",
        COORDINATOR,
        "/admin/meetings/meeting/{meeting_pk}/talks/",
        "admin",
    ),
    (
        "admin review",
        COORDINATOR,
        "/admin/meetings/meeting/{meeting_pk}/review/",
        "admin",
    ),
    ("not found", None, "/nowhere/", "workspace"),
    ("workspace", GOVERNMENT, "/home/", "workspace"),
    ("workspace of a coordinator", COORDINATOR, "/home/", "workspace"),
    ("as the other side", GOVERNMENT, "/home/kutaisi/other-side/", "workspace"),
    ("admin import", COORDINATOR, "/admin/localities/locality/import/", "admin"),
    ("own half of a profile", GOVERNMENT, "/pairs/kutaisi/profile/", "workspace"),
    ("a line", GOVERNMENT, "/pairs/kutaisi/profile/objective/", "workspace"),
    ("a link", GOVERNMENT, "/pairs/kutaisi/profile/link/", "workspace"),
    ("a public line", GOVERNMENT, "/pairs/public-lines/{public_line}/", "workspace"),
    ("admin public lines", COORDINATOR, "/admin/localities/fact/", "admin list"),
    (
        "admin public line",
        COORDINATOR,
        "/admin/localities/fact/{public_line}/change/",
        "admin dates",
    ),
    ("a milestone", GOVERNMENT, "/pairs/kutaisi/milestone/", "workspace"),
    ("own profile", GOVERNMENT, "/localities/kutaisi/", "workspace"),
    ("changes of a profile", None, "/localities/kutaisi/changes/", "workspace"),
    ("people of a side", GOVERNMENT, "/pairs/kutaisi/people/", "workspace"),
    ("invite", GOVERNMENT, "/pairs/kutaisi/invite/colleague/", "workspace"),
    ("hand over", GOVERNMENT, "/pairs/kutaisi/invite/successor/", "workspace"),
    ("leave", GOVERNMENT, "/pairs/kutaisi/leave/", "workspace"),
    ("invitation", None, "/invitations/{token}/", "landing"),
    ("invitation code", None, "/invitations/code/", "landing"),
    ("invitation over", None, "/invitations/nothing/", "landing"),
    ("not my invitation", CIVIL_SOCIETY, "/invitations/{not_mine}/", "workspace"),
    ("first step", GOVERNMENT, "/welcome/name/", "workspace"),
    ("second step", GOVERNMENT, "/welcome/languages/", "workspace"),
    ("third step", GOVERNMENT, "/welcome/seen/", "workspace"),
    ("admin invitations", COORDINATOR, "/admin/localities/invitation/", "admin list"),
    ("admin invite", COORDINATOR, "/admin/localities/invitation/invite/", "admin"),
    ("survey start", GOVERNMENT, "/surveys/{part}/", "workspace"),
    ("survey needs", GOVERNMENT, "/surveys/{part}/page/needs/", "survey"),
    ("survey offers", GOVERNMENT, "/surveys/{part}/page/offers/", "survey"),
    ("survey together", GOVERNMENT, "/surveys/{part}/page/together/", "survey"),
    ("survey check", GOVERNMENT, "/surveys/{part}/check/", "workspace"),
    ("survey on paper", GOVERNMENT, "/surveys/{part}/paper/", "workspace"),
    ("survey before", GOVERNMENT, "/surveys/{part}/before/", "workspace"),
    ("topics", GOVERNMENT, "/surveys/topics/", "workspace"),
    ("survey later", GOVERNMENT, "/surveys/{part}/later/", "workspace"),
    ("survey sent", CIVIL_SOCIETY, "/surveys/{sent_part}/sent/", "workspace"),
    ("not theirs", CIVIL_SOCIETY, "/surveys/{sent_by_partner}/", "workspace"),
    ("results", GOVERNMENT, "/surveys/waves/{wave}/results/", "directory"),
    ("reports", GOVERNMENT, "/reports/", "workspace"),
    ("report", READER, "/reports/{report}/", "workspace"),
    ("section to read", READER, "/reports/{report}/topics/", "workspace"),
    ("workspace of a reader", READER, "/home/", "workspace"),
    ("admin report", COORDINATOR, "/admin/cycles/report/", "admin list"),
    ("admin cycles", COORDINATOR, "/admin/cycles/cycle/", "admin list"),
    (
        "admin plan",
        COORDINATOR,
        "/admin/cycles/activityplan/{plan}/change/",
        "admin dates",
    ),
    ("plan", READER, "/reports/{plan_paper}/", "workspace"),
    ("admin cards", COORDINATOR, "/admin/cycles/lesson/", "admin list"),
    ("admin themes", COORDINATOR, "/admin/surveys/theme/", "admin list"),
    ("card", GOVERNMENT, "/suggestions/{suggestion}/", "workspace"),
    ("card of the helper", CIVIL_SOCIETY, "/suggestions/{suggestion}/", "workspace"),
    ("not for us", GOVERNMENT, "/suggestions/{suggestion}/no/", "workspace"),
    ("not now", GOVERNMENT, "/suggestions/{suggestion}/later/", "workspace"),
    ("card once introduced", GOVERNMENT, "/suggestions/{introduced}/", "workspace"),
    ("check-in", GOVERNMENT, "/suggestions/{introduced}/check-in/", "workspace"),
    ("circle", GOVERNMENT, "/suggestions/circles/{circle}/", "workspace"),
    ("own data", GOVERNMENT, "/own-data/", "workspace"),
    ("erase me", GOVERNMENT, "/own-data/erase/", "workspace"),
    ("expertise", "expert", "/suggestions/expertise/", "workspace"),
    ("ways to sign in", GOVERNMENT, "/accounts/2fa/", "workspace"),
    ("where signed in", GOVERNMENT, "/accounts/sessions/", "workspace"),
    ("admin index", COORDINATOR, "/admin/", "admin"),
    ("admin index of a hub", HUB, "/admin/", "admin"),
    ("admin suggestions", COORDINATOR, "/admin/matchmaking/suggestion/", "admin list"),
    (
        "admin round",
        COORDINATOR,
        "/admin/matchmaking/round/{round}/change/",
        "admin form",
    ),
    ("admin trial", COORDINATOR, "/admin/matchmaking/round/{round}/try/", "admin"),
    (
        "admin new weights",
        COORDINATOR,
        "/admin/matchmaking/weighttable/adopt/",
        "admin",
    ),
    ("admin outcomes", COORDINATOR, "/admin/matchmaking/suggestion/outcomes/", "admin"),
    ("admin lessons", COORDINATOR, "/admin/matchmaking/weighttable/learn/", "admin"),
    (
        "admin requests",
        COORDINATOR,
        "/admin/matchmaking/introductionrequest/",
        "admin list",
    ),
    ("admin circles", COORDINATOR, "/admin/matchmaking/circle/", "admin list"),
    ("admin pins", COORDINATOR, "/admin/matchmaking/pin/", "admin list"),
    (
        "admin survey",
        COORDINATOR,
        "/admin/surveys/survey/{survey}/change/",
        "admin form",
    ),
    (
        "admin survey preview",
        COORDINATOR,
        "/surveys/preview/{survey}/government/",
        "survey",
    ),
    ("admin survey import", COORDINATOR, "/admin/surveys/survey/import/", "admin"),
    (
        "admin enter for a side",
        COORDINATOR,
        "/admin/surveys/part/{part_key}/enter/",
        "admin",
    ),
    (
        "admin conversation",
        COORDINATOR,
        "/admin/surveys/conversation/add/",
        "admin dates",
    ),
    ("admin wave", COORDINATOR, "/admin/surveys/wave/{wave}/change/", "admin dates"),
    ("admin wave opening", COORDINATOR, "/admin/surveys/wave/{draft}/open/", "admin"),
    (
        "admin wave monitor",
        COORDINATOR,
        "/admin/surveys/wave/{wave}/monitor/",
        "admin",
    ),
    ("admin call list", COORDINATOR, "/admin/surveys/wave/{wave}/calls/", "admin"),
    ("admin parts", COORDINATOR, "/admin/surveys/part/", "admin list"),
    ("admin promises", COORDINATOR, "/admin/cycles/promise/", "admin list"),
]
REFUSED = {
    "/nowhere/": 404,
    "/invitations/nothing/": 410,
    "/invitations/{not_mine}/": 403,
    "/surveys/{sent_by_partner}/": 403,
}


@dataclass(frozen=True)
class Site:
    """A running product that shows the demonstration, halfway through its first wave."""

    home: str
    names: dict[str, Any]
    sessions: dict[str, str]
    """Of everybody in `PAGES`, signed in; what a test writes the server cannot see."""


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    """One for all pages: looking at them changes nothing that is looked at."""
    with django_db_blocker.unblock():
        assert connection.settings_dict["NAME"].startswith("test_")
        server = LiveServer("localhost")
        try:
            names = show_the_demonstration()
            people = {who for _name, who, _path, _kind in PAGES if who}
            yield Site(server.url, names, {who: session_of(who) for who in people})
        finally:
            server.stop()
            call_command("flush", interactive=False, verbosity=0)


def show_the_demonstration() -> dict[str, Any]:
    """A wave with results, a suggestion with the pairs, promises, mails."""
    for command in ("load_taxonomy", "load_survey", "load_demo"):
        call_command(command, verbosity=0)
    now, wave = timezone.now(), Wave.objects.get(title="Wave 1")
    refresh_analysis(wave=wave, now=now)
    suggestion = let_through(wave)
    deliver_due(now=now)
    coordinator = User.objects.get(email__startswith="coordinator@")
    draft_promises(wave=wave, by=coordinator)
    Promise.objects.update(
        is_published=True, owner=coordinator, due_on=now + timedelta(days=30)
    )
    plan = plan_being_read(wave, now)
    return {
        **around_the_meeting(now),
        "cycle": plan.paper.cycle.reference if plan.paper.cycle else "",
        "lesson": Lesson.objects.order_by("pk")[0].reference,
        "plan": plan.pk,
        "plan_paper": plan.paper.reference,
        "wave": wave.pk,
        "draft": Wave.objects.get(title="After the regional meeting").pk,
        "survey": wave.survey_id,
        "public_line": Fact.objects.get(locality__slug="kutaisi", side="").pk,
        "part_key": Part.objects.get(locality__slug="kutaisi", side=Side.GOVERNMENT).pk,
        "token": (token := asked_in(now)),
        "not_mine": token,
        "report": report_being_read(wave, now).reference,
        "suggestion": suggestion.reference,
        "introduced": introduced(wave).reference,
        "round": computed_round(wave).pk,
        "circle": circle(suggestion.round).reference,
        "part": reference("kutaisi", Side.GOVERNMENT),
        "sent_part": reference("makueni", Side.CIVIL_SOCIETY),
        "sent_by_partner": reference("makueni", Side.GOVERNMENT),
    }


def asked_in(now: datetime) -> str:
    """Somebody is asked to the government's side; the token of the link."""
    seat = Seat.objects.get(locality__slug="kutaisi", side=Side.GOVERNMENT)
    by = User.objects.get(email__startswith=f"{GOVERNMENT}@")
    guest = Guest("guest@demo.example")
    return invite_colleague(seat=seat, guest=guest, by=by, now=now).token


def plan_being_read(wave: Wave, now: datetime) -> ActivityPlan:
    cycle = Cycle.objects.get(wave=wave)
    paper = being_read(wave, now, ("outcome", "whom"), kind="plan", cycle=cycle)
    plan = ActivityPlan.objects.create(paper=paper, languages=["en", "es"])
    plan.needs.set(Statement.objects.for_introductions().filter(kind="need")[:3])
    return plan


def around_the_meeting(now: datetime) -> dict[str, Any]:
    """The demonstration's meeting, who comes, a case."""
    meeting = Meeting.objects.get()
    comes = Place.objects.filter(state="yes").order_by("pk")[0]
    own = Locality.objects.get(slug="kutaisi")
    clinic = post_case(
        locality=own,
        by=people_of(own)[0],
        now=now,
        question="How do we reach villages?",
        help_wanted="ideas",
    )
    return {
        "meeting": meeting.reference,
        "meeting_pk": meeting.pk,
        "session": meeting.sessions.order_by("pk")[0].pk,
        "asked": comes.invitation_id,
        "clinic": clinic.reference,
    }


def report_being_read(wave: Wave, now: datetime) -> Report:
    return being_read(wave, now, ("short", "topics", "plan"))


def being_read(
    wave: Wave, now: datetime, kinds: tuple[str, ...], **facts: Any
) -> Report:
    report = Report.objects.create(
        wave=wave,
        title="Report on Wave 1",
        state="reading",
        read_by=now + timedelta(days=5),
        **facts,
    )
    for position, kind in enumerate(kinds):
        ReportSection.objects.create(
            report=report, kind=kind, heading=kind, text="Words", position=position
        )
    reader = User.objects.get(email__startswith="reader@")
    ReportReader.objects.create(report=report, person=reader)
    return report


def let_through(wave: Wave) -> Suggestion:
    suggestion = make.suggestion(
        Locality.objects.get(slug="kutaisi"), Locality.objects.get(slug="makueni"), wave
    )
    return approve_suggestion(
        suggestion=suggestion,
        by=User.objects.get(email__startswith="coordinator@"),
        now=timezone.now(),
    )


def introduced(wave: Wave) -> Suggestion:
    now = timezone.now()
    return make.suggestion(
        Locality.objects.get(slug="kutaisi"),
        Locality.objects.get(slug="semarang"),
        wave,
        state=SuggestionState.INTRODUCED,
        approved_at=now,
        introduced_at=now,
    )


def computed_round(wave: Wave) -> Round:
    """The round that the demonstration starts with."""
    round_ = Round.objects.get(wave=wave, state=RoundState.QUEUED)
    run_round(round_id=round_.pk, now=timezone.now())
    return round_


def circle(round_: Round) -> Circle:
    places = Locality.objects.filter(slug__in=["kutaisi", "makueni", "semarang"])
    asked_at = timezone.now()
    return make.circle(round_, list(places), state="approved", approved_at=asked_at)


def session_of(who: str) -> str:
    """The value of the cookie of somebody who has entered."""
    client = Client()
    person = User.objects.get(email__startswith=f"{who}@")
    client.post(reverse("pages:enter", args=[person.pk]))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def reference(slug: str, side: Side) -> str:
    return Part.objects.get(locality__slug=slug, side=side).reference


@pytest.fixture
def doors(site: Site, new_context: CreateContextCallback) -> Iterator[Doors]:
    doors = Doors(new_context, site.home)
    yield doors
    doors.close()


@pytest.mark.parametrize(
    ("who", "path", "kind"), [row[1:] for row in PAGES], ids=[row[0] for row in PAGES]
)
def test_first_visit_is_light_whole_and_readable(
    site: Site,
    doors: Doors,
    who: str | None,
    path: str,
    kind: str,
):
    page = doors.open()
    if who:
        let_in(page, site, who)

    address = path.format(**site.names)
    arrived = page.goto(address)

    assert arrived is not None
    assert (arrived.status, urlsplit(page.url).path) == (
        REFUSED.get(path, 200),
        urlsplit(address).path,
    )
    weights = {
        urlsplit(answer.url).path: weight(answer)
        for answer in doors.answers
        if answer.request.resource_type != ICON
    }
    logger.info("%.1f kB in %d requests", sum(weights.values()) / 1000, len(weights))
    faults = [
        *over(BUDGETS[kind], weights),
        *doors.complaints,  # of the page itself: axe styles some pages to measure them
        *unreadable(page),
        *sideways_on_a_phone(page),
    ]
    assert faults == []


def let_in(page: Page, site: Site, who: str) -> None:
    name, value = settings.SESSION_COOKIE_NAME, site.sessions[who]
    page.context.add_cookies([{"name": name, "value": value, "url": site.home}])


def weight(answer: Response) -> int:
    """Bytes over the line, as deployed: files that the test's server sends plain are
    counted as whitenoise compresses them ahead.
    """
    sizes = answer.request.sizes()
    body = sizes["responseBodySize"]
    if not answer.header_value("content-encoding"):
        body = min(body, len(gzip.compress(answer.body(), 9)))
    return body + sizes["responseHeadersSize"]


def over(budget: Budget, weights: dict[str, int]) -> Iterator[str]:
    """What is more than the budget; the page itself comes first."""
    total, page = sum(weights.values()) / 1000, next(iter(weights.values())) / 1000
    if total > budget.total:
        yield f"{total:.1f} kB; {budget.total} kB are allowed: {weights}"
    if len(weights) > budget.requests:
        yield f"{len(weights)} requests; {budget.requests} are allowed: {[*weights]}"
    if budget.page and page > budget.page:
        yield f"{page:.1f} kB of page alone; {budget.page} kB are allowed"


def unreadable(page: Page) -> Iterator[str]:
    """What keeps people from finding their way, by eye or by ear."""
    if not re.match(r"\w", page.title()):
        yield f"no title: {page.title()}"
    headings = page.get_by_role("heading", level=1).count()
    if headings != 1:
        yield f"{headings} main headings"
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] in BAD:
            places = [node["html"] for node in violation["nodes"][:3]]
            yield f"{violation['id']} ({violation['impact']}): {places}"


def sideways_on_a_phone(page: Page) -> Iterator[str]:
    page.set_viewport_size(PHONE)
    width = page.locator("html").evaluate("html => html.scrollWidth")
    if width > page.evaluate("window.innerWidth"):
        yield f"scrolls sideways at 320 px: {width} px wide"
