"""Whoever has left a pair keeps no way into what that pair was asked to.

The class: a place, a role or a case gave a right; it ended; what was made of it stays.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from localities.choices import Side
from localities.services.people import leave
from loci.cycles.choices import Verdict
from loci.cycles.models import Reading
from loci.cycles.queries.reports import reports_to_read
from loci.cycles.services.reading import NotAReader, read_section
from loci.cycles.services.reports import NoReaders, send_to_readers
from loci.notices.models import Notice
from meetings.choices import Did, OfUse, PairRole
from meetings.models import Attempt, Place, PrivateNote, SessionPair, Slot, TalkTime
from meetings.services.after import NotAsked, tell_feedback
from meetings.services.attempts import (
    NotOfThisClinic,
    ask_about_attempts,
    tell_attempt,
)
from meetings.services.clinics import close_clinic, settle_clinic
from meetings.services.feeds import feed_file
from meetings.services.planning import cancel_meeting
from meetings.services.waiting import hand_on_places
from meetings.services.wishing import NotComing, wish_for
from surveys.models import Statement
from tests import make
from tests.attacks.canaries import words_of
from tests.personas import World, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def things() -> World:
    """A person of the pair who comes to its meeting, and wrote to the host."""
    made = world()
    Place.objects.filter(pk=made.place.pk).update(state="yes")
    made.meeting.taken = 1
    made.meeting.save()
    PrivateNote.objects.create(place=made.place, dietary="CANARY food")
    TalkTime.objects.create(
        meeting=made.meeting, day=made.meeting.first_day, begins="10:00", ends="10:20"
    )
    return made


def leaves_for_another_pair(things: World) -> None:
    """Out of this pair; the place in another one stays."""
    own = things.membership.person
    make.place(own, make.seat(make.locality(), Side.GOVERNMENT).organisation)
    leave(membership=things.membership, on=timezone.localdate(), by=None)


MEETING_PAGES = ("join", "talks", "after")


def test_who_left_the_pair_has_no_way_into_its_meeting(things, signed_in):
    """The room, the talks, the questions afterwards: all are of the pair's people."""
    own = signed_in(things.membership.person)
    pages = [
        reverse(f"meetings:{name}", args=[things.meeting.reference])
        for name in MEETING_PAGES
    ]
    assert [own.get(page).status_code for page in pages] == [200, 200, 200]
    assert wish_for(session=things.session, by=things.membership.person)
    assert things.meeting.title in feed_file(things.feed, now=timezone.now())

    leaves_for_another_pair(things)

    assert [own.get(page).status_code for page in pages] == [404, 404, 404]
    assert things.meeting.title not in feed_file(things.feed, now=timezone.now())
    with pytest.raises(NotComing):
        wish_for(session=things.session, by=things.membership.person)


def test_the_host_and_the_pair_read_nothing_more_of_who_left(things, signed_in):
    """Name, address and food go from the host's table with the place in the pair."""
    host = make.organisation()
    things.meeting.host = host
    things.meeting.save()
    hosting = make.person()
    make.place(hosting, host)
    table = reverse("meetings:host", args=[things.meeting.reference])
    page = reverse("meetings:meeting", args=[things.meeting.reference])
    name, other = things.membership.person.name, things.people["civil society side"]
    assert "CANARY food" in words_of(signed_in(hosting).get(table))
    assert name in words_of(signed_in(other).get(page))

    leaves_for_another_pair(things)

    assert "CANARY food" not in words_of(signed_in(hosting).get(table))
    assert name not in words_of(signed_in(hosting).get(table))
    assert name not in words_of(signed_in(other).get(page))


def test_the_seat_of_who_left_goes_to_the_next(things):
    """Without a word of theirs: the sweep frees it, and the pair's answer follows."""
    next_one = things.people["helper pair"]
    asked = make.invitation(things.meeting, things.helper)
    waiting = Place.objects.create(
        invitation=asked,
        person=next_one,
        side="government",
        state="waiting",
        number=1,
        answered_at=timezone.now(),
    )
    things.meeting.capacity = 1
    things.meeting.save()
    hand_on_places(now=timezone.now())
    waiting.refresh_from_db()
    assert waiting.state == "waiting"

    leaves_for_another_pair(things)
    hand_on_places(now=timezone.now())

    waiting.refresh_from_db()
    things.place.refresh_from_db()
    things.invitation.refresh_from_db()
    assert (waiting.state, things.place.state) == ("offered", "no")
    assert things.invitation.answer == "no"


def test_no_seat_is_offered_to_who_left_while_waiting(things):
    """There is room again, and the first on the list is gone: the sweep passes by."""
    Place.objects.filter(pk=things.place.pk).update(state="waiting", number=1)
    leaves_for_another_pair(things)

    hand_on_places(now=timezone.now())

    things.place.refresh_from_db()
    assert things.place.state == "no"
    assert not Notice.objects.filter(kind="meeting_offered").exists()


def test_changes_of_a_meeting_are_not_written_to_who_left(things):
    now, by = timezone.now(), things.people["network coordinator"]
    leaves_for_another_pair(things)

    cancel_meeting(meeting=things.meeting, why="Floods", by=by, now=now)

    told = Notice.objects.filter(kind="meeting_cancelled")
    assert not told.filter(recipient=things.membership.person).exists()


def test_what_one_would_try_is_told_by_the_pair_s_people_alone(things, signed_in):
    """The page shows another pair's case; who left neither reads nor answers it."""
    own, attempt = things.membership.person, things.attempt
    page = reverse("meetings:attempt", args=[attempt.pk])
    assert signed_in(own).get(page).status_code == 200

    leaves_for_another_pair(things)

    assert signed_in(own).get(page).status_code == 404
    with pytest.raises(NotOfThisClinic):
        tell_attempt(attempt=attempt, did=Did.YES, words="", by=own, now=timezone.now())
    later = timezone.now() + timedelta(days=40)
    assert ask_about_attempts(now=later) == 0
    assert Attempt.objects.get(pk=attempt.pk).asked_at is None


def test_a_case_taken_back_is_its_pair_s_own_again(things, signed_in):
    """A peer reads it while it is asked, and after an hour that took place."""
    peer, own = things.people["helper pair"], things.membership.person
    page = reverse("meetings:clinic", args=[things.clinic.reference])
    assert signed_in(peer).get(page).status_code == 200

    close_clinic(clinic=things.clinic, by=own)

    assert signed_in(peer).get(page).status_code == 404
    assert "How?" not in words_of(signed_in(peer).get(reverse("meetings:clinics")))
    assert signed_in(own).get(page).status_code == 200


def test_a_case_that_was_talked_about_stays_with_those_who_were_asked(
    things, signed_in
):
    own, time = things.membership.person, things.clinic.times.get()
    settle_clinic(clinic=things.clinic, time=time, by=own, now=timezone.now())

    close_clinic(clinic=things.clinic, by=own)

    page = reverse("meetings:clinic", args=[things.clinic.reference])
    assert signed_in(things.people["helper pair"]).get(page).status_code == 200


@pytest.fixture
def placed(things) -> str:
    """The page of the meeting, with its session on the agenda."""
    slot = Slot.objects.create(
        meeting=things.meeting,
        day=things.meeting.first_day,
        begins="10:00",
        ends="11:00",
    )
    type(things.session).objects.filter(pk=things.session.pk).update(slot=slot)
    return reverse("meetings:meeting", args=[things.meeting.reference])


@pytest.mark.parametrize("facts", [{"visibility": "pair"}, {"state": "withdrawn"}])
def test_who_asked_for_a_session_is_named_while_the_need_is_said(
    things, signed_in, placed, facts
):
    SessionPair.objects.create(
        session=things.session,
        locality=things.seeker,
        role=PairRole.ASKS,
        need=things.suggestion.need,
    )
    reader = signed_in(things.people["reader"])
    assert things.seeker.name in words_of(reader.get(placed))

    Statement.objects.filter(pk=things.suggestion.need_id).update(**facts)

    assert things.seeker.name not in words_of(reader.get(placed))


def test_names_of_an_agenda_are_read_by_the_network_of_today(things, signed_in, placed):
    """Who led and who asked is for members; a session that is over shows counts."""
    pair, page = things.seeker, placed
    SessionPair.objects.create(
        session=things.session, locality=pair, role=PairRole.LEADS
    )
    reader = things.people["reader"]
    assert pair.name in words_of(signed_in(reader).get(page))

    for membership in reader.memberships.all():
        leave(membership=membership, on=timezone.localdate(), by=None)

    told = words_of(signed_in(reader).get(page))
    assert things.session.title in told
    assert pair.name not in told


def test_a_report_is_read_before_it_is_published_by_who_is_still_here(
    things, signed_in
):
    """Asked as a reader, gone since: neither its page, nor a word on it, nor a mail."""
    reader, now = things.people["reader"], timezone.now()
    page = reverse("cycles:report", args=[things.report.reference])
    client = signed_in(reader)
    assert client.get(page).status_code == 200
    assert reports_to_read(reader, now).exists()

    for membership in reader.memberships.all():
        leave(membership=membership, on=timezone.localdate(), by=None)

    assert client.get(page).status_code == 404
    assert not reports_to_read(reader, now).exists()
    section = things.reading.section
    with pytest.raises(NotAReader):
        read_section(
            section=section, verdict=Verdict.AGREE, words="", by=reader, now=now
        )
    things.report.state = "draft"
    things.report.save()
    with pytest.raises(NoReaders):
        send_to_readers(report=things.report, by=reader, now=now)
    assert Reading.objects.filter(pk=things.reading.pk).exists()  # what was said stays


def test_feedback_is_taken_of_the_pair_s_people(things):
    leaves_for_another_pair(things)
    things.place.feedback.create(occasion="two_weeks")

    with pytest.raises(NotAsked):
        tell_feedback(
            meeting=things.meeting,
            of_use=OfUse.YES,
            changed="",
            by=things.membership.person,
            now=timezone.now(),
        )
