"""Refresh what the answers of a wave add up to."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from localities.models import Region, Topic
from loci.core.locks import try_lock
from surveys.analysis import differences, tables
from surveys.analysis.response import middle, response, who_answered
from surveys.choices import SHOWN_IN, WaveState
from surveys.models import Analysis, Wave
from surveys.services.counting import acted_values, asked_rows, spoken_rows

SHAPE = "3"  # of what is kept: another one is computed anew


@transaction.atomic
def refresh_analysis(*, wave: Wave, now: datetime) -> Analysis | None:
    """Compute the wave's supply and demand; None while another process does.

    The same answers give the same result: doing it twice changes nothing. While a wave
    is open only coordinators' counts are made: what is shown to everybody begins at the
    close, for a table that moves answer by answer would give single answers away.
    """
    if not try_lock(f"analysis:{wave.pk}"):
        return None
    rows, asked, acted = spoken_rows(wave), asked_rows(wave), acted_values(wave)
    topics, regions = _listed()
    is_shown = wave.state in SHOWN_IN
    parts = [SHAPE, *map(str, rows), *map(str, asked), str((acted, topics, regions))]
    input_hash = hashlib.sha256(json.dumps([*parts, is_shown]).encode()).hexdigest()
    kept = Analysis.objects.filter(wave=wave).first()
    if kept and kept.input_hash == input_hash:
        return kept
    result: dict[str, Any] = {"shown": None}
    if is_shown:
        shown = tables.supply_demand(
            rows,
            topics=topics,
            regions=regions,
            answered=who_answered(asked, regions=regions),
            earlier=kept.result["shown"] if kept else None,
            wave_before=_shown_before(wave),
        )
        result = {
            "shown": shown,
            "differences": {
                kind: differences.of_the_network(shown, kind) for kind in tables.KINDS
            },
            "response": response(asked, regions=regions),
            "acted": middle(acted),
        }
    result["shape"] = SHAPE
    result["themes"] = kept.result.get("themes") if kept else None
    result["full"] = tables.supply_demand_for_coordinators(
        rows, topics=topics, regions=regions
    )
    analysis, _is_new = Analysis.objects.update_or_create(
        wave=wave,
        defaults={"input_hash": input_hash, "result": result, "computed_at": now},
    )
    return analysis


def _listed() -> tuple[list[str], list[str]]:
    """What can be counted at all: topics, regions."""
    topics, regions = Topic.objects.order_by("code"), Region.objects.order_by("code")
    return (
        list(topics.values_list("code", flat=True)),
        list(regions.values_list("code", flat=True)),
    )


def _shown_before(wave: Wave) -> dict[str, Any] | None:
    """What was shown of the wave before, which a reader could compare with this one."""
    before = Analysis.objects.filter(
        wave__is_demo=wave.is_demo, wave__opens_at__lt=wave.opens_at
    ).order_by("-wave__opens_at", "-pk")
    newest = before.first()
    return newest.result["shown"] if newest else None


def waves_to_refresh() -> list[int]:
    """Waves that may have changed, and those that an older version has counted."""
    may_change = Q(state__in=[WaveState.OPEN, WaveState.CLOSED])
    older = Q(state__in=SHOWN_IN) & ~Q(analysis__result__shape=SHAPE)
    waves = Wave.objects.filter(may_change | older)
    return list(waves.order_by("pk").values_list("pk", flat=True))


def largest_unmet(*, wave: Wave, at_most: int) -> list[str]:
    """Codes of the topics with the most unmet needs, the largest first."""
    analysis = Analysis.objects.filter(wave=wave).first()
    if analysis is None:
        return []
    return list(tables.largest_unmet(analysis.result["full"], at_most))
