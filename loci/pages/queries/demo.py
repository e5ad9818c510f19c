"""Who one can enter as in the demonstration."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from localities.choices import Role, Side
from localities.models import Membership
from loci.accounts.models import User


@dataclass(frozen=True)
class DemoPerson:
    person: User
    what_they_do: str


@dataclass(frozen=True)
class DemoGroup:
    """People who can be entered as, under one heading."""

    title: str
    people: tuple[DemoPerson, ...]


FIRST_PAIRS = ("kutaisi", "makueni")


def demo_groups() -> list[DemoGroup]:
    """Two pairs and the coordinators first; then every other side."""
    words = {
        Role.COORDINATOR: _("Runs waves, reviews suggestions, keeps promises"),
        Role.MEMBER: _("Answers for one side of a pair"),
        Role.EXPERT: _("Helps where no peer fits"),
        Role.READER: _("Reads a report before it is published"),
    }
    rows = (
        Membership.objects.current()
        .filter(person__is_demo=True)
        .select_related("person")
        .prefetch_related("organisation__seats__locality")
        .order_by("person__name", "pk")
    )
    groups: dict[str, list[DemoPerson]] = {
        _("Coordinators"): [],
        _("Two pairs"): [],
        _("Expert and reader"): [],
        _("All other sides"): [],
    }
    names = list(groups)
    for row in sorted(rows, key=_place_and_side):
        slugs = {seat.locality.slug for seat in row.organisation.seats.all()}
        place = names[3]
        if row.role == Role.COORDINATOR:
            place = names[0]
        elif row.role != Role.MEMBER:
            place = names[2]
        elif slugs & set(FIRST_PAIRS):
            place = names[1]
        groups[place].append(DemoPerson(row.person, words[Role(row.role)]))
    return [DemoGroup(title, tuple(people)) for title, people in groups.items()]


def _place_and_side(row: Membership) -> tuple[str, bool]:
    """Pairs together, the government first."""
    seats = row.organisation.seats.all()
    return min(
        ((s.locality.name, s.side != Side.GOVERNMENT) for s in seats),
        default=("", False),
    )
