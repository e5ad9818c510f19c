"""What is held about a person: shown, taken along, erased."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from localities.services.coordinating import somebody_coordinates
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.pages.services.forgetting import forget_in_words
from loci.pages.services.held import KINDS
from loci.pages.services.kinds import Kind
from loci.pages.services.readable import Chapter

Row = dict[str, Any]
OF_PERSON = (
    *("email", "name", "also_here", "title", "language", "works_in"),
    *("name_shown_to", "time_zone"),
)


class WrongAddress(Refused):
    """The address that was typed is not this person's."""


@dataclass(frozen=True)
class Held:
    """Rows of one kind."""

    kind: Kind
    rows: tuple[Row, ...]


def held_about(person: User) -> tuple[Held, ...]:
    """Every row that names this person, by kind; kinds without rows are left out."""
    kinds = {kind.code: kind for kind in KINDS}
    return tuple(
        Held(
            kinds[chapter.code], tuple(told(row, chapter.told) for row in chapter.rows)
        )
        for chapter in own_chapters(person)
    )


def own_chapters(person: User) -> tuple[Chapter, ...]:
    """The same rows, to be read; kinds without rows are left out."""
    found = []
    for kind in KINDS:
        named = kind.model._default_manager.filter(**{kind.column: person})
        for way in kind.not_for:
            entered = named.filter(**{way: person})
            named = named.exclude(pk__in=entered.values("pk"))
        if rows := tuple(named.order_by("pk")):
            found.append(Chapter(kind.code, kind.label, rows, kind.told))
    return tuple(found)


def own_data(person: User) -> Row:
    """All of it as plain values, for a file."""
    return {
        "person": {
            **told(person, OF_PERSON),
            "since": person.created_at.isoformat(),
        },
        **{held.kind.code: list(held.rows) for held in held_about(person)},
    }


def told(row: models.Model, names: tuple[str, ...]) -> Row:
    """These columns of a row as plain values, other rows by what they are called."""
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | dict | list):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@transaction.atomic
def erase(*, person: User, typed: str, now: datetime) -> None:
    """Forget a person: what they wrote stays without a name, everything else goes.

    Raises WrongAddress, LastCoordinator.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if typed.strip().lower() != person.email.lower():
        raise WrongAddress(_("This is not the address that you sign in with."))
    with somebody_coordinates():
        _end_sessions(person)
        forget_in_words(person)
        record(None, "erased", person, now.date().isoformat())
        person.delete()


def _end_sessions(person: User) -> None:
    """Those of the person, and those in which somebody has typed the address."""
    keys = [
        session.pk
        for session in Session.objects.iterator()
        if _is_of(session.get_decoded(), person)
    ]
    Session.objects.filter(pk__in=keys).delete()


def _is_of(session: Row, person: User) -> bool:
    is_theirs = session.get(SESSION_KEY) == str(person.pk)
    return is_theirs or person.email.lower() in str(session).lower()
