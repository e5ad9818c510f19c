"""Refresh what the answers of a wave add up to."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction

from localities.models import Region, Topic
from loci.core.locks import try_lock
from surveys.analysis import tables
from surveys.choices import WaveState
from surveys.models import Analysis, Statement, Wave

SHOWN_IN = (WaveState.CLOSED, WaveState.SHARED_BACK)


@transaction.atomic
def refresh_analysis(*, wave: Wave, now: datetime) -> Analysis | None:
    """Compute the wave's supply and demand; None while another process does.

    The same answers give the same result: doing it twice changes nothing. While a wave
    is open only coordinators' counts are made: what is shown to everybody begins at the
    close, for a table that moves answer by answer would give single answers away.
    """
    if not try_lock(f"analysis:{wave.pk}"):
        return None
    rows = spoken_rows(wave)
    topics = list(Topic.objects.order_by("code").values_list("code", flat=True))
    regions = list(Region.objects.order_by("code").values_list("code", flat=True))
    is_shown = wave.state in SHOWN_IN
    asked = json.dumps([[str(row) for row in rows], topics, regions, is_shown])
    input_hash = hashlib.sha256(asked.encode()).hexdigest()
    kept = Analysis.objects.filter(wave=wave).first()
    if kept and kept.input_hash == input_hash:
        return kept
    result = {
        "shown": tables.supply_demand(
            rows,
            topics=topics,
            regions=regions,
            earlier=kept.result["shown"] if kept else None,
            wave_before=_shown_before(wave),
        )
        if is_shown
        else None,
        "full": tables.supply_demand_for_coordinators(
            rows, topics=topics, regions=regions
        ),
    }
    analysis, _is_new = Analysis.objects.update_or_create(
        wave=wave,
        defaults={"input_hash": input_hash, "result": result, "computed_at": now},
    )
    return analysis


def _shown_before(wave: Wave) -> dict[str, Any] | None:
    """What was shown of the wave before, which a reader could compare with this one."""
    before = Analysis.objects.filter(
        wave__is_demo=wave.is_demo, wave__opens_at__lt=wave.opens_at
    ).order_by("-wave__opens_at", "-pk")
    newest = before.first()
    return newest.result["shown"] if newest else None


def spoken_rows(wave: Wave) -> list[tables.Spoken]:
    """The wave's open needs and offers as the analysis takes them, in a fixed order."""
    rows = (
        Statement.objects.spoken()
        .filter(wave=wave)
        .values_list(
            "locality_id", "topic__code", "locality__region__code", "side", "kind"
        )
    )
    return sorted(tables.Spoken(*row) for row in rows)


def waves_to_refresh() -> list[int]:
    """Waves that may have changed: those that take or have just taken answers."""
    states = [WaveState.OPEN, WaveState.CLOSED]
    return list(
        Wave.objects.filter(state__in=states)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def largest_unmet(*, wave: Wave, at_most: int) -> list[str]:
    """Codes of the topics with the most unmet needs, the largest first."""
    analysis = Analysis.objects.filter(wave=wave).first()
    if analysis is None:
        return []
    return list(tables.largest_unmet(analysis.result["full"], at_most))
