"""Which mails about surveys may still go when their turn comes."""

from django.db.models import Exists, Q
from django.utils import timezone

from localities.choices import Side
from localities.models import Seat
from localities.queries.people import people_of
from loci.notices.choices import NoticeKind
from loci.notices.models import Notice
from loci.notices.services.standing import stands_while
from surveys.choices import PartState, StatementSide
from surveys.models import Conversation, Part


@stands_while(NoticeKind.PART_COPY)
def still_reads_the_part(notice: Notice, part: int) -> bool:
    """Whoever writes in a part may have a copy of it, and nobody else."""
    return Part.objects.editable_by(notice.recipient).filter(pk=part).exists()


@stands_while(NoticeKind.REMINDER, NoticeKind.WAVE_OPENED)
def still_misses_a_part(notice: Notice, wave: int) -> bool:
    """Its reader speaks for the pair, and can still send a part of theirs.

    The occasion names the locality after the wave.
    """
    locality = int(notice.key.split(":")[2])
    held = Seat.objects.held_by(notice.recipient).filter(locality=locality)
    theirs = Q(side__in=held.values("side")) | Q(Exists(held), side=StatementSide.JOINT)
    parts = Part.objects.taking_answers(timezone.now()).filter(theirs)
    missing = parts.filter(wave=wave, locality=locality).exclude(state=PartState.SENT)
    return missing.exists()


@stands_while(NoticeKind.ENTERED_FOR_YOU)
def still_asked_to_confirm(notice: Notice, conversation: int) -> bool:
    """What was entered for a side waits for that side's word."""
    waiting = Conversation.objects.filter(pk=conversation, confirmed_at=None)
    found = waiting.select_related("locality").first()
    if found is None:
        return False
    side = None if found.side == StatementSide.JOINT else Side(found.side)
    return people_of(found.locality, side).filter(pk=notice.recipient_id).exists()
