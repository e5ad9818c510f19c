"""What became of introductions: counts for coordinators, and for those who give money."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from localities.models import Region
from loci.accounts.models import User
from matchmaking.choices import EVIDENCE_FROM, Ending, Outcome, SuggestionState
from matchmaking.models import CheckIn, Suggestion

FEW = 3  # fewer localities than this are not told outside


@dataclass(frozen=True)
class Step:
    """One step of the ladder: introductions that came at least so far, and localities."""

    label: str
    introductions: int
    localities: int


@dataclass(frozen=True)
class Outcomes:
    """The ladder, honest ends, and per region how many, useful and applied."""

    steps: tuple[Step, ...]
    endings: tuple[tuple[str, int], ...]
    regions: tuple[tuple[str, int, int, int], ...]
    evidence: tuple[CheckIn, ...]
    unanswered: int


def outcomes_for(person: User) -> Outcomes:
    """What this coordinator's regions came to; the whole network for its coordinators."""
    rows = list(
        Suggestion.objects.coordinated_by(person)
        .filter(state=SuggestionState.INTRODUCED)
        .values_list("outcome", "seeker", "helper", "seeker__region__name")
    )
    said = CheckIn.objects.filter(
        suggestion__in=Suggestion.objects.coordinated_by(person)
    )
    ends = Counter(
        said.exclude(ending="").values_list("ending", flat=True).order_by("ending")
    )
    return Outcomes(
        steps=tuple(_step(step, rows) for step in Outcome if step >= Outcome.ACCEPTED),
        endings=tuple((str(end.label), ends[end]) for end in Ending),
        regions=_by_region(person, rows),
        evidence=tuple(
            said.exclude(evidence="")
            .select_related("locality", "suggestion__seeker", "suggestion__helper")
            .order_by("-answered_at", "-pk")[:50]
        ),
        unanswered=said.filter(answered_at__isnull=True).count(),
    )


Row = tuple[int | None, int, int, str]


def _step(step: Outcome, rows: Sequence[Row]) -> Step:
    reached = [row for row in rows if (row[0] or 0) >= step]
    places = {place for row in reached for place in row[1:3]}
    return Step(str(step.label), len(reached), len(places))


def _by_region(
    person: User, rows: Sequence[Row]
) -> tuple[tuple[str, int, int, int], ...]:
    names = Region.objects.coordinated_by(person).order_by("name")
    found = []
    for name in names.values_list("name", flat=True):
        reached = [row[0] or 0 for row in rows if row[3] == name]
        useful = sum(step >= Outcome.USEFUL for step in reached)
        applied = sum(step >= EVIDENCE_FROM for step in reached)
        found.append((name, len(reached), useful, applied))
    return tuple(found)


def figures_to_pass_on(found: Outcomes) -> list[tuple[str, str, str]]:
    """Rows for a report to others: the ladder of the whole, without small numbers.

    A step that fewer than three localities reached says so and gives no number, and
    every step above it says the same: they are at most as many.
    """
    few = _("fewer than %(few)d localities") % {"few": FEW}
    return [
        (step.label, str(step.introductions), str(step.localities))
        if step.localities >= FEW
        else (step.label, few, few)
        for step in found.steps
    ]
