"""Pages around meetings cost the same number of queries at one row and at three."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.choices import Answer
from meetings.models import Clinic, ClinicPeer, Session, SessionPair, Slot
from meetings.services.coming import answer_invitation
from tests import make

pytestmark = pytest.mark.django_db


class Growing:
    """A meeting that grows by a pair, a session and a case."""

    def __init__(self) -> None:
        self.day = (timezone.now() + timedelta(days=9)).date()
        self.host = make.organisation()
        self.meeting = make.meeting(
            first_day=self.day, host=self.host, agenda_shown=True, capacity=99
        )
        self.room = self.meeting.rooms.create(name="Room", seats=99)
        self.locality = make.locality()
        self.person = make.pair(self.locality)[0]
        self.says_yes(self.locality, self.person)
        self.hosting, self.coordinator = make.person(), make.coordinator()
        make.place(self.hosting, self.host)

    def says_yes(self, locality, person):
        answer_invitation(
            invitation=make.invitation(self.meeting, locality),
            answer=Answer.YES,
            by=person,
            now=timezone.now(),
        )

    def grow(self, rows: int) -> None:
        for _row in range(rows):
            number = Session.objects.count()
            other = make.locality()
            self.says_yes(other, make.pair(other)[0])
            make.meeting(first_day=self.day, title=f"Meeting {number}")
            begins = time(9 + number)
            slot = Slot.objects.create(
                meeting=self.meeting,
                day=self.day,
                begins=begins,
                ends=time(10 + number),
            )
            session = Session.objects.create(
                meeting=self.meeting,
                title="Session",
                topic=make.topic(f"it.{number}"),
                format="demo",
                slot=slot,
                room=self.room,
            )
            for role in ("asks", "leads"):
                SessionPair.objects.create(session=session, locality=other, role=role)
            Session.objects.create(meeting=self.meeting, title="Left", format="demo")
            clinic = Clinic.objects.create(
                locality=self.locality, question="How?", help_wanted="ideas"
            )
            ClinicPeer.objects.create(clinic=clinic, locality=other)


PAGES = [
    ("list, visitor", None, "meetings:list", False, 2),
    ("list, member", "person", "meetings:list", False, 4),
    ("meeting, visitor", None, "meetings:meeting", True, 10),
    ("meeting, member", "person", "meetings:meeting", True, 19),
    ("who comes", "hosting", "meetings:host", True, 6),
    ("clinics", "person", "meetings:clinics", False, 5),
    ("board", "coordinator", "admin:meetings_agenda", "pk", 11),
    ("admin meetings", "coordinator", "admin:meetings_meeting_changelist", False, 7),
    ("admin sessions", "coordinator", "admin:meetings_session_changelist", False, 7),
    ("admin clinics", "coordinator", "admin:meetings_clinic_changelist", False, 6),
]


@pytest.mark.parametrize(("name", "who", "view", "of", "queries"), PAGES)
def test_a_page_costs_the_same_at_one_and_at_three_rows(
    name, who, view, of, queries, signed_in
):
    network = Growing()
    client = signed_in(getattr(network, who) if who else None)
    meeting = network.meeting
    arguments: dict[Any, list[Any]] = {True: [meeting.reference], "pk": [meeting.pk]}
    url = reverse(view, args=arguments.get(of, []))
    client.get(url)  # what is cached once per process is not the page's cost

    network.grow(1)
    with CaptureQueriesContext(connection) as at_one:
        answer = client.get(url)
    network.grow(2)
    with CaptureQueriesContext(connection) as at_three:
        client.get(url)

    assert answer.status_code == 200
    assert (len(at_one), len(at_three)) == (queries, queries)
