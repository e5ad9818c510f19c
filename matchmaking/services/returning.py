"""A *not now* comes back once, when what it waited for has come; and asking for another."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from localities.models import Locality
from localities.queries.people import side_of
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from matchmaking.choices import (
    LIVE_SUGGESTIONS,
    ReplyAnswer,
    SuggestionState,
    WaitsFor,
)
from matchmaking.models import Reply, Round, Suggestion
from matchmaking.services.limits import require_room, require_still_true
from matchmaking.services.reviewing import open_to_pairs
from matchmaking.services.rounds import start_round
from surveys.choices import StatementKind
from surveys.models import Statement, Wave


class NothingToAskFor(Refused):
    """The pair has no open need, or this suggestion is still open."""


def return_postponed(*, now: datetime) -> int:
    """Show again what said *not now*, once its time has come; returns how many.

    What has lost its room or its truth in the meantime stays away and is looked at
    again with the next sweep.
    """
    waiting = Reply.objects.filter(
        answer=ReplyAnswer.NOT_NOW,
        suggestion__state=SuggestionState.DECLINED,
        suggestion__returned_at__isnull=True,
    ).select_related("suggestion__round__wave")
    due = [
        reply.suggestion_id for reply in waiting.order_by("pk") if _has_come(reply, now)
    ]
    return sum(_return(pk, now) for pk in dict.fromkeys(due))


def _has_come(reply: Reply, now: datetime) -> bool:
    if reply.not_before is not None:
        return reply.not_before <= now.date()
    if reply.waits_for == WaitsFor.WAVE:
        newer = Wave.objects.filter(
            opens_at__gt=reply.at,
            opens_at__lte=now,
            is_demo=reply.suggestion.round.wave.is_demo,
        )
        return newer.exists()
    return False


@transaction.atomic
def _return(pk: int, now: datetime) -> int:
    rows = Suggestion.objects.select_for_update(of=("self",)).filter(
        pk=pk, state=SuggestionState.DECLINED, returned_at__isnull=True
    )
    for suggestion in rows.select_related("seeker", "helper", "need", "offer"):
        if suggestion.replies.filter(answer=ReplyAnswer.NOT_FOR_US).exists():
            return 0
        if _has_another(suggestion):
            return 0
        try:
            require_still_true(suggestion)
            require_room(suggestion, now)
        except Refused:
            return 0
        suggestion.replies.filter(answer=ReplyAnswer.NOT_NOW).delete()
        suggestion.returned_at = now
        open_to_pairs(suggestion, now)
        record(None, "shown again", suggestion)
        return 1
    return 0


def _has_another(suggestion: Suggestion) -> bool:
    return Suggestion.objects.filter(
        seeker=suggestion.seeker_id,
        helper=suggestion.helper_id,
        state__in=LIVE_SUGGESTIONS,
    ).exists()


@transaction.atomic
def meeting_is_over(*, localities: Collection[Locality], now: datetime) -> int:
    """Let the *not now* of these localities that waited for a meeting come back."""
    waiting = Reply.objects.filter(
        answer=ReplyAnswer.NOT_NOW,
        waits_for=WaitsFor.MEETING,
        not_before__isnull=True,
        locality__in=localities,
        at__lte=now,
    )
    return waiting.update(not_before=now.date())


@transaction.atomic
def ask_for_another(*, suggestion: Suggestion, by: User, now: datetime) -> Round:
    """Look for the next best helper of the pair that seeks; a coordinator reads it first.

    Raises NothingToAskFor, RoundRunning.
    """
    is_open = suggestion.state == SuggestionState.APPROVED and (
        suggestion.expires_at is None or suggestion.expires_at > now
    )
    if is_open or side_of(by, suggestion.seeker) is None:
        raise NothingToAskFor(_("This suggestion is still open: answer it first."))
    needs = Statement.objects.for_introductions().filter(
        locality=suggestion.seeker, kind=StatementKind.NEED
    )
    if not needs.exists():
        raise NothingToAskFor(_("You have no open need that the network may see."))
    waits = Suggestion.objects.filter(
        seeker=suggestion.seeker, state=SuggestionState.PROPOSED
    )
    if waits.exists():
        raise NothingToAskFor(_("Another suggestion waits for a coordinator already."))
    return start_round(wave=suggestion.round.wave, by=by, only=[suggestion.seeker])
