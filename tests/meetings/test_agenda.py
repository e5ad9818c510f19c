"""From what a region asks to an agenda that people read."""

from datetime import date, time

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from meetings.agenda.demand import Ask, Can, Demand, propose
from meetings.agenda.runsheets import RUN_SHEETS, Format, minutes_of
from meetings.choices import STEPS, Answer, SessionFormat
from meetings.models import AgendaRun, Meeting, Room, Session, SessionWish, Slot
from meetings.services.agendas import (
    AgendaRunning,
    NowhereToPlace,
    agendas_waiting,
    propose_sessions,
    solve_agenda,
    start_agenda,
)
from meetings.services.arranging import (
    Clash,
    NotPlaced,
    drop_session,
    move_session,
    pin_session,
    place_session,
    show_agenda,
    unpin_session,
)
from meetings.services.coming import answer_invitation
from meetings.services.demand import demand_of
from meetings.services.planning import MeetingNotYours
from meetings.services.run_sheets import run_sheet
from meetings.services.slots import (
    SlotOutside,
    SlotsOverlap,
    TooLong,
    lay_out,
    require_length,
    require_slots,
)
from meetings.services.wishing import NotComing, wish_for
from surveys.choices import StatementKind
from tests import make
from tests.meetings.test_planning import form_of

pytestmark = pytest.mark.django_db


def test_demand_becomes_sessions_in_a_form_that_fits():
    demand = Demand(
        asks=(
            *(Ask(pair, pair, "portal") for pair in (1, 2, 3)),
            Ask(10, 1, "budget", haste=3),
            Ask(11, 4, "alone"),
            *(Ask(20 + pair, pair, "nobody") for pair in (1, 2, 5)),
            Ask(30, 2, "near-one"),
        ),
        cans=(
            Can(7, "portal", 3),
            Can(8, "portal", 1),
            Can(9, "portal", 0),
            Can(7, "budget", 2),
            Can(8, "near", 2),
        ),
        near={"near-one": ["near"]},
        country={1: "KE", 2: "KE", 5: "UG"},
    )

    sessions = propose(demand)

    assert [(row.topic, row.format.value, row.leaders) for row in sessions] == [
        ("", "market", ()),
        ("nobody", "troika", ()),
        ("portal", "peer_assist", (7, 8)),
        ("budget", "clinic", (7,)),
        ("near-one", "clinic", (8,)),
    ]
    assert [row.topic for row in sessions if row.is_near] == ["near-one"]
    assert sessions == propose(demand)


def test_every_form_has_a_run_sheet_in_words_that_adds_up():
    assert {row.value for row in Format} == set(SessionFormat.values)
    for format_, steps in RUN_SHEETS.items():
        lines = run_sheet(format_.value, time(9))
        assert {step.what for step in steps} <= set(STEPS)
        assert sum(line.minutes for line in lines) == minutes_of(format_)
        assert lines[0].at == time(9)
    assert run_sheet("clinic", time(9))[-1].at == time(9, 55)


class RegionWithNeeds:
    """Six pairs that ask, one that has done it, a meeting of two rooms."""

    def __init__(self) -> None:
        self.wave = make.wave()
        self.coordinator = make.coordinator()
        self.meeting = make.meeting()
        self.places = [make.locality() for _number in range(6)]
        self.people = [make.pair(place)[0] for place in self.places]
        self.helper = self.places[5]
        for code, askers in (("it.a", 3), ("it.b", 2), ("it.c", 1)):
            topic = make.topic(code)
            for place in self.places[:askers]:
                make.statement(place, self.wave, topic=topic)
            helper = self.places[4] if code == "it.c" else self.helper
            make.statement(helper, self.wave, StatementKind.OFFER, topic=topic)
        lay_out(meeting=self.meeting, by=self.coordinator)
        Room.objects.create(meeting=self.meeting, name="Small room", seats=12)

    def solve(self) -> AgendaRun:
        run = start_agenda(meeting=self.meeting, by=self.coordinator)
        solve_agenda(run_id=run.pk, now=make.NOW)
        run.refresh_from_db()
        return run

    def propose(self) -> int:
        return propose_sessions(meeting=self.meeting, by=self.coordinator)


@pytest.fixture
def region() -> RegionWithNeeds:
    return RegionWithNeeds()


def test_an_agenda_is_made_from_open_needs_that_the_network_may_see(region):
    make.statement(region.places[4], region.wave, visibility="side")
    make.statement(make.locality(region_code="asia"), region.wave)

    asks = demand_of(region.meeting).asks
    count = region.propose()
    run = region.solve()

    assert {ask.topic for ask in asks} == {"it.a", "it.b", "it.c"}
    assert count == 3
    assert run.state == "ready"
    assert run.result["needs"] == run.result["needs_bound"] == 6
    placed = Session.objects.exclude(slot=None)
    assert placed.count() == 3
    assert len(set(placed.values_list("slot"))) == 3  # one pair asked for all three


def test_proposing_again_keeps_pins_wishes_and_what_was_left_out(region):
    region.propose()
    region.solve()
    pinned, dropped, _other = Session.objects.order_by("pk")
    slot, room = Slot.objects.order_by("-begins")[0], Room.objects.order_by("-pk")[0]
    place_session(session=pinned, slot=slot, room=room, by=region.coordinator)
    drop_session(session=dropped, by=region.coordinator)

    assert region.propose() == 2
    region.solve()

    pinned.refresh_from_db()
    dropped.refresh_from_db()
    assert (pinned.slot, pinned.room, pinned.is_pinned) == (slot, room, True)
    assert (dropped.is_dropped, dropped.slot) == (True, None)
    unpin_session(session=pinned, by=region.coordinator)
    region.solve()
    pinned.refresh_from_db()
    assert pinned.is_placed


def test_a_coordinator_moves_sessions_but_nobody_into_two_places(region):
    region.propose()
    region.solve()
    sessions = list(Session.objects.order_by("slot__day", "slot__begins"))
    first, second = sessions[:2]
    by = region.coordinator

    move_session(session=first, later=True, by=by)

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.slot is not None
    assert second.slot is not None
    assert first.slot.begins > second.slot.begins or first.room != second.room
    assert first.is_pinned
    other = next(room for room in Room.objects.all() if room != second.room)
    with pytest.raises(Clash, match="would be needed"):
        place_session(session=first, slot=second.slot, room=other, by=by)
    earliest = Session.objects.order_by("slot__day", "slot__begins")[0]
    if earliest.slot == Slot.objects.order_by("day", "begins")[0]:
        with pytest.raises(NotPlaced, match="no slot on that side"):
            move_session(session=earliest, later=False, by=by)
    with pytest.raises(MeetingNotYours):
        pin_session(session=first, by=make.hub_coordinator("cee"))


def test_what_has_no_place_says_why_on_the_board(region, signed_in):
    Slot.objects.exclude(pk=Slot.objects.order_by("begins")[0].pk).delete()
    make.statement(region.places[3], region.wave, topic=make.topic("it.alone"))
    region.propose()
    region.solve()
    url = reverse("admin:meetings_agenda", args=[region.meeting.pk])

    page = signed_in(region.coordinator).get(url).content.decode()

    assert (
        Session.objects.filter(slot=None, why_not="clash").count() == 3
    )  # the market too
    assert "needed elsewhere at every free time" in page
    assert "Asked for, but without a session" in page
    assert "it.alone" in page


def test_the_board_does_what_its_buttons_say(region, signed_in):
    client = signed_in(region.coordinator)
    url = reverse("admin:meetings_agenda_do", args=[region.meeting.pk])

    client.post(url, {"deed": "propose"})
    (run,) = agendas_waiting()
    solve_agenda(run_id=run, now=make.NOW)
    session = Session.objects.order_by("pk")[0]
    for deed in ("pin", "unpin", "drop"):
        client.post(url, {"deed": deed, "session": session.pk})
    client.post(url, {"deed": "show"})

    session.refresh_from_db()
    assert session.is_dropped
    assert Meeting.objects.get().agenda_shown
    assert client.post(url, {"deed": "pin", "session": "x"}).status_code == 404


def test_one_computing_at_a_time_and_only_where_there_are_slots(region):
    empty = make.meeting()
    start_agenda(meeting=region.meeting, by=region.coordinator)

    with pytest.raises(AgendaRunning):
        start_agenda(meeting=region.meeting, by=region.coordinator)
    with pytest.raises(NowhereToPlace):
        start_agenda(meeting=empty, by=region.coordinator)


def test_an_agenda_that_breaks_says_so_and_can_start_again(region):
    run = start_agenda(meeting=region.meeting, by=region.coordinator)
    Slot.objects.all().delete()
    Session.objects.create(
        meeting=region.meeting, title="Broken", format="demo", minutes=45
    )

    solve_agenda(run_id=run.pk, now=make.NOW)
    solve_agenda(run_id=run.pk, now=make.NOW)  # done is done

    run.refresh_from_db()
    assert run.state == "ready"
    assert Session.objects.get(title="Broken").why_not == "too_long"


def test_slots_lie_inside_the_days_and_do_not_overlap():
    meeting = make.meeting()
    lay_out(meeting=meeting, by=make.coordinator())
    slots = list(meeting.slots.order_by("begins"))

    require_slots(meeting, slots)
    assert [f"{row.begins:%H:%M}" for row in slots] == [
        "09:00",
        "10:15",
        "11:30",
        "13:30",
        "14:45",
        "16:00",
    ]
    early = Slot(day=meeting.first_day, begins=time(8), ends=time(9))
    other_day = Slot(day=date(2027, 1, 1), begins=time(9), ends=time(10))
    twice = Slot(day=meeting.first_day, begins=time(9, 30), ends=time(10))
    for wrong, refusal in (
        (early, SlotOutside),
        (other_day, SlotOutside),
        (twice, SlotsOverlap),
    ):
        with pytest.raises(refusal):
            require_slots(meeting, [*slots, wrong])


def test_a_session_longer_than_its_day_is_refused(region, signed_in):
    region.propose()
    session = Session.objects.order_by("pk")[0]
    session.minutes = 481
    url = reverse("admin:meetings_session_change", args=[session.pk])

    with pytest.raises(TooLong):
        require_length(session)
    page = signed_in(region.coordinator).post(
        url, {"title": "T", "format": "demo", "minutes": "481"}
    )

    assert "longer than a day" in page.content.decode()


def test_the_database_keeps_one_session_in_a_room_at_a_time(region):
    slot, room = Slot.objects.order_by("pk")[0], Room.objects.order_by("pk")[0]
    facts = {
        "meeting": region.meeting,
        "format": "demo",
        "slot": slot,
        "room": room,
        "minutes": 45,
    }
    Session.objects.create(title="One", **facts)

    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.create(title="Two", **facts)


def test_people_read_who_asked_by_consent_and_visitors_read_counts(region, signed_in):
    region.propose()
    region.solve()
    url = region.meeting.get_absolute_url()
    assert "being made from your answers" in signed_in(None).get(url).content.decode()

    show_agenda(meeting=region.meeting, is_shown=True, by=region.coordinator)

    visitor = signed_in(None).get(url).content.decode()
    member = signed_in(region.people[0]).get(url).content.decode()
    assert "asked by 3 localities" in visitor
    assert "asked by fewer than 3 localities" in visitor
    assert region.helper.name not in visitor
    assert f"Led by {region.helper.name}" in member
    assert region.places[0].name in member


def test_wishes_count_of_those_who_come_and_put_a_session_first(region):
    region.propose()
    region.solve()
    show_agenda(meeting=region.meeting, is_shown=True, by=region.coordinator)
    last = Session.objects.order_by("-slot__begins")[0]
    person = region.people[0]

    with pytest.raises(NotComing):
        wish_for(session=last, by=person)
    answer_invitation(
        invitation=make.invitation(region.meeting, region.places[0]),
        answer=Answer.MAYBE,
        by=person,
        now=make.NOW,
    )
    assert wish_for(session=last, by=person)
    region.solve()

    last.refresh_from_db()
    assert last.slot == Slot.objects.order_by("day", "begins")[0]
    assert not wish_for(session=last, by=person)
    assert not SessionWish.objects.exists()


def test_hours_cut_below_the_slots_are_refused_in_the_form(region, signed_in):
    url = reverse("admin:meetings_meeting_change", args=[region.meeting.pk])
    slots = list(region.meeting.slots.order_by("pk"))
    data = form_of(region.meeting) | {
        "day_ends": "12:00",
        "slots-TOTAL_FORMS": str(len(slots)),
        "slots-INITIAL_FORMS": str(len(slots)),
    }
    for number, slot in enumerate(slots):
        data |= {
            f"slots-{number}-id": slot.pk,
            f"slots-{number}-meeting": region.meeting.pk,
            f"slots-{number}-day": slot.day.isoformat(),
            f"slots-{number}-begins": f"{slot.begins:%H:%M}",
            f"slots-{number}-ends": f"{slot.ends:%H:%M}",
        }

    page = signed_in(region.coordinator).post(url, data)

    assert "lies outside the hours" in page.content.decode()
    assert Meeting.objects.get().day_ends == time(17)
