"""A need that is met stands on the timeline, for whoever may read the need."""

from datetime import datetime

from localities.choices import Audience, MilestoneKind
from localities.models import Milestone
from loci.accounts.models import User
from surveys.choices import StatementState, Visibility
from surveys.models import Statement

SHOWN_AS = {
    Visibility.PUBLIC: Audience.PUBLIC,
    Visibility.NETWORK: Audience.NETWORK,
    Visibility.PAIR: Audience.PAIR,
}


def put_on_the_timeline(need: Statement, by: User, now: datetime) -> None:
    audience = SHOWN_AS.get(Visibility(need.visibility))
    if audience is not None:  # what a side keeps to itself makes no milestone
        Milestone.objects.create(
            locality_id=need.locality_id,
            kind=MilestoneKind.NEED_MET,
            topic_id=need.topic_id,
            on=now.date(),
            visibility=audience,
            by=by,
        )


def follow_on_the_timeline(need: Statement, *, was: str, met_at: datetime) -> None:
    """What was said of it goes with it: to fewer readers, or away once it is not met.

    `was` is who could read it, `met_at` when it was met.
    """
    if not need.is_need:
        return
    said = Milestone.objects.filter(
        locality=need.locality_id,
        kind=MilestoneKind.NEED_MET,
        topic=need.topic_id,
        on=met_at.date(),
        visibility=SHOWN_AS.get(Visibility(was), ""),
    )
    event = said.order_by("-pk").first()
    if event is None:
        return
    audience = SHOWN_AS.get(Visibility(need.visibility))
    if audience is None or need.state != StatementState.MET:
        event.delete()
    elif audience != event.visibility:
        event.visibility = audience
        event.save(update_fields=["visibility", "updated_at"])
