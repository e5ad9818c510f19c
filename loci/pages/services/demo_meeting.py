"""The demonstration's regional meeting: invented, made from its illustrative needs."""

from datetime import date, datetime, time, timedelta

from localities.models import Locality, Organisation, Region
from localities.queries.people import people_of
from loci.accounts.models import User
from meetings.choices import Answer, MeetingKind
from meetings.models import Invitation, Meeting, Room
from meetings.services.agendas import propose_sessions, solve_agenda, start_agenda
from meetings.services.arranging import show_agenda
from meetings.services.coming import answer_invitation
from meetings.services.planning import add_meeting, open_meeting
from meetings.services.slots import lay_out

REGION, ZONE = "cee", "Europe/Chisinau"
AHEAD = timedelta(days=35)
TUESDAY = 1
FIRST_TO_SAY_YES = 2


def convene(*, by: User, now: datetime) -> Meeting:
    """One announced meeting with an agenda; two pairs have said that they come."""
    region = Region.objects.get(code=REGION)
    day = _tuesday_after((now + AHEAD).date())
    meeting = Meeting(
        title="Regional meeting, Central and Eastern Europe",
        region=region,
        kind=MeetingKind.ONLINE,
        host=Organisation.objects.filter(regions=region, is_demo=True).first(),
        first_day=day,
        last_day=day + timedelta(days=1),
        day_begins=time(10),
        day_ends=time(16),
        time_zone=ZONE,
        place="Online",
        join_link="https://room.example/regional-meeting",
        purpose=(
            "Two days made from what pairs asked for, with guests of other regions. "
            "Illustrative: this meeting is part of the demonstration."
        ),
        capacity=34,
        who_pays="Nobody pays: it is online.",
        languages=["en"],
        interpretation=["ru", "uk"],
        is_demo=True,
    )
    add_meeting(meeting=meeting, by=by)
    open_meeting(meeting=meeting, by=by)
    _invite(meeting, now)
    _make_agenda(meeting, by, now)
    return meeting


def _tuesday_after(day: date) -> date:
    return day + timedelta(days=(TUESDAY - day.weekday()) % 7)


def _invite(meeting: Meeting, now: datetime) -> None:
    """Without mails: the inbox of the demonstration stays calm."""
    places = Locality.objects.filter(is_demo=True)
    invitations = Invitation.objects.bulk_create(
        Invitation(meeting=meeting, locality=place, sent_at=now)
        for place in places.order_by("-slug")
    )
    for invitation in invitations[:FIRST_TO_SAY_YES]:
        for person in people_of(invitation.locality)[:1]:
            answer_invitation(
                invitation=invitation, answer=Answer.YES, by=person, now=now
            )


def _make_agenda(meeting: Meeting, by: User, now: datetime) -> None:
    lay_out(meeting=meeting, by=by)
    Room.objects.create(meeting=meeting, name="Small room", seats=14)
    propose_sessions(meeting=meeting, by=by)
    run = start_agenda(meeting=meeting, by=by)
    solve_agenda(run_id=run.pk, now=now)
    show_agenda(meeting=meeting, is_shown=True, by=by)
