"""Which mails about people and profiles may still go when their turn comes."""

from django.utils import timezone

from localities.choices import Side
from localities.models import Invitation, ProfileAgreement, Seat
from loci.notices.choices import NoticeKind
from loci.notices.models import Notice
from loci.notices.services.standing import stands_while


@stands_while(NoticeKind.STILL_TRUE)
def still_speaks_for_the_side(notice: Notice, locality: int) -> bool:
    """The occasion names the side that is asked, after its locality."""
    side = notice.key.split(":")[2]
    seats = Seat.objects.held_by(notice.recipient)
    return seats.filter(locality=locality, side=side).exists()


@stands_while(NoticeKind.PROFILE_AGREE)
def still_asked_to_agree(notice: Notice, agreement: int) -> bool:
    """The other side's yes stands, and the profile is not published yet."""
    waiting = ProfileAgreement.objects.filter(locality__is_listed=False)
    said = waiting.filter(pk=agreement).first()
    if said is None:
        return False
    seats = Seat.objects.held_by(notice.recipient)
    other = Side(said.side).other
    return seats.filter(locality=said.locality_id, side=other).exists()


@stands_while(NoticeKind.INVITATION)
def still_invited(notice: Notice, invitation: int) -> bool:
    """Its link opens a place: neither taken, nor withdrawn, nor too old."""
    mine = Invitation.objects.to(notice.recipient).standing(timezone.now())
    return mine.filter(pk=invitation).exists()
