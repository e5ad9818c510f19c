"""Which mails about surveys may still go when their turn comes."""

from localities.choices import Side
from localities.models import Seat
from localities.queries.people import people_of
from loci.notices.choices import NoticeKind
from loci.notices.models import Notice
from loci.notices.services.standing import stands_while
from surveys.choices import StatementSide
from surveys.models import Conversation, Part


@stands_while(NoticeKind.PART_COPY)
def still_reads_the_part(notice: Notice, part: int) -> bool:
    """Whoever writes in a part may have a copy of it, and nobody else."""
    return Part.objects.editable_by(notice.recipient).filter(pk=part).exists()


@stands_while(NoticeKind.REMINDER, NoticeKind.WAVE_OPENED)
def still_speaks_for_the_pair(notice: Notice, _wave: int) -> bool:
    """The occasion names the locality after the wave."""
    locality = int(notice.key.split(":")[2])
    return Seat.objects.held_by(notice.recipient).filter(locality=locality).exists()


@stands_while(NoticeKind.ENTERED_FOR_YOU)
def still_asked_to_confirm(notice: Notice, conversation: int) -> bool:
    """What was entered for a side waits for that side's word."""
    waiting = Conversation.objects.filter(pk=conversation, confirmed_at=None)
    found = waiting.select_related("locality").first()
    if found is None:
        return False
    side = None if found.side == StatementSide.JOINT else Side(found.side)
    return people_of(found.locality, side).filter(pk=notice.recipient_id).exists()
