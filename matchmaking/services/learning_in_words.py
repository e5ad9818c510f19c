"""What replies teach about the weights, in sentences and figures."""

from dataclasses import dataclass

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from matchmaking.engine.learning import (
    LEAST_EXAMPLES,
    LEAST_OF_EACH,
    FactorLearned,
    RoundScored,
)
from matchmaking.models import Round
from matchmaking.services.learning import Lessons
from matchmaking.services.weights import factor_labels

WORTH_SAYING = 0.005
ALIKE = 0.02


@dataclass(frozen=True)
class LessonsPage:
    """Figures as words: factors (label, before, after, why), rounds as table rows."""

    summary: str
    is_enough: bool
    factors: tuple[tuple[str, str, str, str], ...]
    rounds: tuple[tuple[str, ...], ...]


def lessons_in_words(found: Lessons) -> LessonsPage:
    """The page of lessons, and the text of the command."""
    labels = factor_labels()
    learned = found.learned
    return LessonsPage(
        summary=_summary(found),
        is_enough=learned is not None,
        factors=tuple(
            (
                labels.get(row.name, row.name),
                _share(row.before),
                _share(row.after),
                _why(row),
            )
            for row in (learned.factors if learned else ())
        ),
        rounds=_rounds(found.rounds),
    )


def _summary(found: Lessons) -> str:
    said = _("%(answers)d answers speak of the fit, %(welcome)d of them welcome.") % {
        "answers": found.answers,
        "welcome": found.welcome,
    }
    if found.learned is not None:
        return said
    needed = _(
        "From %(least)d on, at least %(each)d of them welcome and %(each)d not, "
        "they speak for weights."
    ) % {"least": LEAST_EXAMPLES, "each": LEAST_OF_EACH}
    return f"{said} {needed}"


def _share(part: float) -> str:
    return number_format(100 * part, decimal_pos=1)


def _why(row: FactorLearned) -> str:
    means = {
        "welcome": number_format(round(row.welcome, 2), decimal_pos=2),
        "declined": number_format(round(row.declined, 2), decimal_pos=2),
    }
    if row.after > row.before + WORTH_SAYING:
        return (
            _("counts more: %(welcome)s where welcome, %(declined)s where declined")
            % means
        )
    if row.after < row.before - WORTH_SAYING:
        if abs(row.welcome - row.declined) < ALIKE:
            return _("gives way: as high where welcome as where declined")
        return (
            _("counts less: %(welcome)s where welcome, %(declined)s where declined")
            % means
        )
    return _("stays: the answers do not tell it apart")


def _rounds(scored: tuple[RoundScored, ...]) -> tuple[tuple[str, ...], ...]:
    rounds = Round.objects.select_related("wave").in_bulk([row.when for row in scored])
    return tuple(
        (
            f"{rounds[row.when].wave}, {date_format(rounds[row.when].created_at)}",
            f"{row.welcome} / {row.examples}",
            number_format(row.ndcg_before, decimal_pos=3),
            number_format(row.ndcg_after, decimal_pos=3),
            number_format(row.upper_half_before, decimal_pos=2),
            number_format(row.upper_half_after, decimal_pos=2),
        )
        for row in scored
    )
