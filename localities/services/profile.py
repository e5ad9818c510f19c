"""A side keeps its profile: says, changes, takes away, confirms that it is still true."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from localities.choices import (
    SAID_BY_PEOPLE,
    Audience,
    FactKind,
    MilestoneKind,
    Phase,
    Side,
)
from localities.models import (
    Fact,
    FactQuerySet,
    FactVersion,
    Locality,
    Milestone,
    Region,
    Seat,
)
from localities.services.inviting import NotYours, require_speaker
from localities.services.publishing import forget_agreement
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.texts import clean_text


class ChangedMeanwhile(Refused):
    """Somebody has changed the line since this person opened it."""


class SaysNothing(Refused):
    """A line without a word."""


@dataclass(frozen=True)
class Said:
    """The words of a line; what opens behind its link, as its side states it.

    Nothing that somebody typed is fetched from here.
    """

    text: str
    visibility: Audience = Audience.PUBLIC
    sources: list[str] = field(default_factory=list)
    language: str = "en"
    link: str = ""
    file_kind: str = ""
    kilobytes: int | None = None


@transaction.atomic
def say_fact(
    *, seat: Seat, kind: FactKind, said: Said, by: User, now: datetime
) -> Fact:
    """Add a line to one's own side's half. Raises NotYours, SaysNothing.

    The same line again, as by a second press, is the one that stands.
    """
    require_speaker(seat, by)
    Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    words = clean_text(said.text).strip()
    own = Fact.objects.standing().filter(locality=seat.locality, side=seat.side, by=by)
    again = own.filter(kind=kind, text=words, visibility=said.visibility).first()
    if again is not None:
        return again
    fact = Fact(
        locality=seat.locality,
        side=seat.side,
        kind=kind,
        checked_on=now.date(),
        version=0,
    )
    return keep_line(fact, said, by, now)


@transaction.atomic
def change_fact(
    *, fact: Fact, said: Said, version: int, by: User, now: datetime
) -> Fact:
    """Say it anew; the words before stay in its history.

    `version` is the one that the person read. Raises NotYours, ChangedMeanwhile.
    """
    found = _own(fact, by)
    if found.version != version:
        if _says(found, said):  # as by a second press
            return found
        raise ChangedMeanwhile(_("Somebody changed this line meanwhile."))
    found.checked_on = now.date()
    return keep_line(found, said, by, now)


@transaction.atomic
def remove_fact(*, fact: Fact, by: User, now: datetime) -> Fact:
    """Take a line away from the page; its history stays with the pair. Raises NotYours."""
    found = _own(fact, by)
    if found.removed_at is None:
        found.removed_at, found.by = now, by
        found.version += 1
        found.save(update_fields=["removed_at", "by", "version", "updated_at"])
        note_version(found, by, now)
        record(by, "took away", found)
    return found


@transaction.atomic
def confirm_facts(*, facts: FactQuerySet, by: User, on: date) -> int:
    """Say that these lines of one's own side are still true; returns how many."""
    rows = list(
        Fact.objects.standing()
        .filter(pk__in=facts.values("pk"))
        .editable_by(by)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    for row in rows:
        row.checked_on = on
        row.save(update_fields=["checked_on", "updated_at"])
        record(by, "confirmed", row)
    return len(rows)


@transaction.atomic
def change_phase(*, locality: Locality, phase: Phase, by: User, on: date) -> Locality:
    """Move a locality to another phase and put it on its timeline. Raises NotYours.

    Either side may say so, and who coordinates its region.
    """
    place = Locality.objects.select_for_update().get(pk=locality.pk)
    speaks = Seat.objects.held_by(by).filter(locality=place).exists()
    regions = Region.objects.coordinated_by(by).filter(pk=place.region_id)
    if not speaks and not regions.exists():
        raise NotYours(_("You do not speak for this locality."))
    if place.phase != phase:
        place.phase = phase
        place.save(update_fields=["phase", "updated_at"])
        Milestone.objects.create(
            locality=place, kind=MilestoneKind.PHASE, phase=phase, on=on, by=by
        )
        record(by, "changed the phase", place, phase)
    return place


@transaction.atomic
def note_milestone(
    *, seat: Seat, kind: MilestoneKind, text: str, on: date, by: User, link: str = ""
) -> Milestone:
    """Add a line to the timeline, as one side. Raises NotYours, SaysNothing."""
    require_speaker(seat, by)
    if kind not in SAID_BY_PEOPLE:
        raise NotYours(_("This kind of line comes by itself."))
    words = " ".join(clean_text(text).split())
    if not words:
        raise SaysNothing(_("Say it in one line."))
    Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    noted, is_new = Milestone.objects.get_or_create(
        locality=seat.locality, kind=kind, text=words, on=on, by=by, link=link
    )
    if is_new:  # pressed twice it is one line
        record(by, "noted", noted)
    return noted


def _own(fact: Fact, by: User) -> Fact:
    found = (
        Fact.objects.editable_by(by)
        .select_for_update(of=("self",))
        .filter(pk=fact.pk)
        .first()
    )
    if found is None:
        raise NotYours(_("This line belongs to the other side."))
    return found


def _says(fact: Fact, said: Said) -> bool:
    """Whether a line stands as it is said."""
    now = (fact.text, fact.sources, fact.visibility, fact.language, fact.link)
    words, sources = _cleaned(said)
    return now == (words, sources, said.visibility, said.language, said.link)


def _cleaned(said: Said) -> tuple[str, list[str]]:
    sources = [line for line in map(str.strip, said.sources) if line]
    return clean_text(said.text).strip(), sources


def keep_line(fact: Fact, said: Said, by: User | None, now: datetime) -> Fact:
    """Write a line with its next version. Raises SaysNothing."""
    fact.text, fact.sources = _cleaned(said)
    if not fact.text:
        raise SaysNothing(_("Say something, or take the line away."))
    fact.visibility, fact.language = said.visibility, said.language
    fact.link = said.link
    fact.file_kind = said.file_kind if said.link else ""
    fact.kilobytes = said.kilobytes if said.link else None
    fact.by, fact.removed_at = by, None
    fact.version += 1
    fact.save()
    note_version(fact, by, now)
    if not fact.locality.is_listed:
        for side in set(Side) - {fact.side}:  # they agreed to other words
            forget_agreement(fact.locality, Side(side), now)
    record(by, "said", fact)
    return fact


def note_version(fact: Fact, by: User | None, now: datetime) -> None:
    """Add the line as it stands to its history."""
    FactVersion.objects.create(
        fact=fact,
        version=fact.version,
        text=fact.text,
        sources=fact.sources,
        visibility=fact.visibility,
        is_removed=fact.removed_at is not None,
        by=by,
        at=now,
    )
