"""What pairs answered so far, as the engine's learning reads it."""

from dataclasses import dataclass

from django.db.models import Prefetch

from matchmaking.choices import DeclineReason, Ending, Outcome, ReplyAnswer
from matchmaking.engine.fit import PLAIN_BARS
from matchmaking.engine.learning import (
    Bars,
    Example,
    Learned,
    RoundScored,
    bars_of,
    evaluate,
    learn,
)
from matchmaking.engine.statements import FACTORS, normalised
from matchmaking.models import CheckIn, Reply, Round, Suggestion
from matchmaking.services.weights import current_weights

ABOUT_THE_FIT = {
    DeclineReason.TOPIC,
    DeclineReason.PLACE,
    DeclineReason.LANGUAGE,
    DeclineReason.OTHER,
}
USEFUL_COUNTS = (
    2.0  # an introduction that proved useful is worth two that were only begun
)


@dataclass(frozen=True)
class Lessons:
    """What the answers speak for, and how it would have served; None: too few answers."""

    answers: int
    welcome: int
    learned: Learned | None
    rounds: tuple[RoundScored, ...]


def lessons() -> Lessons:
    """Read every answered suggestion; nothing is changed by it."""
    examples = answered()
    weights = current_weights()
    return Lessons(
        answers=len(examples),
        welcome=sum(row.is_good for row in examples),
        learned=learn(examples, weights),
        rounds=evaluate(examples, weights),
    )


def bars_from_answers(weights: dict[str, float]) -> Bars:
    """From which score on a suggestion is called strong, or good."""
    return bars_of(answered(), weights, PLAIN_BARS)


def answered() -> list[Example]:
    """Suggestions whose pairs said something about the fit.

    Introduced ones were welcome, unless they ended as not useful; declined ones count
    if the reason was the fit and not the time. Illustrative rounds teach nothing once
    there are real ones.
    """
    rows = (
        Suggestion.objects.filter(round__is_trial=False)
        .exclude(factors={})
        .select_related("round")
        .prefetch_related(
            Prefetch("replies", Reply.objects.order_by("pk")),
            Prefetch("check_ins", CheckIn.objects.order_by("pk")),
        )
        .order_by("round", "pk")
    )
    is_real = Round.objects.filter(wave__is_demo=False).exists()
    found = [_example(row) for row in rows.filter(round__wave__is_demo=not is_real)]
    return [row for row in found if row is not None]


def _example(row: Suggestion) -> Example | None:
    check_ins = list(row.check_ins.all())
    if row.introduced_at is not None:
        is_good = Ending.NOT_USEFUL not in {each.ending for each in check_ins}
    elif any(_is_about_the_fit(reply) for reply in row.replies.all()):
        is_good = False
    else:
        return None
    proved = is_good and (row.outcome or 0) >= Outcome.USEFUL
    return Example(
        when=row.round_id,
        values=_values(row),
        is_good=is_good,
        counts=USEFUL_COUNTS if proved else 1.0,
    )


def _is_about_the_fit(reply: Reply) -> bool:
    return (
        reply.answer == ReplyAnswer.NOT_FOR_US
        and DeclineReason(reply.reason or DeclineReason.OTHER) in ABOUT_THE_FIT
    )


def _values(row: Suggestion) -> tuple[float, ...]:
    """Each factor 0 to 1: what it added, over what it could have added at most."""
    weights = (row.round.snapshot or {}).get("weights") or current_weights()
    most = normalised(weights)
    return tuple(
        min(1.0, row.factors.get(name, 0.0) / most[name]) if most[name] else 0.0
        for name in FACTORS
    )
