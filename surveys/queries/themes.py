"""The themes of a wave, as everybody may read them, and where one's own words went."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from localities.choices import Side
from localities.models import Region, Seat
from loci.accounts.models import User
from surveys.choices import ThemeMove
from surveys.models import Analysis, Answer, Statement, ThemeText, Wave
from surveys.queries.results import Cell

VOICES = 3


@dataclass(frozen=True)
class Voice:
    """Words that their author and a coordinator let the network read; not whose."""

    text: str
    language: str


@dataclass(frozen=True)
class ThemePart:
    """One side or one region of a theme."""

    label: str
    cell: Cell


@dataclass(frozen=True)
class ThemeRow:
    """One named theme with the counts that may be read."""

    pk: int
    name: str
    total: Cell
    by_side: tuple[ThemePart, ...]
    by_region: tuple[ThemePart, ...]
    move: str
    voices: tuple[Voice, ...]

    @property
    def tells_sides(self) -> bool:
        return any(part.cell.count for part in self.by_side)

    @property
    def tells_regions(self) -> bool:
        return any(part.cell.count for part in self.by_region)


@dataclass(frozen=True)
class ThemesShown:
    """What was published of a wave's themes, the largest first."""

    rows: tuple[ThemeRow, ...]
    gone: tuple[str, ...]


NONE_SHOWN = ThemesShown((), ())


def themes_shown(wave: Wave) -> ThemesShown:
    """The themes of the last publication; quotes are read anew, consent can end."""
    analysis = Analysis.objects.filter(wave=wave).first()
    told = analysis.result.get("themes") if analysis else None
    if not told:
        return NONE_SHOWN
    regions = dict(Region.objects.order_by("name", "pk").values_list("code", "name"))
    sides = {side.value: str(side.label) for side in Side}
    voices = _voices([row["theme"] for row in told["rows"]])
    rows = tuple(
        ThemeRow(
            row["theme"],
            row["name"],
            Cell(row["total"]),
            _parts(row["by_side"], sides),
            _parts(row["by_region"], regions),
            str(ThemeMove(row["move"]).label) if row["move"] else "",
            () if row["total"] is None else voices.get(row["theme"], ()),
        )
        for row in told["rows"]
    )
    return ThemesShown(rows, tuple(told["gone"]))


def _parts(
    cells: Mapping[str, int | None], labels: Mapping[str, str]
) -> tuple[ThemePart, ...]:
    return tuple(
        ThemePart(label, Cell(cells[code]))
        for code, label in labels.items()
        if code in cells and cells[code] != 0
    )


def _voices(themes: list[int]) -> dict[int, tuple[Voice, ...]]:
    """At most three a theme, nearest first, each from another locality."""
    rows = (
        ThemeText.objects.quotable()
        .filter(theme__in=themes)
        .select_related("statement", "answer__part", "answer__by")
        .order_by("-nearness", "pk")
    )
    found: dict[int, dict[int, Voice]] = {}
    for row in rows:
        if not row.is_approved:  # its words have changed since
            continue
        inside = found.setdefault(row.theme_id or 0, {})
        if len(inside) < VOICES:
            inside.setdefault(*_voice(row))
    return {theme: tuple(inside.values()) for theme, inside in found.items()}


def _voice(row: ThemeText) -> tuple[int, Voice]:
    if row.statement is not None:
        return row.statement.locality_id, Voice(row.said, row.statement.language)
    part, by = row.answer.part, row.answer.by  # type: ignore[union-attr]  # one of both
    return part.locality_id, Voice(row.said, by.language if by else "en")


def own_themes(person: User, shown: ThemesShown) -> tuple[str, ...]:
    """Names of the shown themes that hold words of this person's side."""
    localities = Seat.objects.held_by(person).values("locality")
    heard = Seat.objects.held_by(person).filter(
        locality=OuterRef("conversation__locality"), side=OuterRef("conversation__side")
    )
    own = (
        Exists(heard)
        | Q(
            statement__in=Statement.objects.visible_to(person).filter(
                locality__in=localities
            )
        )
        | Q(
            answer__in=Answer.objects.visible_to(person).filter(
                part__locality__in=localities
            )
        )
    )
    names: dict[Any, str] = {row.pk: row.name for row in shown.rows}
    inside = ThemeText.objects.filter(own, theme__in=names)
    found = set(inside.values_list("theme", flat=True))
    return tuple(name for pk, name in names.items() if pk in found)
