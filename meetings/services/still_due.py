"""Which mails about meetings and clinics may still go when their turn comes."""

from loci.notices.choices import NoticeKind
from loci.notices.models import Notice
from loci.notices.services.standing import stands_while
from meetings.choices import TO_COME, ClinicState
from meetings.models import Attempt, Clinic, Invitation, Place


@stands_while(NoticeKind.MEETING_INVITED, NoticeKind.MEETING_UNANSWERED)
def still_invited(notice: Notice, meeting: int) -> bool:
    """The meeting is to come, and its reader speaks for a pair that was asked."""
    mine = Invitation.objects.held_by(notice.recipient)
    return mine.filter(meeting=meeting, meeting__state__in=TO_COME).exists()


@stands_while(
    NoticeKind.MEETING_COMING,
    NoticeKind.MEETING_OFFERED,
    NoticeKind.MEETING_CHANGED,
    NoticeKind.MEETING_CANCELLED,
    NoticeKind.MEETING_AFTER,
)
def still_of_the_meeting(notice: Notice, meeting: int) -> bool:
    """Its reader answered for a pair for which they still speak."""
    mine = Place.objects.held().filter(person=notice.recipient_id)
    return mine.filter(invitation__meeting=meeting).exists()


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
