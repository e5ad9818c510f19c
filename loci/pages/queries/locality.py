"""A locality's page as its reader may see it."""

from dataclasses import dataclass
from datetime import date

from localities.models import Locality, Milestone, Seat
from localities.queries.profile import Half, Profile, profile_of, timeline_of
from localities.queries.team import names_of
from loci.accounts.models import User
from surveys.choices import StatementSide, StatementState
from surveys.models import Statement, StatementQuerySet


@dataclass(frozen=True)
class Voices:
    """Needs and offers in one state."""

    needs: tuple[Statement, ...]
    offers: tuple[Statement, ...]

    @property
    def are_there(self) -> bool:
        return bool(self.needs or self.offers)


@dataclass(frozen=True)
class Side:
    """One half of the pair: who sits there, who speaks, what it says of itself."""

    code: str
    organisation: str
    names: tuple[User, ...]
    half: Half


@dataclass(frozen=True)
class LocalityPage:
    """A locality as this reader may see it."""

    locality: Locality
    sides: tuple[Side, ...]
    profile: Profile
    open: Voices
    met: Voices
    withdrawn: Voices
    timeline: tuple[tuple[int, tuple[Milestone, ...]], ...]
    own_open: tuple[Statement, ...]
    is_own: bool
    can_ask: bool  # speaks for another locality

    @property
    def has_government(self) -> bool:
        return bool(self.sides[0].organisation)

    @property
    def has_civil_society(self) -> bool:
        return bool(self.sides[1].organisation)


def locality_page(locality: Locality, reader: User | None, today: date) -> LocalityPage:
    """The profile; a visitor reads only what is public.

    What was taken back is shown to the pair alone.
    """
    held = Seat.objects.held_by(reader) if reader else Seat.objects.none()
    seats = list(held.values_list("locality", "side"))
    own = {side for place, side in seats if place == locality.pk}
    statements = list(
        _readable(reader)
        .newest()
        .filter(locality=locality)
        .select_related("topic")
        .order_by("kind", "pk")
    )
    profile = profile_of(locality, reader, today)
    withdrawn = _in_state(
        [row for row in statements if row.position is not None],
        StatementState.WITHDRAWN,
    )
    return LocalityPage(
        locality=locality,
        sides=_sides(locality, reader, profile),
        profile=profile,
        open=_in_state(statements, StatementState.OPEN),
        met=_in_state(statements, StatementState.MET),
        withdrawn=withdrawn if own else Voices((), ()),
        timeline=timeline_of(locality, reader),
        own_open=tuple(
            row
            for row in statements
            if row.state == StatementState.OPEN
            and own
            and row.side in {*own, StatementSide.JOINT}
        ),
        is_own=bool(own),
        can_ask=bool(seats) and not own,
    )


def _sides(
    locality: Locality, reader: User | None, profile: Profile
) -> tuple[Side, ...]:
    seats = {
        seat.side: seat.organisation
        for seat in Seat.objects.current()
        .filter(locality=locality)
        .select_related("organisation")
    }
    names = names_of(locality, reader)
    return tuple(
        Side(
            half.side,
            seats[half.side].name if half.side in seats else "",
            tuple(names.get(seats[half.side].pk, ())) if half.side in seats else (),
            half,
        )
        for half in (profile.government, profile.civil_society)
    )


def _in_state(statements: list[Statement], state: StatementState) -> Voices:
    rows = [row for row in statements if row.state == state]
    return Voices(
        tuple(row for row in rows if row.is_need),
        tuple(row for row in rows if not row.is_need),
    )


def _readable(reader: User | None) -> StatementQuerySet:
    if reader is None:
        return Statement.objects.filter(visibility="public")
    return Statement.objects.visible_to(reader)
