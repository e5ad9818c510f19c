"""Start a round and compute it in the background."""

import hashlib
import json
import logging
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from localities.models import Locality
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.jobs import Job, enqueue
from loci.core.locks import try_lock
from loci.core.states import move
from matchmaking.choices import (
    LIVE_SUGGESTIONS,
    ROUND_MOVES,
    RoundState,
    SuggestionState,
)
from matchmaking.engine.statements import BadStatements, normalised
from matchmaking.models import Round, Suggestion
from matchmaking.services.circles import propose_circles
from matchmaking.services.computing import Computed, Proposal, compute
from matchmaking.services.snapshot import remember_texts, take_snapshot
from surveys.models import Wave

logger = logging.getLogger(__name__)


class RoundRunning(Refused):
    """A round over the same wave is being computed."""


class NothingToTry(Refused):
    """There is no stored input to try other weights on."""


class NotUndone(Refused):
    """Suggestions of the round are with the pairs, or a newer round has come."""


class BadWeights(Refused):
    """Weights with which nothing could be compared."""


@transaction.atomic
def start_round(
    *,
    wave: Wave,
    by: User,
    weights: dict[str, float] | None = None,
    has_interpretation: bool = True,
    only: Collection[Locality] = (),
) -> Round:
    """Queue a round; Celery computes it. Raises RoundRunning, BadWeights.

    `only` names the localities that it looks for; what is proposed to others stays.
    """
    if weights is not None:
        require_weights(weights)
    try:
        with transaction.atomic():
            round_ = Round.objects.create(
                wave=wave,
                weights=weights or {},
                has_interpretation=has_interpretation,
                only=sorted(locality.pk for locality in only),
                started_by=by,
            )
    except IntegrityError as problem:
        raise RoundRunning(_("A round is being computed already.")) from problem
    return _queue(round_, by)


def _queue(round_: Round, by: User) -> Round:
    record(by, "started", round_)
    enqueue(Job.RUN_ROUND, round_id=round_.pk)
    return round_


def require_weights(weights: dict[str, float]) -> None:
    """Raises BadWeights if nothing could be compared with these."""
    try:
        normalised(weights)
    except BadStatements as problem:
        raise BadWeights(
            _("These weights compare nothing: %(problem)s.") % {"problem": problem}
        ) from problem


@transaction.atomic
def start_trial(
    *, base: Round, by: User, weights: dict[str, float], has_interpretation: bool
) -> Round:
    """Queue the same input with other weights; nothing is proposed to anybody.

    Raises NothingToTry, BadWeights.
    """
    require_weights(weights)
    if base.snapshot is None or base.is_trial:
        raise NothingToTry(_("Only a round that was computed can be tried out anew."))
    round_ = Round.objects.create(
        wave=base.wave,
        base=base,
        is_trial=True,
        weights=weights,
        has_interpretation=has_interpretation,
        started_by=by,
    )
    return _queue(round_, by)


def run_round(*, round_id: int, now: datetime) -> None:
    """Compute a queued round; nothing if it is done or another process is at it.

    The input is stored first. A process that dies in between leaves a queued round,
    and the next run computes the same from the stored input.
    """
    try:
        _read_texts(round_id)
        _store_snapshot(round_id, now)
        _compute_round(round_id, now)
    except OperationalError:
        raise  # the database was away or busy: the round stays queued for the sweep
    except Exception as problem:
        logger.exception("Round %s failed", round_id)
        Round.objects.filter(pk=round_id, state=RoundState.QUEUED).update(
            state=RoundState.FAILED,
            problem=_problem_in_words(problem),
        )


def _problem_in_words(problem: Exception) -> str:
    if isinstance(problem, Refused):
        return str(problem)[:500]
    return f"{type(problem).__name__}: {problem}"[:500]


def _read_texts(round_id: int) -> None:
    """Compute missing vectors before the transaction opens: it can take minutes."""
    round_ = Round.objects.filter(pk=round_id, snapshot__isnull=True).first()
    if round_ is not None:
        remember_texts(round_)


@transaction.atomic
def _store_snapshot(round_id: int, now: datetime) -> None:
    round_ = _queued(round_id)
    if round_ is None or round_.snapshot is not None:
        return
    round_.snapshot = take_snapshot(round_, now)
    round_.snapshot_hash = digest_of(round_.snapshot)
    round_.save(update_fields=["snapshot", "snapshot_hash", "updated_at"])


def digest_of(snapshot: dict[str, Any]) -> str:
    """sha-256 of an input, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(snapshot, sort_keys=True).encode()).hexdigest()


def _queued(round_id: int) -> Round | None:
    if not try_lock(f"round:{round_id}"):
        return None
    return Round.objects.filter(pk=round_id, state=RoundState.QUEUED).first()


@transaction.atomic
def _compute_round(round_id: int, now: datetime) -> None:
    round_ = _queued(round_id)
    if round_ is None or round_.snapshot is None:
        return
    computed = compute(round_.snapshot)
    if not round_.is_trial:
        _replace_unreviewed(round_)
        _propose(round_, computed)
    round_.result, round_.computed_at = computed.figures, now
    round_.save(update_fields=["result", "computed_at"])
    if not round_.is_trial and not round_.only:
        propose_circles(round_)
    move(round_, to=RoundState.READY, moves=ROUND_MOVES)


def _replace_unreviewed(round_: Round) -> None:
    """A newer round takes the place of what nobody has reviewed yet."""
    rows = Suggestion.objects.filter(
        state=SuggestionState.PROPOSED, round__wave__is_demo=round_.wave.is_demo
    )
    if round_.only:
        rows = rows.filter(seeker__in=round_.only)
    rows.update(state=SuggestionState.REPLACED, replaced_by=round_)


def _propose(round_: Round, computed: Computed) -> None:
    live = set(
        Suggestion.objects.filter(state__in=LIVE_SUGGESTIONS).values_list(
            "seeker_id", "helper_id"
        )
    )
    places = set(Locality.objects.values_list("pk", flat=True))
    Suggestion.objects.bulk_create(
        _row(round_, proposal)
        for proposal in computed.proposals
        if (proposal.seeker, proposal.helper) not in live
        and {proposal.seeker, proposal.helper} <= places
    )


def _row(round_: Round, proposal: Proposal) -> Suggestion:
    return Suggestion(
        round=round_,
        seeker_id=proposal.seeker,
        helper_id=proposal.helper,
        need_id=proposal.need,
        offer_id=proposal.offer,
        score=proposal.score,
        confidence=proposal.confidence,
        factors=proposal.factors,
    )


@transaction.atomic
def undo_round(*, round_: Round, by: User, now: datetime) -> Round:
    """Take a round back: what it replaced is to be reviewed again.

    Raises NotUndone once one of its suggestions has been let through.
    """
    round_ = Round.objects.select_for_update().get(pk=round_.pk)
    own = Suggestion.objects.select_for_update().filter(round=round_)
    untouched = [SuggestionState.PROPOSED, SuggestionState.HELD]
    is_newest = not Suggestion.objects.filter(
        replaced_by__isnull=False, round=round_
    ).exists()
    if round_.undone_at or not is_newest or own.exclude(state__in=untouched).exists():
        raise NotUndone(_("This round has been worked with: it stays."))
    own.update(state=SuggestionState.REPLACED, replaced_by=None)
    Suggestion.objects.filter(
        replaced_by=round_, state=SuggestionState.REPLACED
    ).update(state=SuggestionState.PROPOSED, replaced_by=None)
    round_.undone_at = now
    round_.save(update_fields=["undone_at", "updated_at"])
    record(by, "took back", round_)
    return round_


def rounds_waiting() -> list[int]:
    """Queued rounds, oldest first: also those whose message or worker was lost."""
    queued = Round.objects.filter(state=RoundState.QUEUED).order_by("pk")
    return list(queued.values_list("pk", flat=True))
