"""Lines from public sources: the network keeps them, sides doubt them or take them over."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext, gettext_lazy as _

from localities.choices import FactKind
from localities.models import Fact, FactDoubt, Locality, Region, Seat
from localities.services.inviting import NotYours, require_speaker
from localities.services.profile import (
    ChangedMeanwhile,
    Said,
    SaysNothing,
    keep_line,
    note_version,
)
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.texts import clean_text


class NoSource(Refused):
    """A line of public sources that names none."""


class DoubtedAlready(Refused):
    """This side has said so, and the coordinators have not answered yet."""


@transaction.atomic
def take_from_sources(
    *, locality: Locality, text: str, sources: list[str], by: User | None, now: datetime
) -> Fact:
    """Keep what public sources say; it belongs to neither side. Raises SaysNothing."""
    fact = Fact(
        locality=locality, kind=FactKind.KNOWN, checked_on=now.date(), version=0
    )
    return keep_line(fact, Said(text, sources=sources), by, now)


@transaction.atomic
def add_from_sources(
    *, locality: Locality, text: str, sources: list[str], by: User, now: datetime
) -> Fact:
    """The same by a coordinator of its region. Raises NotYours, NoSource, SaysNothing."""
    regions = Region.objects.coordinated_by(by)
    if not regions.filter(pk=locality.region_id).exists():
        raise NotYours(_("This locality is not in your regions."))
    _require_source(sources)
    return take_from_sources(
        locality=locality, text=text, sources=sources, by=by, now=now
    )


@transaction.atomic
def correct_from_sources(  # each is a field of the line
    *,
    fact: Fact,
    text: str,
    sources: list[str],
    checked_on: date,
    version: int,
    by: User,
    now: datetime,
) -> Fact:
    """Say it anew, or that it was checked; the words before stay in its history.

    Doubts that waited are answered by it. Raises NotYours, NoSource, ChangedMeanwhile,
    SaysNothing.
    """
    found = _kept_by(fact, by)
    if found.version != version:
        raise ChangedMeanwhile(_("Somebody changed this line meanwhile."))
    _require_source(sources)
    found.checked_on = min(checked_on, now.date())
    keep_line(found, Said(text, sources=sources, language=found.language), by, now)
    _settle(found, gettext("The line was changed."), by, now)
    return found


@transaction.atomic
def let_stand(*, fact: Fact, why: str, by: User, now: datetime) -> int:
    """Answer the doubts about a line and leave it; returns how many.

    Raises NotYours, SaysNothing.
    """
    words = clean_text(why).strip()
    if not words:
        raise SaysNothing(_("Say why it stands."))
    return _settle(_kept_by(fact, by), words, by, now)


@transaction.atomic
def drop_from_sources(*, fact: Fact, by: User, now: datetime) -> Fact:
    """Take it off the page; its history stays. Twice is once. Raises NotYours."""
    found = _kept_by(fact, by)
    if found.removed_at is None:
        _settle(found, gettext("The line was taken away."), by, now)
        _remove(found, by, now)
        record(by, "took away", found)
    return found


@transaction.atomic
def doubt(*, fact: Fact, seat: Seat, words: str, by: User) -> FactDoubt:
    """Say that it is wrong, as one side of the locality.

    Raises NotYours, SaysNothing, DoubtedAlready.
    """
    found = _about_own_place(fact, seat, by)
    said = clean_text(words).strip()
    if not said:
        raise SaysNothing(_("Say what is wrong with it."))
    try:
        with transaction.atomic():
            made = FactDoubt.objects.create(
                fact=found, side=seat.side, words=said, by=by
            )
    except IntegrityError as problem:
        raise DoubtedAlready(
            _("Your side has said so. The coordinators have it.")
        ) from problem
    record(by, "doubted", found)
    return made


@transaction.atomic
def take_over(
    *, fact: Fact, seat: Seat, kind: FactKind, by: User, now: datetime
) -> Fact:
    """Make it a line of one's own half, with its sources; the public line goes.

    Raises NotYours.
    """
    found = _about_own_place(fact, seat, by)
    if kind not in FactKind.said_by_sides():
        raise NotYours(_("This kind of line comes from public sources."))
    own = Fact(
        locality_id=seat.locality_id,
        side=seat.side,
        kind=kind,
        checked_on=now.date(),
        version=0,
    )
    said = Said(found.text, sources=list(found.sources), language=found.language)
    keep_line(own, said, by, now)
    _settle(found, gettext("A side took the line over."), by, now)
    _remove(found, by, now)
    record(by, "took over", found)
    return own


def _require_source(sources: list[str]) -> None:
    if not any(line.strip() for line in sources):
        raise NoSource(_("Name at least one public source."))


def _kept_by(fact: Fact, by: User) -> Fact:
    rows = Fact.objects.coordinated_by(by).select_for_update(of=("self",))
    found = rows.select_related("locality").filter(pk=fact.pk).first()
    if found is None:
        raise NotYours(_("This line is not kept by your regions."))
    return found


def _about_own_place(fact: Fact, seat: Seat, by: User) -> Fact:
    require_speaker(seat, by)
    rows = Fact.objects.standing().of_public_sources().select_for_update(of=("self",))
    found = rows.filter(pk=fact.pk, locality=seat.locality_id).first()
    if found is None:
        raise NotYours(
            _("This line is not there any more, or not about your locality.")
        )
    return found


def _remove(fact: Fact, by: User, now: datetime) -> None:
    fact.removed_at, fact.by = now, by
    fact.version += 1
    fact.save(update_fields=["removed_at", "by", "version", "updated_at"])
    note_version(fact, by, now)


def _settle(fact: Fact, outcome: str, by: User, now: datetime) -> int:
    waiting = fact.doubts.filter(settled_at__isnull=True)
    return waiting.update(
        outcome=outcome, settled_by=by, settled_at=now, updated_at=now
    )
