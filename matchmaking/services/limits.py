"""What must hold before a suggestion is shown to two pairs."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from localities.models import Locality
from loci.core.errors import Refused
from matchmaking.choices import (
    HOURS_AN_INTRODUCTION,
    OPEN_SUGGESTIONS_AT_MOST,
    SuggestionState,
)
from matchmaking.models import Suggestion
from surveys.choices import StatementState


class TooManyOpen(Refused):
    """A pair has as many open suggestions as one pair should."""


class HelperFull(Refused):
    """The helper gives all the hours that it stated."""


class NoLongerTrue(Refused):
    """The need or the offer was withdrawn or met, or a locality is paused."""


def require_still_true(suggestion: Suggestion) -> None:
    """The need and the offer stand, and both localities take part."""
    statements = (suggestion.need, suggestion.offer)
    if any(statement.state != StatementState.OPEN for statement in statements):
        raise NoLongerTrue(_("The need or the offer is no longer open."))
    if suggestion.seeker.is_paused or suggestion.helper.is_paused:
        raise NoLongerTrue(_("One of the two localities has paused."))


def require_room(suggestion: Suggestion, now: datetime) -> None:
    """Room on both sides, with both places locked until the transaction ends.

    The lock is taken in one order, so that two approvals cannot pass a cap together.
    """
    places = [suggestion.seeker_id, suggestion.helper_id]
    list(Locality.objects.select_for_update().filter(pk__in=places).order_by("pk"))
    _room_of_seeker(suggestion)
    _hours_of_helper(suggestion, now)


def _room_of_seeker(suggestion: Suggestion) -> None:
    open_now = Suggestion.objects.filter(
        seeker=suggestion.seeker_id, state=SuggestionState.APPROVED
    ).count()
    if open_now >= OPEN_SUGGESTIONS_AT_MOST:
        raise TooManyOpen(
            _(
                "%(place)s has %(count)d open suggestions already. Wait for an answer first."
            )
            % {"place": suggestion.seeker, "count": open_now}
        )


def _hours_of_helper(suggestion: Suggestion, now: datetime) -> None:
    stated = suggestion.offer.hours_a_month
    hours = suggestion.helper.hours_a_month if stated is None else stated
    taken = (
        Suggestion.objects.taking_hours(now)
        .filter(helper=suggestion.helper_id)
        .exclude(pk=suggestion.pk)
        .count()
    )
    if (taken + 1) * HOURS_AN_INTRODUCTION > hours:
        raise HelperFull(
            _("%(place)s gives all the hours that it stated (%(hours)d a month).")
            % {"place": suggestion.helper, "hours": hours}
        )
