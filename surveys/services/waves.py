"""Open and close a wave."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from localities.models import Locality
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.jobs import Job, enqueue
from loci.core.states import WrongMove, move
from surveys.choices import WAVE_MOVES, StatementSide, WaveState
from surveys.models import Part, Section, Wave


class NotLater(Refused):
    """More time is later than the close, and has a reason."""


class NotReopened(Refused):
    """A wave that is not running, or has been shared back, takes no late answers."""


class LastWaveNotShared(Refused):
    """What was heard in the last wave has not been shared back yet."""


@transaction.atomic
def open_wave(*, wave: Wave, by: User | None) -> Wave:
    """Open a wave and give each side of each locality its part.

    Raises LastWaveNotShared unless the wave carries a written reason.
    """
    wave = Wave.objects.select_for_update().get(pk=wave.pk)
    if is_gate_shut(wave) and not wave.gate_override.strip():
        raise LastWaveNotShared(
            _(
                "The last wave has not been shared back. Share it back first, or write "
                "why not: everyone can read the reason."
            )
        )
    move(wave, to=WaveState.OPEN, moves=WAVE_MOVES)
    for locality in audience_of(wave).order_by("slug"):
        give_parts(wave=wave, locality=locality)
    record(by, "opened", wave, wave.gate_override)
    enqueue(Job.REFRESH_ANALYSIS, wave_id=wave.pk)
    return wave


@transaction.atomic
def open_and_tell(*, wave: Wave, by: User | None, now: datetime) -> Wave:
    """Open a wave and tell its people, each once, from its opening day on.

    Raises LastWaveNotShared.
    """
    wave = open_wave(wave=wave, by=by)
    wave.told_from = max(wave.opens_at, now)
    wave.save(update_fields=["told_from", "updated_at"])
    record(by, "announced", wave)
    enqueue(Job.REMIND)
    return wave


def is_gate_shut(wave: Wave) -> bool:
    """An earlier wave has not been shared back: this one needs a written reason."""
    waiting = Wave.objects.exclude(pk=wave.pk).filter(
        state__in=[WaveState.OPEN, WaveState.CLOSED], is_demo=wave.is_demo
    )
    return waiting.exists()


def audience_of(wave: Wave) -> QuerySet[Locality]:
    """Whom the wave asks: the regions and localities it names, else the whole network."""
    everyone = Locality.objects.filter(is_demo=wave.is_demo)
    regions, chosen = wave.regions.all(), wave.localities.all()
    if not (regions.exists() or chosen.exists()):
        return everyone
    return everyone.filter(Q(region__in=regions) | Q(pk__in=chosen.values("pk")))


def give_parts(*, wave: Wave, locality: Locality) -> list[Part]:
    """The parts that a wave asks of a pair; an existing one is left as it is.

    A side that no page of the survey asks has no part.
    """
    return [
        Part.objects.get_or_create(
            wave=wave,
            locality=locality,
            side=side,
            defaults={"reference": _reference(wave, locality, side)},
        )[0]
        for side in sides_asked(wave)
    ]


def sides_asked(wave: Wave) -> list[StatementSide]:
    """The sides that a page of its survey asks, both together last."""
    sections = Section.objects.filter(survey=wave.survey_id)
    asked = {
        side for sides in sections.values_list("sides", flat=True) for side in sides
    }
    return [side for side in StatementSide if side in asked]


def _reference(wave: Wave, locality: Locality, side: StatementSide) -> str:
    letter = {StatementSide.GOVERNMENT: "G", StatementSide.CIVIL_SOCIETY: "C"}.get(
        side, "J"
    )
    short = locality.slug.replace("-", "")[:3].upper()
    plain = f"{short}-{wave.opens_at:%Y-%m}-{letter}"
    taken = Part.objects.filter(reference__startswith=plain).count()
    return f"{plain}{taken + 1}" if taken else plain


@transaction.atomic
def close_wave(*, wave: Wave, by: User | None, now: datetime) -> Wave:
    """Close a wave: its answers can be read and no longer changed."""
    wave = Wave.objects.select_for_update().get(pk=wave.pk)
    move(wave, to=WaveState.CLOSED, moves=WAVE_MOVES)
    Wave.objects.filter(pk=wave.pk, closes_at__gt=now).update(closes_at=now)
    record(by, "closed", wave)
    enqueue(Job.REFRESH_ANALYSIS, wave_id=wave.pk)
    enqueue(Job.FIND_THEMES, wave_id=wave.pk)
    return wave


def close_due_waves(*, now: datetime) -> int:
    """Close each open wave whose day has come; returns how many."""
    due = Wave.objects.filter(state=WaveState.OPEN, closes_at__lte=now).order_by("pk")
    closed = 0
    for wave in due:
        try:
            close_wave(wave=wave, by=None, now=now)
        except WrongMove:  # another sweep was first
            continue
        closed += 1
    return closed


@transaction.atomic
def extend(
    *,
    wave: Wave,
    locality: Locality,
    until: datetime,
    why: str,
    by: User,
    now: datetime,
) -> list[Part]:
    """Give one pair more time than the others. Raises NotLater, NotReopened."""
    if until <= max(wave.closes_at, now):
        raise NotLater(_("More time ends after the close and in the future."))
    if not why.strip():
        raise NotLater(_("Write why: the pair reads it in the history."))
    if wave.state not in {WaveState.OPEN, WaveState.CLOSED}:
        raise NotReopened(_("This wave is not open, or has been shared back."))
    parts = list(
        Part.objects.select_for_update()
        .filter(wave=wave, locality=locality)
        .order_by("pk")
    )
    for part in parts:
        part.extended_until = until
        part.save(update_fields=["extended_until", "updated_at"])
        record(by, "extended", part, f"{date_format(until, 'c')} {why.strip()}")
    return parts
