"""Open and close a wave."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from localities.choices import Side
from localities.models import Locality
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.jobs import Job, enqueue
from loci.core.states import move
from surveys.choices import WAVE_MOVES, WaveState
from surveys.models import Part, Wave


class LastWaveNotShared(Refused):
    """What was heard in the last wave has not been shared back yet."""


@transaction.atomic
def open_wave(*, wave: Wave, by: User | None) -> Wave:
    """Open a wave and give each side of each locality its part.

    Raises LastWaveNotShared unless the wave carries a written reason.
    """
    wave = Wave.objects.select_for_update().get(pk=wave.pk)
    waiting = Wave.objects.exclude(pk=wave.pk).filter(
        state__in=[WaveState.OPEN, WaveState.CLOSED], is_demo=wave.is_demo
    )
    if waiting.exists() and not wave.gate_override.strip():
        raise LastWaveNotShared(
            _(
                "The last wave has not been shared back. Share it back first, or write "
                "why not: everyone can read the reason."
            )
        )
    move(wave, to=WaveState.OPEN, moves=WAVE_MOVES)
    for locality in Locality.objects.filter(is_demo=wave.is_demo).order_by("slug"):
        give_parts(wave=wave, locality=locality)
    record(by, "opened", wave, wave.gate_override)
    enqueue(Job.REFRESH_ANALYSIS, wave_id=wave.pk)
    return wave


def give_parts(*, wave: Wave, locality: Locality) -> list[Part]:
    """Both sides' parts of a wave; an existing one is left as it is."""
    return [
        Part.objects.get_or_create(
            wave=wave,
            locality=locality,
            side=side,
            defaults={"reference": _reference(wave, locality, side)},
        )[0]
        for side in Side
    ]


def _reference(wave: Wave, locality: Locality, side: Side) -> str:
    letter = "G" if side == Side.GOVERNMENT else "C"
    short = locality.slug.replace("-", "")[:3].upper()
    plain = f"{short}-{wave.opens_at:%Y-%m}-{letter}"
    taken = Part.objects.filter(reference__startswith=plain).count()
    return f"{plain}{taken + 1}" if taken else plain


@transaction.atomic
def close_wave(*, wave: Wave, by: User, now: datetime) -> Wave:
    """Close a wave: its answers can be read and no longer changed."""
    wave = Wave.objects.select_for_update().get(pk=wave.pk)
    move(wave, to=WaveState.CLOSED, moves=WAVE_MOVES)
    Wave.objects.filter(pk=wave.pk, closes_at__gt=now).update(closes_at=now)
    record(by, "closed", wave)
    enqueue(Job.REFRESH_ANALYSIS, wave_id=wave.pk)
    enqueue(Job.FIND_THEMES, wave_id=wave.pk)
    return wave
