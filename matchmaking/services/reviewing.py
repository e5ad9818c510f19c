"""A coordinator lets a suggestion through, or holds it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from localities.queries.people import people_of
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.states import move
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice, withdraw_notices
from matchmaking.choices import (
    EXPIRES_AFTER_DAYS,
    PARTNER_DAYS,
    SUGGESTION_MOVES,
    ReplyAnswer,
    SuggestionState,
)
from matchmaking.models import Reply, Suggestion
from matchmaking.services.introducing import introduce_if_both_agree
from matchmaking.services.limits import require_room, require_still_true
from matchmaking.services.replying import lock_open


class NotYours(Refused):
    """The suggestion lies outside the regions that this person coordinates."""


class AlreadyAnswered(Refused):
    """What a pair has answered is not taken back."""


class TooEarly(Refused):
    """The partner has a week to answer."""


def lock_for_review(suggestion: Suggestion, by: User) -> Suggestion:
    """The suggestion, locked, if this person coordinates one of its regions."""
    rows = Suggestion.objects.coordinated_by(by).select_for_update(of=("self",))
    found = rows.select_related("seeker", "helper", "need", "offer").filter(
        pk=suggestion.pk
    )
    if not found:
        raise NotYours(_("This suggestion is outside your regions."))
    return found[0]


@transaction.atomic
def approve_suggestion(
    *, suggestion: Suggestion, by: User, now: datetime
) -> Suggestion:
    """Show the suggestion to both pairs, for 21 days, and write to their people.

    Raises NotYours, WrongMove, NoLongerTrue, TooManyOpen.
    """
    suggestion = lock_for_review(suggestion, by)
    if suggestion.state == SuggestionState.APPROVED:
        return suggestion
    require_still_true(suggestion)
    require_room(suggestion, now)
    suggestion.approved_by, suggestion.approved_at = by, now
    open_to_pairs(suggestion, now)
    record(by, "approved", suggestion)
    return suggestion


def open_to_pairs(suggestion: Suggestion, now: datetime) -> None:
    """Let both pairs answer for 21 days, and write to their people."""
    suggestion.expires_at = now + timedelta(days=EXPIRES_AFTER_DAYS)
    suggestion.save()
    move(suggestion, to=SuggestionState.APPROVED, moves=SUGGESTION_MOVES)
    _tell_both_pairs(suggestion, now)


@transaction.atomic
def take_back(*, suggestion: Suggestion, by: User) -> Suggestion:
    """Undo an approval that nobody has answered: pairs no longer see it.

    Mails that still wait are not sent. Raises NotYours, AlreadyAnswered, WrongMove.
    """
    suggestion = lock_for_review(suggestion, by)
    if suggestion.replies.exists():
        raise AlreadyAnswered(_("A pair has answered already."))
    move(suggestion, to=SuggestionState.PROPOSED, moves=SUGGESTION_MOVES)
    suggestion.approved_by = suggestion.approved_at = suggestion.expires_at = None
    suggestion.save()
    withdraw_notices(f"suggestion:{suggestion.pk}:")
    record(by, "took back", suggestion)
    return suggestion


@transaction.atomic
def confirm_for_pair(*, reply: Reply, by: User, now: datetime) -> Suggestion:
    """Agree in the partner's place, once a week has gone by without a word.

    Raises NotYours, NoLongerOpen, TooEarly.
    """
    suggestion = lock_for_review(reply.suggestion, by)
    lock_open(suggestion, now)
    reply.refresh_from_db()
    if reply.answer != ReplyAnswer.YES or reply.is_settled_yes:
        raise TooEarly(_("There is no yes that waits for a partner."))
    if reply.at > now - timedelta(days=PARTNER_DAYS):
        raise TooEarly(_("The partner still has time to answer."))
    reply.confirmed_by, reply.confirmed_at = by, now
    reply.save()
    record(by, "agreed for the partner", suggestion)
    introduce_if_both_agree(suggestion, now)
    return suggestion


def _tell_both_pairs(suggestion: Suggestion, now: datetime) -> None:
    for own, other in (
        (suggestion.seeker, suggestion.helper),
        (suggestion.helper, suggestion.seeker),
    ):
        for person in people_of(own):
            post_notice(
                key=f"suggestion:{suggestion.pk}:{person.pk}:{now:%Y-%m-%dT%H:%M}",
                kind=NoticeKind.SUGGESTION,
                to=person,
                now=now,
                parameters={"own": own.name, "other": other.name},
                path=f"/suggestions/{suggestion.reference}/",
            )


@transaction.atomic
def hold_suggestion(*, suggestion: Suggestion, by: User, why: str = "") -> Suggestion:
    """Keep the suggestion back; the pairs do not see it."""
    suggestion = lock_for_review(suggestion, by)
    if suggestion.state != SuggestionState.HELD:
        move(suggestion, to=SuggestionState.HELD, moves=SUGGESTION_MOVES)
        record(by, "held", suggestion, why)
    return suggestion
