"""Show the named themes of a wave to the network, with the counts that may be read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from localities.models import Region
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from surveys.analysis.blocks import ShownRow
from surveys.analysis.labels import Said
from surveys.analysis.quotes import size, spread
from surveys.analysis.response import who_answered
from surveys.analysis.suppression import Shown
from surveys.analysis.tables import both_sides
from surveys.choices import SHOWN_IN, ThemeMove
from surveys.models import Analysis, Theme, ThemeText, Wave
from surveys.services.counting import asked_rows
from surveys.services.finding_themes import theme_wave_before
from surveys.services.theme_texts import texts_of

Told = dict[str, Any]
KIND = "theme"


class NothingNamed(Refused):
    """Themes are shown once somebody has named one and the wave has been counted."""


@transaction.atomic
def show_themes(*, wave: Wave, by: User, now: datetime) -> Analysis:
    """Publish the named themes; what was shown before is protected against this.

    Raises NothingNamed.
    """
    wave = Wave.objects.select_for_update().get(pk=wave.pk)
    themes = list(Theme.objects.named().filter(wave=wave).order_by("name", "pk"))
    analysis = Analysis.objects.select_for_update().filter(wave=wave).first()
    if not themes or analysis is None or wave.state not in SHOWN_IN:
        raise NothingNamed(_("Name at least one theme of a closed wave first."))
    earlier = _told_before(wave)
    kept = analysis.result.get("themes")
    analysis.result["themes"] = _told(wave, themes, kept, earlier) | {
        "gone": _gone(themes, earlier),
        "shown_at": now.isoformat(),
    }
    analysis.save(update_fields=["result"])
    record(by, "showed the themes of", wave)
    return analysis


def _said_in(wave: Wave, themes: Sequence[Theme]) -> dict[int, list[Said]]:
    about = {text.key: text.about for text in texts_of(wave)}
    said: dict[int, list[Said]] = {theme.pk: [] for theme in themes}
    rows = ThemeText.objects.filter(theme__in=themes).order_by("pk")
    for theme, statement, answer in rows.values_list("theme", "statement", "answer"):
        text = about.get(f"S{statement}" if statement else f"A{answer}")
        if text is not None and theme in said:
            said[theme].append(text)
    return said


def _told(
    wave: Wave, themes: Sequence[Theme], kept: Told | None, earlier: Told | None
) -> Told:
    """Rows as anybody may see them, the largest first."""
    said = _said_in(wave, themes)
    regions = list(Region.objects.order_by("code").values_list("code", flat=True))
    names = {theme.pk: theme.pk for theme in themes}
    goes_on = {theme.before_id: theme.pk for theme in themes if theme.before_id}
    shown = spread(
        {str(theme.pk): said[theme.pk] for theme in themes},
        regions,
        answered=who_answered(asked_rows(wave), regions=regions),
        earlier=_shown(kept, names),
        wave_before=_shown(earlier, goes_on),
    )
    rows = [
        _row(theme, shown.rows[str(theme.pk), KIND], said[theme.pk], earlier)
        for theme in themes
    ]
    return {"units": shown.units, "rows": sorted(rows, key=_largest_first)}


def _row(
    theme: Theme, shown: ShownRow, said: Sequence[Said], earlier: Told | None
) -> Told:
    voices = {(text.unit, side) for text in said for side in both_sides(text.side)}
    if "hidden" in size(len({text.unit for text in said}), len(voices)):
        shown = ShownRow(
            None, dict.fromkeys(shown.by_region), dict.fromkeys(shown.by_side)
        )
    return {
        "theme": theme.pk,
        "name": theme.name,
        "total": shown.total,
        "by_region": dict(shown.by_region),
        "by_side": dict(shown.by_side),
        "move": _move(theme, shown.total, earlier),
    }


def _move(theme: Theme, total: int | None, earlier: Told | None) -> str:
    if earlier is None:
        return ""
    before = {row["theme"]: row["total"] for row in earlier["rows"]}
    if theme.before_id not in before:
        return ThemeMove.NEW
    old = before[theme.before_id]
    if old is None or total is None:
        return ""
    if old == total:
        return ThemeMove.AS_BEFORE
    return ThemeMove.GROWN if total > old else ThemeMove.SMALLER


def _gone(themes: Sequence[Theme], earlier: Told | None) -> list[str]:
    """Names shown last time that no theme of this wave goes on with."""
    here = {theme.before_id for theme in themes}
    rows = earlier["rows"] if earlier else []
    return sorted(row["name"] for row in rows if row["theme"] not in here)


def _told_before(wave: Wave) -> Told | None:
    before = theme_wave_before(wave)
    analysis = Analysis.objects.filter(wave=before).first() if before else None
    return analysis.result.get("themes") if analysis else None


def _shown(told: Told | None, keys: Mapping[int, int]) -> Shown | None:
    """What was shown, under the keys that the themes have now."""
    if told is None:
        return None
    return Shown(
        told["units"],
        {
            (str(keys[row["theme"]]), KIND): ShownRow(
                row["total"], row["by_region"], row["by_side"]
            )
            for row in told["rows"]
            if row["theme"] in keys
        },
    )


def _largest_first(row: Told) -> tuple[int, str]:
    return -(row["total"] or 0), row["name"]
