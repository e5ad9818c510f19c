"""Take a table that was looked at: all of its rows, or none."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from localities.choices import OrganisationKind, Role
from localities.models import (
    ImportDraft,
    Locality,
    Membership,
    Organisation,
    Seat,
)
from localities.services.import_plans import (
    BROKEN,
    CHANGED,
    LONGEST_NAME,
    NEW,
    SAME,
    Here,
    Plan,
    locality_facts,
    organisation_of,
    plan,
    seats_that_change,
)
from localities.services.inviting import NotYours
from localities.services.tables import Row, rows_of
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.texts import one_line

KEPT = timedelta(days=1)


class Broken(Refused):
    """A file with a row that cannot be taken: none of it is."""


@transaction.atomic
def keep_draft(
    *, kind: str, content: bytes, name: str, by: User, now: datetime
) -> ImportDraft:
    """Keep the rows of a file for a day, to be looked at. Raises NotYours, NotATable."""
    _require_coordinator(by)
    ImportDraft.objects.filter(created_at__lt=now - KEPT).delete()
    ImportDraft.objects.filter(by=by).delete()
    return ImportDraft.objects.create(
        kind=kind, file_name=one_line(name)[:200], rows=rows_of(content, name), by=by
    )


@transaction.atomic
def take_draft(*, draft: ImportDraft, by: User, on: date) -> Plan:
    """Write all rows and forget the draft. Raises NotYours, Broken.

    The plan is made anew: what is here may have changed since it was looked at.
    """
    _require_coordinator(by)
    found = ImportDraft.objects.select_for_update().get(pk=draft.pk, by=by)
    rows: list[Row] = found.rows
    here = Here()
    made = plan(kind=found.kind, rows=rows, here=here)
    if not made.is_whole:
        raise Broken(
            _("Nothing was taken: rows that cannot be taken: %(count)d.")
            % {"count": made.count(BROKEN)}
        )
    wanted = [
        row
        for row, finding in zip(rows, made.findings, strict=True)
        if finding.state != SAME
    ]
    try:
        with transaction.atomic():
            TAKE[found.kind](wanted, here, on)
    except IntegrityError as problem:
        raise Broken(_("Nothing was taken: rows contradict each other.")) from problem
    counts = f"{found.file_name}: {made.count(NEW)} + {made.count(CHANGED)}"
    record(by, f"imported {found.kind}", found, counts)
    found.delete()
    return made


def _require_coordinator(by: User) -> None:
    if not Membership.objects.coordinating_network(by).exists():
        raise NotYours(_("Only coordinators of the whole network import."))


def _take_localities(rows: list[Row], here: Here, on: date) -> None:
    changes = [(row, seats_that_change(row, here)) for row in rows]
    facts = {row["slug"]: locality_facts(row, here) for row in rows}
    Locality.objects.bulk_create(
        [Locality(slug=slug, **said) for slug, said in facts.items()],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=[*next(iter(facts.values())), "updated_at"] if facts else None,
        batch_size=500,
    )
    places = {row.slug: row for row in Locality.objects.filter(slug__in=facts)}
    named = {
        (name, side.value) for _row, seats in changes for side, name in seats.items()
    }
    holders = _organisations(named, here)
    ended, taken = [], []
    for row, seats in changes:
        place = places[row["slug"]]
        for side, name in seats.items():
            if held := here.seats.get((place.pk, side.value)):
                held.until = max(on, held.since)
                ended.append(held)
            holder = holders[name.casefold(), side.value]
            taken.append(Seat(locality=place, side=side, organisation=holder, since=on))
    Seat.objects.bulk_update(ended, ["until"], batch_size=500)
    Seat.objects.bulk_create(taken, batch_size=500)


def _organisations(
    named: set[tuple[str, str]], here: Here
) -> dict[tuple[str, str], Organisation]:
    """By name and kind; those that are not here yet are made."""
    missing = {
        (name.casefold(), kind): name
        for name, kind in sorted(named)
        if here.organisation(name, kind) is None
    }
    made = Organisation.objects.bulk_create(
        [
            Organisation(name=name, kind=OrganisationKind(kind))
            for (_key, kind), name in missing.items()
        ],
        batch_size=500,
    )
    found = {(row.name.casefold(), str(row.kind)): row for row in made}
    for name, kind in named:
        known = here.organisation(name, kind)
        if known is not None:
            found[name.casefold(), kind] = known
    return found


def _take_organisations(rows: list[Row], here: Here, _on: date) -> None:
    _organisations(
        {(one_line(row["name"])[:LONGEST_NAME], row["kind"].lower()) for row in rows},
        here,
    )


def _take_persons(rows: list[Row], here: Here, on: date) -> None:
    new = {
        row["email"].lower(): row
        for row in rows
        if row["email"].lower() not in here.people
    }
    made = [
        User(
            email=email,
            name=one_line(row.get("name", ""))[:120],
            language=row.get("language") or "en",
        )
        for email, row in new.items()
    ]
    for person in made:
        person.set_unusable_password()
    people = here.people | {
        row.email: row for row in User.objects.bulk_create(made, batch_size=500)
    }
    Membership.objects.bulk_create(
        [
            Membership(
                person=people[row["email"].lower()],
                organisation=organisation_of(row, here),
                role=(row.get("role") or Role.MEMBER).lower(),
                since=on,
            )
            for row in rows
        ],
        batch_size=500,
    )


TAKE = {
    "localities": _take_localities,
    "organisations": _take_organisations,
    "persons": _take_persons,
}
