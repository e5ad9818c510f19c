"""Which mails about meetings and clinics may still go when their turn comes."""

from django.db.models import Q

from loci.notices.choices import NoticeKind
from loci.notices.models import Notice
from loci.notices.services.standing import stands_while
from meetings.choices import TO_COME, ClinicState, MeetingState, PlaceState
from meetings.models import Attempt, Clinic, Invitation, Place

STATE_IN = "invitation__meeting__state__in"


@stands_while(NoticeKind.MEETING_INVITED, NoticeKind.MEETING_UNANSWERED)
def still_invited(notice: Notice, meeting: int) -> bool:
    """The meeting is to come, and its reader speaks for a pair that was asked."""
    mine = Invitation.objects.held_by(notice.recipient)
    return mine.filter(meeting=meeting, meeting__state__in=TO_COME).exists()


HOW_IT_STANDS = {
    NoticeKind.MEETING_COMING: Q(state=PlaceState.YES, **{STATE_IN: TO_COME}),
    NoticeKind.MEETING_OFFERED: Q(state=PlaceState.OFFERED, **{STATE_IN: TO_COME}),
    NoticeKind.MEETING_CHANGED: ~Q(state=PlaceState.NO) & Q(**{STATE_IN: TO_COME}),
    NoticeKind.MEETING_CANCELLED: Q(**{STATE_IN: [MeetingState.CANCELLED]}),
    NoticeKind.MEETING_AFTER: Q(state=PlaceState.YES),
}
"""How a person, and the meeting, must stand for each of these mails."""


@stands_while(*HOW_IT_STANDS)
def still_of_the_meeting(notice: Notice, meeting: int) -> bool:
    """Its reader speaks for the pair, and stands to the meeting as the mail says."""
    mine = Place.objects.held().filter(person=notice.recipient_id)
    stands = HOW_IT_STANDS[NoticeKind(notice.kind)]
    return mine.filter(stands, invitation__meeting=meeting).exists()


@stands_while(NoticeKind.CLINIC_ASKED)
def still_asked_to_the_case(notice: Notice, clinic: int) -> bool:
    """The pair with the case has not taken it back, nor settled on a time."""
    mine = Clinic.objects.shown_to(notice.recipient)
    return mine.filter(pk=clinic, state=ClinicState.ASKING).exists()


@stands_while(NoticeKind.CLINIC_SETTLED)
def still_has_its_time(notice: Notice, clinic: int) -> bool:
    mine = Clinic.objects.shown_to(notice.recipient)
    return mine.filter(pk=clinic, state=ClinicState.SETTLED).exists()


@stands_while(NoticeKind.CLINIC_TRIED)
def still_theirs_to_tell(notice: Notice, attempt: int) -> bool:
    mine = Attempt.objects.held().filter(by=notice.recipient_id)
    return mine.filter(pk=attempt).exists()
