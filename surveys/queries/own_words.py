"""What became of a person's own words in the results of a wave."""

from dataclasses import dataclass

from localities.models import Seat
from loci.accounts.models import User
from surveys.models import Statement
from surveys.queries.results import Cell, Results


@dataclass(frozen=True)
class OwnLine:
    """A topic on which this person's side has spoken, and how many others have."""

    topic: str
    needs: Cell
    offers: Cell
    is_need: bool


def own_lines(person: User, results: Results) -> tuple[OwnLine, ...]:
    """The topics that this person's side of each locality named, needs first."""
    localities = Seat.objects.held_by(person).values("locality")
    named = (
        Statement.objects.spoken()
        .visible_to(person)
        .filter(wave=results.wave, locality__in=localities)
        .order_by("kind", "topic__code")
        .values_list("topic__code", "kind")
        .distinct()
    )
    rows = {row.code: row for row in results.rows}
    return tuple(
        OwnLine(rows[code].topic, rows[code].needs, rows[code].offers, kind == "need")
        for code, kind in named
        if code in rows
    )
