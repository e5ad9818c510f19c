"""“I want this one”: wishes of who comes or may come, for rooms that fit."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from loci.accounts.models import User
from loci.core.errors import Refused
from meetings.choices import PlaceState
from meetings.models import Place, Session, SessionWish


class NotComing(Refused):
    """Only who comes, waits or thinks about it has wishes."""


@transaction.atomic
def wish_for(*, session: Session, by: User) -> bool:
    """Wish for a session, or take the wish back; returns whether it is wished now.

    Raises NotComing.
    """
    places = Place.objects.held().filter(invitation__meeting=session.meeting, person=by)
    place = places.exclude(state=PlaceState.NO).order_by("pk").first()
    if place is None or session.is_dropped:
        raise NotComing(_("Say first whether you are coming."))
    wish, is_new = SessionWish.objects.get_or_create(session=session, place=place)
    if not is_new:
        wish.delete()
    return is_new
