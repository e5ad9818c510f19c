"""Ask introduced pairs how it went, and take what they say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from localities.models import Locality
from localities.queries.people import people_of
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice
from matchmaking.choices import (
    ASKED_AFTER_DAYS,
    EVIDENCE_FROM,
    Ending,
    Occasion,
    Outcome,
    SuggestionState,
)
from matchmaking.models import CheckIn, Suggestion
from matchmaking.services.introducing import lock_introduced


class EvidenceNeeded(Refused):
    """From *applied* up, a sentence says what shows it."""


@dataclass(frozen=True)
class Told:
    """How far it came, or how it ended."""

    outcome: Outcome | None = None
    ending: Ending | None = None
    evidence: str = ""


def ask_how_it_went(*, now: datetime) -> int:
    """Ask both pairs of each introduction whose time has come; returns how many.

    After a pause of beat, each pair is asked once, for the latest occasion.
    """
    asked = 0
    earliest = now - timedelta(days=min(ASKED_AFTER_DAYS.values()))
    due = Suggestion.objects.filter(
        state=SuggestionState.INTRODUCED, introduced_at__lte=earliest
    ).order_by("pk")
    for pk in due.values_list("pk", flat=True):
        asked += _ask_about(pk, now)
    return asked


@transaction.atomic
def _ask_about(pk: int, now: datetime) -> int:
    rows = Suggestion.objects.select_for_update(of=("self",))
    suggestion = rows.select_related("seeker", "helper").get(pk=pk)
    occasion = _latest_due(suggestion, now)
    if occasion is None:
        return 0
    return sum(
        _ask(suggestion, locality, occasion, now)
        for locality in (suggestion.seeker, suggestion.helper)
    )


def _latest_due(suggestion: Suggestion, now: datetime) -> Occasion | None:
    if suggestion.introduced_at is None:
        return None
    age = now - suggestion.introduced_at
    due = [row for row, days in ASKED_AFTER_DAYS.items() if age >= timedelta(days=days)]
    return due[-1] if due else None


def _ask(
    suggestion: Suggestion, locality: Locality, occasion: Occasion, now: datetime
) -> int:
    ended = CheckIn.objects.filter(suggestion=suggestion, locality=locality)
    if ended.exclude(ending="").exists():
        return 0
    _row, is_new = CheckIn.objects.get_or_create(
        suggestion=suggestion, locality=locality, occasion=occasion
    )
    if not is_new:
        return 0
    other = suggestion.helper if locality == suggestion.seeker else suggestion.seeker
    for person in people_of(locality):
        post_notice(
            key=f"check_in:{suggestion.pk}:{occasion}:{person.pk}",
            kind=NoticeKind.CHECK_IN,
            to=person,
            now=now,
            parameters={"own": locality.name, "other": other.name},
            path=f"/suggestions/{suggestion.reference}/check-in/",
        )
    return 1


@transaction.atomic
def tell_how_it_went(
    *, suggestion: Suggestion, told: Told, by: User, now: datetime
) -> CheckIn:
    """Take what one pair says; the introduction moves up the ladder, never down.

    Raises NotIntroduced, EvidenceNeeded.
    """
    suggestion, locality = lock_introduced(suggestion, by)
    if told.outcome is not None and told.outcome >= EVIDENCE_FROM and not told.evidence:
        raise EvidenceNeeded(_("Say in one sentence what shows it."))
    check_in = _open_check_in(suggestion, locality)
    check_in.outcome, check_in.ending = told.outcome, told.ending or ""
    check_in.evidence, check_in.by, check_in.answered_at = told.evidence, by, now
    check_in.save()
    if told.outcome is not None and told.outcome > suggestion.outcome:
        suggestion.outcome = told.outcome
        suggestion.save(update_fields=["outcome", "updated_at"])
    record(by, "told how it went", check_in)
    return check_in


def _open_check_in(suggestion: Suggestion, locality: Locality) -> CheckIn:
    waiting = CheckIn.objects.filter(
        suggestion=suggestion, locality=locality, answered_at__isnull=True
    )
    newest = waiting.order_by("-created_at", "-pk").first()
    return newest or CheckIn(
        suggestion=suggestion, locality=locality, occasion=Occasion.ANY_TIME
    )
