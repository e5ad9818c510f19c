"""What a round amounts to, in words: figures, who got nothing and why, two compared."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from localities.models import Locality
from matchmaking.choices import SuggestionState
from matchmaking.models import Expertise, Round, Suggestion
from surveys.choices import StatementKind
from surveys.models import Statement


@dataclass(frozen=True)
class Unmet:
    """A locality without a suggestion: what it needs and why nothing was found."""

    locality: Locality
    reason: str
    needs: tuple["Asked", ...]


@dataclass(frozen=True)
class Asked:
    """A need and the experts who could be asked about it, same topic first."""

    need: Statement
    experts: tuple[Expertise, ...]


@dataclass(frozen=True)
class RoundPage:
    """A computed round for its page; figures as (label, words)."""

    figures: tuple[tuple[str, str], ...]
    unmet: tuple[Unmet, ...]
    left_out: tuple[str, ...]
    trials: tuple[Round, ...]
    can_be_undone: bool


@dataclass(frozen=True)
class Compared:
    """A trial beside its base: figures (label, base, trial), pairs that go and come."""

    figures: tuple[tuple[str, str, str], ...]
    gone: tuple[str, ...]
    come: tuple[str, ...]
    same: int


def unmet_reasons() -> dict[str, str]:
    """Why the engine found nothing, by its codes."""
    return {
        "no_candidates": _("nobody who may help it now offers what it needs"),
        "all_vetoed": _("those who could help were declined, or are never suggested"),
        "helpers_full": _("those who could help have no hours left"),
        "outweighed": _("another locality would have got nothing instead"),
        "wants_nothing": _("it has as many open suggestions as it can take"),
        "has_no_places": _("the helper has no hours left"),
    }


def round_page(round_: Round) -> RoundPage:
    """What the page of a computed round shows."""
    result = round_.result or {}
    labels = unmet_reasons()
    codes = {row["unit"]: row["code"] for row in result.get("unmet", [])}
    return RoundPage(
        figures=tuple(_figures(round_)) if result else (),
        unmet=_unmet(codes, labels),
        left_out=_left_out(result.get("pins_left_out", []), labels),
        trials=tuple(round_.trials.order_by("-pk")),
        can_be_undone=_can_be_undone(round_),
    )


def _can_be_undone(round_: Round) -> bool:
    worked_with = Suggestion.objects.filter(round=round_).exclude(
        state__in=[SuggestionState.PROPOSED, SuggestionState.HELD]
    )
    return (
        round_.result is not None
        and not round_.is_trial
        and round_.undone_at is None
        and not worked_with.exists()
    )


def _figures(round_: Round) -> list[tuple[str, str]]:
    result = round_.result or {}
    rows = [
        (
            _("Localities with a suggestion"),
            _("%(coverage)d of %(wanting)d")
            % {"coverage": result["coverage"], "wanting": result["wanting"]},
        ),
        (_("Suggestions"), str(result.get("pairs", 0))),
    ]
    if "total" in result:
        rows.append((_("Sum of all weights"), _decimal(result["total"])))
        rows.append((_("Worst place, level of 100"), str(_worst(result["histogram"]))))
    if "price_of_fairness" in result:
        price = 100 * result["price_of_fairness"]
        rows.append((_("Given up for fairness, percent"), _decimal(price)))
        rows.append((_("Unevenness of load, 0 to 1"), _decimal(result["load_gini"])))
        rows.append((_("Proof"), result["proof"]))
    if "set_aside_for_neighbours" in result:
        aside, left = result["set_aside_for_neighbours"], result["doubled_neighbours"]
        label = _("Same helper to neighbours: avoided, left")
        rows.append((label, f"{aside}, {left}"))
    return rows


def _decimal(value: float) -> str:
    return number_format(value, decimal_pos=2)


def _worst(histogram: list[int]) -> int:
    """The lowest level on which a locality has its best suggestion."""
    served = [level for level, count in enumerate(histogram) if level and count]
    return min(served, default=0)


def _unmet(codes: dict[int, str], labels: dict[str, str]) -> tuple[Unmet, ...]:
    places = Locality.objects.in_bulk(list(codes))
    needs: dict[int, list[Asked]] = {}
    experts = list(
        Expertise.objects.standing()
        .select_related("person", "topic")
        .prefetch_related("topic__related")
        .order_by("pk")
    )
    rows = Statement.objects.for_introductions().filter(
        locality__in=codes, kind=StatementKind.NEED
    )
    for need in rows.select_related("topic").order_by("pk"):
        asked = Asked(need, _who_knows(need, experts))
        needs.setdefault(need.locality_id, []).append(asked)
    return tuple(
        Unmet(places[unit], labels.get(code, code), tuple(needs.get(unit, [])))
        for unit, code in codes.items()
        if unit in places
    )


def _who_knows(need: Statement, experts: list[Expertise]) -> tuple[Expertise, ...]:
    same = [row for row in experts if row.topic_id == need.topic_id]
    near = [
        row
        for row in experts
        if row not in same
        and need.topic_id in {topic.pk for topic in row.topic.related.all()}
    ]
    return tuple(same + near)


def _left_out(
    rows: list[tuple[int, int, str]], labels: dict[str, str]
) -> tuple[str, ...]:
    places = Locality.objects.in_bulk(
        [unit for seeker, helper, _code in rows for unit in (seeker, helper)]
    )
    return tuple(
        _("%(helper)s for %(seeker)s: %(reason)s")
        % {
            "helper": places[helper],
            "seeker": places[seeker],
            "reason": labels.get(code, code),
        }
        for seeker, helper, code in rows
        if seeker in places and helper in places
    )


def compared_with_base(trial: Round) -> Compared | None:
    """A computed trial beside its base; None until both are computed."""
    base = trial.base
    if base is None or not base.result or not trial.result:
        return None
    before = {(row[0], row[1]) for row in base.result.get("proposals", [])}
    after = {(row[0], row[1]) for row in trial.result.get("proposals", [])}
    names = Locality.objects.in_bulk([unit for pair in before | after for unit in pair])

    def in_words(pairs: set[tuple[int, int]]) -> tuple[str, ...]:
        return tuple(
            f"{names[helper]} → {names[seeker]}"
            for seeker, helper in sorted(pairs)
            if seeker in names and helper in names
        )

    base_figures, figures = dict(_figures(base)), dict(_figures(trial))
    return Compared(
        figures=tuple(
            (label, base_figures.get(label, ""), words)
            for label, words in figures.items()
        ),
        gone=in_words(before - after),
        come=in_words(after - before),
        same=len(before & after),
    )
