"""A need is met, or a need or offer is taken back, by the side that said it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from localities.models import Seat
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.states import move
from loci.core.texts import clean_text
from surveys.choices import StatementSide, StatementState
from surveys.models import Statement
from surveys.services.narrowing import end_what_was_said_before
from surveys.services.timeline import follow_on_the_timeline, put_on_the_timeline

MOVES = {
    StatementState.OPEN: frozenset({StatementState.MET, StatementState.WITHDRAWN}),
    StatementState.WITHDRAWN: frozenset({StatementState.OPEN}),
    StatementState.MET: frozenset({StatementState.OPEN}),
}


class NotYours(Refused):
    """The other side said it."""


class SaidAnew(Refused):
    """Something else stands at its place now."""


@transaction.atomic
def settle_statement(
    *,
    statement: Statement,
    to: StatementState,
    by: User,
    now: datetime,
    met_by: str = "",
) -> Statement:
    """Met, withdrawn, or open again. Raises NotYours, SaidAnew, WrongMove.

    A need that is met comes on the timeline, for whoever could read the need.
    """
    seats = Seat.objects.held_by(by).filter(locality=statement.locality_id)
    if statement.side != StatementSide.JOINT:
        seats = seats.filter(side=statement.side)
    if not seats.exists():
        raise NotYours(_("The other side said this: it is theirs to change."))
    return mark(statement=statement, to=to, by=by, now=now, met_by=met_by)


@transaction.atomic
def mark(
    *,
    statement: Statement,
    to: StatementState,
    by: User,
    now: datetime,
    met_by: str = "",
) -> Statement:
    """The same for whoever was let in to write for this side already.

    Raises SaidAnew, WrongMove.
    """
    found = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if found.position is None:
        raise SaidAnew(_("Your side has written something else in its place since."))
    met_at = found.met_at
    found.met_by, found.met_at = "", None
    found.save(update_fields=["met_by", "met_at"])
    move(found, to=to, moves=MOVES)
    if to == StatementState.MET:
        found.met_by, found.met_at = clean_text(met_by).strip()[:600], now
        found.save(update_fields=["met_by", "met_at"])
    if to != StatementState.OPEN:
        end_what_was_said_before(found)
    record(by, f"said {to}", found, found.met_by)
    if met_at is not None:
        follow_on_the_timeline(found, was=found.visibility, met_at=met_at)
    if to == StatementState.MET and found.is_need:
        put_on_the_timeline(found, by, now)
    return found
