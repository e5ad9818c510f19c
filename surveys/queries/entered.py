"""What a coordinator has entered for a side, for the pages of both."""

from typing import TypedDict

from loci.accounts.models import User
from surveys.models import Conversation, Part


class Entered(TypedDict):
    """`entering`: this person writes for the side; `to_confirm`: the side has to look."""

    entering: Conversation | None
    to_confirm: Conversation | None


def entered_for(part: Part, person: User) -> Entered:
    """The last conversation behind this part that is still open to somebody."""
    rows = Conversation.objects.filter(part=part, confirmed_at=None)
    last = rows.select_related("by").order_by("pk").last()
    if last is None:
        return Entered(entering=None, to_confirm=None)
    is_mine = last.by_id == person.pk
    return Entered(
        entering=last if is_mine else None,
        to_confirm=last if last.ended_at and not is_mine else None,
    )
