"""What may be said of a theme in public: voices by consent, sizes that name nobody."""

from collections.abc import Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass

from surveys.analysis.blocks import Counts
from surveys.analysis.labels import Said
from surveys.analysis.suppression import Shown, suppress
from surveys.analysis.tables import SIDES, both_sides

VOICES = 3
FEWEST_LOCALITIES, FEWEST_PEOPLE = 3, 5


@dataclass(frozen=True)
class Quote:
    """Words without who or where."""

    id: str
    text: str
    language: str


def quotes(
    representatives: Sequence[str],
    said: Mapping[str, Said],
    *,
    approved: AbstractSet[str],
) -> tuple[Quote, ...]:
    """Of the representatives, those whose author and a coordinator both said yes.

    Consent is read here again: who withdrew since is quoted no more. Can be empty.
    """
    found = [
        said[name] for name in representatives if name in said and name in approved
    ]
    return tuple(
        Quote(each.id, each.text, each.language) for each in found if each.may_quote
    )[:VOICES]


def size(localities: int, people: int) -> Mapping[str, int | bool]:
    """A count of localities from 3 of them and 5 people on, else hidden; 0 is 0."""
    if localities == 0:
        return {"count": 0}
    if localities < FEWEST_LOCALITIES or people < FEWEST_PEOPLE:
        return {"hidden": True}
    return {"count": localities}


def spread(
    themes: Mapping[str, Sequence[Said]],
    regions: Sequence[str],
    *,
    threshold: int = 3,
    answered: Counts | None = None,
    earlier: Shown | None = None,
    wave_before: Shown | None = None,
) -> Shown:
    """Localities of each theme by region and side, small numbers hidden as in tables."""
    everyone = [text for said in themes.values() for text in said]
    return suppress(
        {(name, "theme"): _counts(said, regions) for name, said in themes.items()},
        everybody=_counts(everyone, regions),
        threshold=threshold,
        answered=answered,
        earlier=earlier,
        wave_before=wave_before,
    )


def _counts(said: Sequence[Said], regions: Sequence[str]) -> Counts:
    return Counts(
        total=len({text.unit for text in said}),
        by_region={
            region: len({text.unit for text in said if text.region == region})
            for region in sorted(regions)
        },
        by_side={
            side: len({text.unit for text in said if side in both_sides(text.side)})
            for side in SIDES
        },
    )
