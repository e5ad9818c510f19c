"""Talks at tables: wishes, tables, nobody twice at a time."""

from datetime import time
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from meetings.choices import Answer, PairRole
from meetings.models import AgendaRun, Place, Session, SessionPair, Slot, Talk, TalkSeat
from meetings.queries.talks import called, table_plan
from meetings.services.coming import answer_invitation
from meetings.services.planning import MeetingNotYours
from meetings.services.talks import (
    TimesOutside,
    lay_out_talks,
    seat_talks,
    start_talks,
    tables_of,
    talks_waiting,
    wish_for_talks,
)
from meetings.services.wishing import NotComing
from surveys.choices import StatementKind
from tests import make

pytestmark = pytest.mark.django_db


class Hall:
    """Four pairs, one person of each comes."""

    def __init__(self) -> None:
        self.coordinator = make.coordinator()
        self.meeting = make.meeting()
        self.places: list[Place] = []
        for _number in range(4):
            locality = make.locality()
            person = make.pair(locality)[0]
            self.places.append(
                answer_invitation(
                    invitation=make.invitation(self.meeting, locality),
                    answer=Answer.YES,
                    by=person,
                    now=make.NOW,
                )
            )

    def wish(self, one: int, *others: int) -> int:
        chosen = [self.places[other].pk for other in others]
        return wish_for_talks(place=self.places[one], others=chosen)

    def lay_out(self, count: int = 3, begins: time = time(9)) -> None:
        lay_out_talks(
            meeting=self.meeting,
            day=self.meeting.first_day,
            begins=begins,
            minutes=15,
            count=count,
            by=self.coordinator,
        )

    def seat(self, tables: int = 4) -> dict[str, Any]:
        run = start_talks(meeting=self.meeting, tables=tables, by=self.coordinator)
        seat_talks(run_id=run.pk)
        run.refresh_from_db()
        assert run.result is not None
        result: dict[str, Any] = run.result
        return result


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_mutual_wishes_and_needs_become_talks_and_idle_wishes_do_not(hall):
    wave = make.wave()
    seeker, helper = (hall.places[at].invitation.locality for at in (2, 3))
    make.statement(seeker, wave)
    make.statement(helper, wave, StatementKind.OFFER)
    hall.lay_out()
    hall.wish(0, 1, 3)  # with 3 it is one side alone, and nothing to give
    hall.wish(1, 0)
    hall.wish(2, 3)  # one side alone, but there is a need that the other can meet

    result = hall.seat()

    assert (result["mutual"], result["needs"], result["talks"]) == (1, 1, 2)
    assert result["is_proven"]
    seats = TalkSeat.objects.values_list("place", flat=True)
    assert sorted(seats) == sorted(place.pk for place in hall.places)


def test_everybody_sees_their_own_tables_and_the_coordinator_all(hall, signed_in):
    hall.lay_out()
    hall.wish(0, 1)
    hall.wish(1, 0)
    hall.seat()
    person, stranger = hall.places[0].person, hall.places[2].person
    talks = reverse("meetings:talks", args=[hall.meeting.reference])
    tables = reverse("meetings:tables", args=[hall.meeting.reference])

    own = signed_in(person).get(talks).content.decode()
    others = signed_in(stranger).get(talks).content.decode()
    whole = signed_in(hall.coordinator).get(tables).content.decode()

    assert "Your tables" in own
    assert "Your tables" not in others
    assert called(hall.places[0]) in whole
    assert hall.places[0].person.name not in whole
    assert signed_in(person).get(tables).status_code == 404
    assert table_plan(hall.meeting, own=hall.places[2]) == ()


def test_wishes_are_for_those_who_come_to_those_who_come(hall, signed_in):
    answer_invitation(
        invitation=hall.places[3].invitation,
        answer=Answer.NO,
        by=hall.places[3].person,
        now=make.NOW,
    )

    assert hall.wish(0, 1, 3) == 1
    with pytest.raises(NotComing):
        wish_for_talks(place=Place.objects.get(pk=hall.places[3].pk), others=[])
    url = reverse("meetings:talks", args=[hall.meeting.reference])
    assert signed_in(hall.places[3].person).get(url).status_code == 404
    page = signed_in(hall.places[0].person).post(url, {"others": ["999999"]})
    assert "There is a problem" in page.content.decode()


def test_who_leads_a_session_is_not_at_a_table_then(hall):
    hall.lay_out(count=1)
    slot = Slot.objects.create(
        meeting=hall.meeting,
        day=hall.meeting.first_day,
        begins=time(9),
        ends=time(10),
    )
    room = hall.meeting.rooms.create(name="Room")
    session = Session.objects.create(
        meeting=hall.meeting, title="S", format="demo", slot=slot, room=room
    )
    SessionPair.objects.create(
        session=session,
        locality=hall.places[0].invitation.locality,
        role=PairRole.LEADS,
    )
    hall.wish(0, 1)
    hall.wish(1, 0)

    assert hall.seat()["talks"] == 0
    away = tables_of(hall.meeting, 4).away
    assert list(away) == [hall.places[0].pk]


def test_times_lie_inside_the_day_and_rights_are_kept(hall):
    with pytest.raises(TimesOutside):
        hall.lay_out(begins=time(8))
    with pytest.raises(TimesOutside):
        hall.lay_out(count=40)
    with pytest.raises(MeetingNotYours):
        start_talks(meeting=hall.meeting, tables=4, by=make.hub_coordinator("cee"))


def test_a_lost_message_is_found_and_a_second_run_starts_anew(hall):
    hall.lay_out()
    hall.wish(0, 1)
    hall.wish(1, 0)
    run = start_talks(meeting=hall.meeting, tables=4, by=hall.coordinator)

    assert talks_waiting() == [run.pk]
    for _turn in range(2):
        seat_talks(run_id=run.pk)
    hall.seat()

    assert talks_waiting() == []
    assert (Talk.objects.count(), AgendaRun.objects.count()) == (1, 2)


def test_the_database_seats_nobody_twice_at_a_time(hall):
    hall.lay_out()
    at = hall.meeting.talk_times.order_by("pk")[0]
    tables = [
        Talk.objects.create(meeting=hall.meeting, time=at, table=number)
        for number in (1, 2)
    ]
    TalkSeat.objects.create(talk=tables[0], time=at, place=hall.places[0])

    with pytest.raises(IntegrityError), transaction.atomic():
        TalkSeat.objects.create(talk=tables[1], time=at, place=hall.places[0])
