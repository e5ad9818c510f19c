"""A pair replies; two yeses make an introduction."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from localities.choices import Side
from localities.models import Locality
from localities.queries.people import people_of, side_of
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.states import move
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice
from matchmaking.choices import (
    SUGGESTION_MOVES,
    ReplyAnswer,
    SuggestionState,
)
from matchmaking.models import Reply, Suggestion
from matchmaking.services.introducing import introduce_if_both_agree
from matchmaking.services.limits import require_still_true
from surveys.choices import StatementState


class NoLongerOpen(Refused):
    """The suggestion has expired, was answered or was taken back."""


class NotYourPair(Refused):
    """This person speaks for neither of the two places."""


class ReasonNeeded(Refused):
    """A *not for us* helps the next round only with a reason."""


@dataclass(frozen=True)
class Answered:
    """What a pair says: yes, not now (and what it waits for), not for us (and why)."""

    answer: ReplyAnswer
    not_before: date | None = None
    waits_for: str = ""
    reason: str = ""
    words: str = ""


@transaction.atomic
def reply_to(
    *, suggestion: Suggestion, said: Answered, by: User, now: datetime
) -> Suggestion:
    """Take one person's reply for their pair.

    The first yes of a pair waits for the partner's; the partner's yes, or a pair with
    people on one side only, settles it. A no of either settles it at once. The same
    reply twice changes nothing. Raises NoLongerOpen,
    NoLongerTrue, NotYourPair, ReasonNeeded.
    """
    suggestion = lock_open(suggestion, now)
    locality, side = _place_of(suggestion, by)
    if said.answer == ReplyAnswer.NOT_FOR_US and not said.reason:
        raise ReasonNeeded(_("Choose one reason: only coordinators see it."))
    reply = Reply.objects.filter(suggestion=suggestion, locality=locality).first()
    if reply is None:
        reply = Reply(
            suggestion=suggestion, locality=locality, by=by, side=side, at=now
        )
    if said.answer == ReplyAnswer.YES:
        _say_yes(suggestion, reply, by, side, now)
    else:
        _say_no(suggestion, reply, said, by, now)
    return suggestion


def lock_open(suggestion: Suggestion, now: datetime) -> Suggestion:
    """The suggestion, locked, if it can still be answered; else NoLongerOpen."""
    rows = Suggestion.objects.select_for_update(of=("self",))
    suggestion = rows.select_related("seeker", "helper", "need", "offer").get(
        pk=suggestion.pk
    )
    if suggestion.state == SuggestionState.INTRODUCED:
        raise NoLongerOpen(_("You have been introduced already."))
    is_open = suggestion.state == SuggestionState.APPROVED
    if not is_open or suggestion.expires_at is None or suggestion.expires_at <= now:
        raise NoLongerOpen(
            _(
                "This suggestion is no longer open. This says nothing about you; "
                "officials change desks."
            )
        )
    require_still_true(suggestion)
    return suggestion


def _place_of(suggestion: Suggestion, person: User) -> tuple[Locality, Side]:
    for locality in (suggestion.seeker, suggestion.helper):
        side = side_of(person, locality)
        if side:
            return locality, side
    raise NotYourPair(_("You speak for neither of these two places."))


def _say_yes(
    suggestion: Suggestion, reply: Reply, by: User, side: Side, now: datetime
) -> None:
    if reply.is_settled_yes:
        return
    partner_people = people_of(reply.locality, side.other)
    is_second = reply.side != side
    if reply.answer != ReplyAnswer.YES:
        reply.answer, reply.by, reply.side, reply.at = ReplyAnswer.YES, by, side, now
    if is_second or not partner_people.exists():
        reply.confirmed_by, reply.confirmed_at = by, now
    reply.save()
    record(by, "said yes", suggestion)
    if reply.confirmed_at is None:
        _ask_partner(suggestion, reply, partner_people, now)
    else:
        introduce_if_both_agree(suggestion, now)


def _ask_partner(
    suggestion: Suggestion, reply: Reply, people: QuerySet[User], now: datetime
) -> None:
    for person in people:
        post_notice(
            key=f"partner_asked:{suggestion.pk}:{person.pk}",
            kind=NoticeKind.PARTNER_ASKED,
            to=person,
            now=now,
            parameters={"who": str(reply.by), "own": reply.locality.name},
            path=f"/suggestions/{suggestion.reference}/",
        )


def _say_no(
    suggestion: Suggestion, reply: Reply, said: Answered, by: User, now: datetime
) -> None:
    reply.answer, reply.by, reply.at = said.answer, by, now
    reply.confirmed_by = reply.confirmed_at = None
    reply.not_before, reply.waits_for = said.not_before, said.waits_for
    reply.reason, reply.words = said.reason, said.words
    reply.save()
    move(suggestion, to=SuggestionState.DECLINED, moves=SUGGESTION_MOVES)
    record(by, f"said {said.answer.value}", suggestion)


def expire_suggestions(*, now: datetime) -> int:
    """Close the suggestions whose time is over, without blame; returns how many.

    Those whose need or offer is gone, or whose locality has paused, end as well.
    """
    due = Suggestion.objects.filter(state=SuggestionState.APPROVED).filter(_over(now))
    rows = due.order_by("pk").values_list("pk", flat=True)
    return sum(_expire(pk, now) for pk in rows)


def _over(now: datetime) -> Q:
    gone = Q()
    for statement in ("need", "offer"):
        gone |= ~Q(**{f"{statement}__state": StatementState.OPEN})
    paused = Q(seeker__is_paused=True) | Q(helper__is_paused=True)
    return Q(expires_at__lte=now) | gone | paused


@transaction.atomic
def _expire(pk: int, now: datetime) -> int:
    rows = (
        Suggestion.objects.select_for_update(of=("self",))
        .filter(pk=pk, state=SuggestionState.APPROVED)
        .filter(_over(now))
    )
    for suggestion in rows:
        move(suggestion, to=SuggestionState.EXPIRED, moves=SUGGESTION_MOVES)
        record(None, "expired", suggestion)
    return len(rows)
