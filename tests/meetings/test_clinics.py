"""A case comes to peers, a time is found, what was said is asked about."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from icalendar import Calendar

from loci.notices.models import Notice
from matchmaking.choices import SuggestionState
from meetings.agenda.hours import times_for_all
from meetings.choices import ClinicState, Did, Suits
from meetings.models import Attempt, Clinic, ClinicPeer
from meetings.queries.clinics import clinic_page, peers_for, votes_of
from meetings.services.attempts import (
    DayIsPast,
    NotOfThisClinic,
    ask_about_attempts,
    tell_attempt,
    write_attempt,
)
from meetings.services.clinics import (
    NobodyToAsk,
    NotAsking,
    NotYourCase,
    TooManyCases,
    ask_peers_again,
    post_case,
    say_times,
    settle_clinic,
)
from surveys.choices import StatementKind
from tests import make

pytestmark = pytest.mark.django_db
CASE = {
    "question": "How do we publish amendments?",
    "context": "",
    "tried": "",
    "help_wanted": "ideas",
}


class Case:
    """A pair with a need, two peers that can help, a case."""

    def __init__(self) -> None:
        wave = make.wave()
        self.locality = make.locality()
        self.owner = make.pair(self.locality)[0]
        self.peers = [make.locality() for _number in range(2)]
        self.people = [make.pair(place)[0] for place in self.peers]
        make.statement(self.locality, wave)
        for place in self.peers:
            make.statement(place, wave, StatementKind.OFFER)
        self.wave = wave
        self.clinic = self.post()

    def post(self, context: str = "") -> Clinic:
        words = CASE | {"context": context}
        return post_case(locality=self.locality, by=self.owner, now=make.NOW, **words)

    def says(self, person, *words: Suits) -> ClinicPeer:
        times = self.clinic.times.order_by("starts_at")
        said = dict(zip([time.pk for time in times], words, strict=True))
        return say_times(clinic=self.clinic, words=said, by=person, now=make.NOW)


@pytest.fixture
def case() -> Case:
    return Case()


def test_a_case_goes_to_peers_from_suggestions_first(case):
    far = make.locality()
    make.pair(far)
    make.suggestion(
        case.locality,
        far,
        case.wave,
        state=SuggestionState.APPROVED,
        approved_at=make.NOW,
        expires_at=make.NOW + timedelta(days=9),
    )

    assert peers_for(case.locality, 6) == [far, *case.peers]
    asked = Notice.objects.filter(kind="clinic_asked").values_list("recipient__name")
    assert len(asked) == 4  # both sides of both peers of the first case
    assert case.clinic.times.count() == 3


def test_times_lie_in_office_hours_of_all_where_they_can():
    zones = ["Africa/Nairobi", "Europe/Chisinau"]

    for at in times_for_all(zones, make.NOW):
        for zone in zones:
            local = at.astimezone(ZoneInfo(zone))
            assert 9 <= local.hour <= 16
            assert local.weekday() < 5
    assert len(times_for_all(["Asia/Jakarta", "America/Bogota"], make.NOW)) == 3


def test_the_best_time_has_most_who_can_and_says_who_is_missing(case):
    first, second = case.people
    case.says(first, Suits.YES, Suits.NO, Suits.YES)
    case.says(second, Suits.NO, Suits.NO, Suits.IF_NEEDED)

    votes = votes_of(case.clinic)
    page = clinic_page(case.clinic, case.owner)

    assert [vote.coming for vote in votes] == [1, 0, 2]
    assert [vote.is_best for vote in votes] == [False, False, True]
    assert page.suits_everyone
    assert votes[0].no == (case.peers[1],)


def test_settling_gives_roles_and_calendar_files(case):
    case.says(case.people[0], Suits.YES, Suits.YES, Suits.YES)
    case.says(case.people[1], Suits.NO, Suits.NO, Suits.NO)
    time = case.clinic.times.order_by("starts_at")[1]

    with pytest.raises(NotYourCase):
        settle_clinic(clinic=case.clinic, time=time, by=case.people[0], now=make.NOW)
    clinic = settle_clinic(clinic=case.clinic, time=time, by=case.owner, now=make.NOW)

    assert (clinic.state, clinic.agreed_at) == (ClinicState.SETTLED, time.starts_at)
    assert (clinic.facilitator, clinic.note_taker) == (case.peers[0], None)
    mails = Notice.objects.filter(kind="clinic_settled")
    assert mails.count() == 4  # both sides of the pair and of the one that can
    (event,) = Calendar.from_ical(mails[0].calendar).walk("VEVENT")
    assert event["DTSTART"].dt == time.starts_at
    with pytest.raises(NotAsking):
        case.says(case.people[1], Suits.YES, Suits.YES, Suits.YES)


def test_a_case_posted_twice_is_one_case_and_one_round_of_mails(case):
    again = case.post()

    assert again == case.clinic
    assert Notice.objects.filter(kind="clinic_asked").count() == 4


def test_no_more_cases_than_anybody_can_follow_and_none_without_peers(case):
    case.post("A second one")
    case.post("A third one")

    with pytest.raises(TooManyCases):
        case.post("A fourth one")
    lonely = make.locality()
    person = make.pair(lonely)[0]
    with pytest.raises(NobodyToAsk):
        post_case(locality=lonely, by=person, now=make.NOW, **CASE)


def test_strangers_neither_read_nor_answer_a_case(case, signed_in):
    stranger = make.pair(make.locality())[0]

    assert signed_in(stranger).get(case.clinic.get_absolute_url()).status_code == 404
    with pytest.raises(NotYourCase):
        case.says(stranger, Suits.YES, Suits.YES, Suits.YES)
    with pytest.raises(NotOfThisClinic):
        write_attempt(
            clinic=case.clinic,
            text="x",
            until=make.TODAY,
            by=stranger,
            now=make.NOW,
        )


def test_peers_that_have_not_said_are_asked_once_more(case):
    case.says(case.people[0], Suits.YES, Suits.YES, Suits.YES)
    ClinicPeer.objects.update(created_at=make.NOW)
    later = make.NOW + timedelta(days=3)

    assert [ask_peers_again(now=later), ask_peers_again(now=later)] == [1, 0]


def test_what_somebody_will_try_comes_back_after_30_days(case, signed_in):
    attempt = write_attempt(
        clinic=case.clinic,
        text="Ask the treasury for the file",
        until=make.TODAY + timedelta(days=20),
        by=case.owner,
        now=make.NOW,
    )
    Attempt.objects.update(created_at=make.NOW)

    assert ask_about_attempts(now=make.NOW + timedelta(days=29)) == 0
    asked = [ask_about_attempts(now=make.NOW + timedelta(days=30)) for _ in range(2)]
    url = reverse("meetings:attempt", args=[attempt.pk])
    client = signed_in(case.owner)
    client.post(url, {"did": "partly", "words": "Half of it"})

    attempt.refresh_from_db()
    assert asked == [1, 0]
    assert Notice.objects.get(kind="clinic_tried").path == url
    assert (attempt.did, attempt.words) == (Did.PARTLY, "Half of it")
    assert signed_in(case.people[0]).get(url).status_code == 404
    with pytest.raises(DayIsPast):
        write_attempt(
            clinic=case.clinic,
            text="x",
            until=make.TODAY - timedelta(days=1),
            by=case.owner,
            now=make.NOW,
        )
    tell_attempt(attempt=attempt, did=Did.YES, words="", by=case.owner, now=make.NOW)
    assert Attempt.objects.get().did == Did.YES


def test_the_page_walks_from_times_to_a_settled_hour(case, signed_in):
    peer, owner = signed_in(case.people[0]), signed_in(case.owner)
    times = list(case.clinic.times.order_by("starts_at"))
    url = reverse("meetings:clinic_times", args=[case.clinic.reference])

    incomplete = peer.post(url, {f"time_{times[0].pk}": "yes"})
    peer.post(url, {f"time_{time.pk}": "yes" for time in times})
    settle = reverse("meetings:clinic_settle", args=[case.clinic.reference])
    owner.post(settle, {"time": times[0].pk})
    page = owner.get(case.clinic.get_absolute_url()).content.decode()

    assert "There is a problem" in incomplete.content.decode()
    assert "Run sheet" in page
    assert re.search(rf"Leads the hour</dt>\s*<dd>{case.peers[0].name}", page)
