"""Pairs are asked, and asked once more if they have not said."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from localities.models import Locality
from localities.queries.people import people_of
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.notices.choices import NoticeKind
from meetings.choices import REMIND_DAYS_BEFORE, MeetingState
from meetings.models import Invitation, Meeting
from meetings.services.planning import lock_meeting
from meetings.services.writing import write_to


class NotOpenYet(Refused):
    """Only an announced meeting invites."""


@transaction.atomic
def invite_pairs(
    *, meeting: Meeting, localities: Collection[Locality], by: User, now: datetime
) -> int:
    """Ask these pairs; a pair that was asked stays as it is. Raises NotOpenYet."""
    meeting = lock_meeting(meeting)
    if not meeting.is_open:
        raise NotOpenYet(_("Open the meeting first: then pairs can answer."))
    asked = 0
    for locality in localities:
        invitation, is_new = Invitation.objects.get_or_create(
            meeting=meeting, locality=locality, defaults={"sent_at": now}
        )
        asked += is_new
        if is_new:
            _write_to_pair(invitation, NoticeKind.MEETING_INVITED, now)
    record(by, "invited", meeting, str(asked))
    return asked


def _write_to_pair(invitation: Invitation, kind: NoticeKind, now: datetime) -> None:
    for person in people_of(invitation.locality):
        write_to(
            person,
            invitation.meeting,
            kind,
            occasion=str(invitation.pk),
            now=now,
            own=invitation.locality.name,
        )


def remind_unanswered(*, now: datetime) -> int:
    """Write once to pairs that have not said; returns how many pairs."""
    soon = now + timedelta(days=REMIND_DAYS_BEFORE)
    due = Invitation.objects.filter(
        Q(meeting__answers_until__range=(now, soon))
        | Q(meeting__answers_until=None, meeting__starts_at__range=(now, soon)),
        meeting__state=MeetingState.OPEN,
        answer="",
        reminded_at=None,
    )
    return sum(
        _remind(pk, now) for pk in due.order_by("pk").values_list("pk", flat=True)
    )


@transaction.atomic
def _remind(pk: int, now: datetime) -> int:
    rows = Invitation.objects.select_for_update(of=("self",))
    invitation = rows.select_related("meeting", "locality").get(pk=pk)
    if invitation.answer or invitation.reminded_at:
        return 0
    invitation.reminded_at = now
    invitation.save(update_fields=["reminded_at", "updated_at"])
    _write_to_pair(invitation, NoticeKind.MEETING_UNANSWERED, now)
    return 1
