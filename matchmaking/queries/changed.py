"""Who has said something new since the last round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from localities.models import Locality
from matchmaking.choices import RoundState
from matchmaking.models import Round
from surveys.choices import StatementKind
from surveys.models import Statement, Wave


def changed_since(wave: Wave) -> list[Locality]:
    """Localities that have said something new which no round of the wave has read.

    By name; none while no whole round has been computed.
    """
    new = changed_in([wave])[wave.pk]
    return list(Locality.objects.filter(pk__in=new).order_by("name", "pk"))


def changed_in(waves: Sequence[Wave]) -> dict[int, list[int]]:
    """The same for each of these waves, as keys of localities."""
    read = _read_until(waves)
    said = _said_since(min((until.whole for until in read.values()), default=None))
    return {
        wave.pk: [
            place
            for place, is_demo, at in said
            if wave.pk in read
            and is_demo == wave.is_demo
            and at > read[wave.pk].of(place)
        ]
        for wave in waves
    }


@dataclass(frozen=True)
class _Read:
    """Until when a wave's rounds have read: all of it, and some localities later."""

    whole: datetime
    later: dict[int, datetime]

    def of(self, place: int) -> datetime:
        return self.later.get(place, self.whole)


def _read_until(waves: Sequence[Wave]) -> dict[int, _Read]:
    rounds = Round.objects.filter(
        wave__in=waves, state=RoundState.READY, is_trial=False, undone_at__isnull=True
    )
    read: dict[int, _Read] = {}
    for row in rounds.exclude(computed_at=None).order_by("computed_at", "pk"):
        at = row.computed_at
        if at is not None and not row.only:
            read[row.wave_id] = _Read(at, {})
        elif at is not None and row.wave_id in read:
            read[row.wave_id].later.update(dict.fromkeys(row.only, at))
    return read


def _said_since(moment: datetime | None) -> list[tuple[int, bool, datetime]]:
    """Localities whose needs are newer, with whether they are the demonstration's."""
    if moment is None:
        return []
    needs = Statement.objects.for_introductions().filter(
        kind=StatementKind.NEED, updated_at__gt=moment
    )
    return list(
        needs.values_list("locality", "wave__is_demo")
        .annotate(at=Max("updated_at"))
        .order_by("locality")
    )
