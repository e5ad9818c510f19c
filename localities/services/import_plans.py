"""What a table of localities, organisations or persons would do; nothing is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _, override

from localities.choices import Level, OrganisationKind, Phase, Role, Side
from localities.models import Locality, Membership, Organisation, Region, Seat
from localities.services.locality_files import BrokenFile, checked_localities
from localities.services.tables import Row
from loci.accounts.models import User
from loci.core.texts import one_line

NEW, CHANGED, SAME, BROKEN = "new", "changed", "same", "broken"
LONGEST_NAME = 200


@dataclass(frozen=True)
class Finding:
    """What one row would do. `number` is its line, the first line being 1."""

    number: int
    name: str
    state: str
    words: str = ""


@dataclass(frozen=True)
class Plan:
    """What the whole file would do; `unread` are columns that nobody knows."""

    kind: str
    findings: tuple[Finding, ...]
    unread: tuple[str, ...] = ()

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.findings)

    @property
    def is_whole(self) -> bool:
        return not self.count(BROKEN)


class Here:
    """All that rows are compared with, read once."""

    def __init__(self) -> None:
        self.regions = {row.code: row for row in Region.objects.all()}
        self.places = {row.slug: row for row in Locality.objects.all()}
        seats = Seat.objects.current().select_related("organisation")
        self.seats = {(row.locality_id, row.side): row for row in seats}
        self.organisations: dict[str, list[Organisation]] = {}
        for row in Organisation.objects.order_by("pk"):
            self.organisations.setdefault(row.name.casefold(), []).append(row)
        self.people = {row.email: row for row in User.objects.all()}
        self.places_taken = set(
            Membership.objects.current().values_list("person", "organisation", "role")
        )

    def organisation(self, name: str, kind: str) -> Organisation | None:
        same = self.organisations.get(name.casefold(), [])
        return next((row for row in same if row.kind == kind), None)


def plan(*, kind: str, rows: list[Row], here: Here | None = None) -> Plan:
    """Compare every row with what is here."""
    shape, here = SHAPES[kind], here or Here()
    findings: list[Finding] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        name, state, words = _compared(shape, row, here)
        key = f"{name}|{row.get('organisation', '')}".casefold()
        first = seen.setdefault(key, number)
        if first != number and state != BROKEN:
            words = _("stands in row %(number)d already") % {"number": first}
            state = BROKEN
        findings.append(Finding(number, name, state, words))
    return Plan(kind, tuple(findings), _unread(shape, rows))


def _unread(shape: "Shape", rows: list[Row]) -> tuple[str, ...]:
    """Columns of the file that this kind of table does not have, as they stand there."""
    known = {*shape.needed, *shape.optional}
    return tuple(
        dict.fromkeys(name for row in rows for name in row if name not in known)
    )


Compared = tuple[str, str, str]


def _compared(shape: "Shape", row: Row, here: Here) -> Compared:
    missing = [name for name in shape.needed if not row.get(name)]
    name = next((row[key] for key in shape.needed if row.get(key)), "?")[:80]
    if missing:
        return name, BROKEN, _("without %(names)s") % {"names": ", ".join(missing)}
    try:
        state, words = shape.compare(row, here)
    except ValueError as problem:
        return name, BROKEN, str(problem)
    return name, state, words


def locality_facts(row: Row, here: Here) -> dict[str, Any]:
    """The columns of a locality as values. Raises ValueError in words."""
    facts: dict[str, Any] = {
        "slug": row["slug"],
        "name": one_line(row["name"])[:160],
        "level": _code(row["level"], Level.choices),
        "country": one_line(row["country"])[:80],
        "iso": row["iso"].upper(),
        "region": _code(
            row["region"], [(r.code, r.name) for r in here.regions.values()]
        ),
        "languages": row["languages"].replace(";", " ").replace(",", " ").split(),
        "phase": _code(row["phase"], Phase.choices),
        "population": _people(row.get("population", "")),
        "government": row.get("government") or "—",
    }
    try:
        checked_localities([facts], regions=set(here.regions))
    except BrokenFile as problem:
        words = problem.problems[0].partition("): ")[2]
        raise ValueError(words or problem.problems[0]) from problem
    return {
        **{name: facts[name] for name in ("name", "level", "country", "phase")},
        "country_code": facts["iso"],
        "region": here.regions[facts["region"]],
        "languages": facts["languages"],
        "population": facts["population"],
        "population_source": row.get("population_note", "")[:200],
        "latitude": _degrees(row.get("latitude", ""), 90),
        "longitude": _degrees(row.get("longitude", ""), 180),
    }


def _code(text: str, choices: Sequence[tuple[str, Any]]) -> str:
    """What a word stands for: a code itself, or its name here or in English."""
    wanted = one_line(text).casefold()
    named = {str(name).casefold(): code for code, name in choices}
    with override("en"):
        named |= {str(name).casefold(): code for code, name in choices}
    return named.get(wanted, wanted)


def _people(text: str) -> int | None:
    digits = "".join(text.split()).replace(",", "").replace(".", "")
    if not digits:
        return None
    if not digits.isdecimal() or len(digits) > 9:  # noqa: PLR2004
        raise ValueError(_("%(text)r is not a number of people") % {"text": text})
    return int(digits)


def _degrees(text: str, most: int) -> Decimal | None:
    if not text:
        return None
    try:
        found = Decimal(text.replace(",", ".")).quantize(Decimal("0.01"))
    except InvalidOperation as problem:
        raise ValueError(_("%(text)r are not degrees") % {"text": text}) from problem
    if abs(found) > most:
        raise ValueError(_("%(text)r are not degrees") % {"text": text})
    return found


def seats_that_change(row: Row, here: Here) -> dict[Side, str]:
    """The organisation that a row names for a side, where another or none sits now."""
    known = here.places.get(row["slug"])
    found = {}
    for side in Side:
        name = one_line(row.get(side.value, ""))[:LONGEST_NAME]
        held = here.seats.get((known.pk, side.value)) if known else None
        if name and (not held or held.organisation.name.casefold() != name.casefold()):
            found[side] = name
    return found


def _compare_locality(row: Row, here: Here) -> tuple[str, str]:
    facts = locality_facts(row, here)
    seats = seats_that_change(row, here)
    names = [name.casefold() for name in seats.values()]
    if len(names) == len(Side) and len(set(names)) == 1:
        raise ValueError(_("one organisation cannot sit on both sides"))
    known = here.places.get(row["slug"])
    if known is None:
        return NEW, ""
    words = [
        f"{column}: {getattr(known, column)} → {value}"
        for column, value in facts.items()
        if getattr(known, column) != value
    ]
    words += [f"{side.label} → {name}" for side, name in seats.items()]
    return (CHANGED, "; ".join(words)[:500]) if words else (SAME, "")


def _compare_organisation(row: Row, here: Here) -> tuple[str, str]:
    kind = row["kind"].lower()
    if kind not in OrganisationKind.values:
        raise ValueError(_no("kind", row["kind"], OrganisationKind.values))
    known = here.organisation(one_line(row["name"])[:LONGEST_NAME], kind)
    return (SAME if known else NEW), ""


def _compare_person(row: Row, here: Here) -> tuple[str, str]:
    email, role = row["email"].lower(), (row.get("role") or Role.MEMBER).lower()
    try:
        validate_email(email)
    except ValidationError as problem:
        words = _("%(text)r is not an e-mail address") % {"text": row["email"]}
        raise ValueError(words) from problem
    if role not in Role.values:
        raise ValueError(_no("role", role, Role.values))
    if row.get("language") and row["language"] not in dict(settings.LANGUAGES):
        known = list(dict(settings.LANGUAGES))
        raise ValueError(_no("language", row["language"], known))
    organisation = organisation_of(row, here)
    person = here.people.get(email)
    if person is None:
        return NEW, ""
    if (person.pk, organisation.pk, role) in here.places_taken:
        return SAME, ""
    return CHANGED, f"+ {organisation.name}"


def organisation_of(row: Row, here: Here) -> Organisation:
    """The one organisation that a row of persons names. Raises ValueError."""
    same = here.organisations.get(one_line(row["organisation"]).casefold(), [])
    if len(same) != 1:
        words = _("no organisation, or more than one, is called %(name)r")
        raise ValueError(words % {"name": row["organisation"]})
    return same[0]


def _no(what: str, given: str, known: list[str]) -> str:
    words = _("no %(what)s is called %(given)r; there are: %(known)s")
    return words % {"what": what, "given": given, "known": ", ".join(known)}


@dataclass(frozen=True)
class Shape:
    """The columns of one kind of table, and how a row of it compares."""

    needed: tuple[str, ...]
    optional: tuple[str, ...]
    compare: Callable[[Row, Here], tuple[str, str]]


SHAPES = {
    "localities": Shape(
        ("slug", "name", "level", "country", "iso", "region", "languages", "phase"),
        (
            "population",
            "population_note",
            "latitude",
            "longitude",
            "government",
            "civil_society",
        ),
        _compare_locality,
    ),
    "organisations": Shape(("name", "kind"), (), _compare_organisation),
    "persons": Shape(
        ("email", "organisation"), ("name", "role", "language"), _compare_person
    ),
}
