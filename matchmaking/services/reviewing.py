"""A coordinator lets a suggestion through, or holds it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from localities.models import Locality
from localities.queries.people import people_of
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.states import move
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice
from matchmaking.choices import (
    EXPIRES_AFTER_DAYS,
    OPEN_SUGGESTIONS_AT_MOST,
    SUGGESTION_MOVES,
    SuggestionState,
)
from matchmaking.models import Suggestion
from surveys.choices import StatementState


class NotYours(Refused):
    """The suggestion lies outside the regions that this person coordinates."""


class TooManyOpen(Refused):
    """A pair has as many open suggestions as one pair should."""


class NoLongerTrue(Refused):
    """The need or the offer was withdrawn or met, or a locality is paused."""


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
    _still_true(suggestion)
    # Both places locked in one order: two approvals cannot pass the cap together.
    places = [suggestion.seeker_id, suggestion.helper_id]
    list(Locality.objects.select_for_update().filter(pk__in=places).order_by("pk"))
    _room_for(suggestion.seeker)
    suggestion.approved_by, suggestion.approved_at = by, now
    suggestion.expires_at = now + timedelta(days=EXPIRES_AFTER_DAYS)
    suggestion.save(update_fields=["approved_by", "approved_at", "expires_at"])
    move(suggestion, to=SuggestionState.APPROVED, moves=SUGGESTION_MOVES)
    record(by, "approved", suggestion)
    _tell_both_pairs(suggestion, now)
    return suggestion


def _still_true(suggestion: Suggestion) -> None:
    statements = (suggestion.need, suggestion.offer)
    if any(statement.state != StatementState.OPEN for statement in statements):
        raise NoLongerTrue(_("The need or the offer is no longer open."))
    if suggestion.seeker.is_paused or suggestion.helper.is_paused:
        raise NoLongerTrue(_("One of the two localities has paused."))


def _room_for(seeker: Locality) -> None:
    open_now = Suggestion.objects.filter(
        seeker=seeker, state=SuggestionState.APPROVED
    ).count()
    if open_now >= OPEN_SUGGESTIONS_AT_MOST:
        raise TooManyOpen(
            _(
                "%(place)s has %(count)d open suggestions already. Wait for an answer first."
            )
            % {"place": seeker, "count": open_now}
        )


def _tell_both_pairs(suggestion: Suggestion, now: datetime) -> None:
    for own, other in (
        (suggestion.seeker, suggestion.helper),
        (suggestion.helper, suggestion.seeker),
    ):
        for person in people_of(own):
            post_notice(
                key=f"suggestion:{suggestion.pk}:{person.pk}:{now.date()}",
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
