"""Coordinators name, merge, split and move; each change can be taken back, newest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.texts import clean_text
from surveys.models import Theme, ThemeChange, ThemeText, Wave, hash_of

KEPT = ("name", "words", "stability", "before_id", "is_set_aside")


class NoName(Refused):
    """A theme is named with words."""


class NameTaken(Refused):
    """Another theme of the wave has this name."""


class NotOneWave(Refused):
    """Themes and texts are changed within one wave."""


class NothingToUndo(Refused):
    """There is no change that could be taken back."""


@transaction.atomic
def name_theme(*, theme: Theme, name: str, by: User, now: datetime) -> Theme:
    """Give a theme its name; the network can read it once themes are shown.

    Raises NoName, NameTaken.
    """
    wave = _locked([theme.wave_id])
    theme = Theme.objects.get(pk=theme.pk)
    name = _free_name(wave, name, but=theme)
    _remember(wave, "named", by, now, themes=[theme])
    theme.name = name
    theme.save(update_fields=["name", "updated_at"])
    record(by, "named", theme, name)
    return theme


@transaction.atomic
def merge_themes(*, themes: Sequence[Theme], by: User, now: datetime) -> Theme:
    """All texts go to the theme that has the most; a name is kept where there is one.

    Raises NotOneWave.
    """
    wave = _locked([theme.wave_id for theme in themes])
    rows = list(Theme.objects.filter(pk__in=[theme.pk for theme in themes]))
    if len(rows) < 2:  # noqa: PLR2004  # one theme is merged with nothing
        raise NotOneWave(_("Choose two themes or more of one wave."))
    texts = ThemeText.objects.filter(theme__in=rows)
    sizes = {theme.pk: texts.filter(theme=theme).count() for theme in rows}
    rows.sort(key=lambda theme: (not theme.name, -sizes[theme.pk], theme.pk))
    kept, others = rows[0], rows[1:]
    _remember(wave, "merged", by, now, themes=rows, texts=list(texts))
    texts.update(theme=kept)
    earlier = [theme.before_id for theme in others if theme.before_id]
    Theme.objects.filter(pk__in=[theme.pk for theme in others]).delete()
    if kept.before_id is None and earlier:
        kept.before_id = earlier[0]
        kept.save(update_fields=["before", "updated_at"])
    record(by, "merged", kept, ", ".join(map(str, others)))
    return kept


@transaction.atomic
def split_off(
    *, texts: Sequence[ThemeText], name: str, by: User, now: datetime
) -> Theme:
    """A theme of its own for these texts. Raises NoName, NameTaken, NotOneWave."""
    wave = _locked([text.wave_id for text in texts])
    name = _free_name(wave, name, but=None)
    theme = Theme.objects.create(wave=wave, name=name)
    _remember(wave, "split off", by, now, texts=texts, made=theme)
    ThemeText.objects.filter(pk__in=[text.pk for text in texts]).update(theme=theme)
    record(by, "split off", theme, name)
    return theme


@transaction.atomic
def move_texts(
    *, texts: Sequence[ThemeText], to: Theme, by: User, now: datetime
) -> Theme:
    """Put these texts into another theme of their wave. Raises NotOneWave."""
    wave = _locked([to.wave_id, *(text.wave_id for text in texts)])
    _remember(wave, "moved", by, now, texts=texts)
    ThemeText.objects.filter(pk__in=[text.pk for text in texts]).update(theme=to)
    record(by, "moved texts to", to, str(len(texts)))
    return to


@transaction.atomic
def set_theme_aside(*, theme: Theme, by: User, now: datetime) -> Theme:
    """Keep a theme out of what is shown."""
    wave = _locked([theme.wave_id])
    theme = Theme.objects.get(pk=theme.pk)
    _remember(wave, "set aside", by, now, themes=[theme])
    theme.is_set_aside = True
    theme.save(update_fields=["is_set_aside", "updated_at"])
    record(by, "set aside", theme)
    return theme


@transaction.atomic
def undo_last(*, wave: Wave, by: User) -> ThemeChange:
    """Take back the newest change of a wave's themes. Raises NothingToUndo."""
    wave = _locked([wave.pk])
    change = (
        ThemeChange.objects.filter(wave=wave, is_undoable=True).order_by("-pk").first()
    )
    if change is None:
        raise NothingToUndo(_("There is no change to take back."))
    kept: dict[str, Any] = change.before
    for row in kept["themes"]:
        Theme.objects.update_or_create(
            pk=row["pk"],
            defaults={"wave": wave} | {name: row[name] for name in KEPT},
        )
    for theme, texts in kept["texts"]:
        ThemeText.objects.filter(pk__in=texts).update(theme=theme)
    Theme.objects.filter(pk=kept["made"]).delete()
    ThemeChange.objects.filter(pk=change.pk).update(is_undoable=False)
    record(by, "took back", wave, change.verb)
    return change


@transaction.atomic
def let_quote(*, texts: Sequence[ThemeText], is_approved: bool, by: User) -> int:
    """Say yes, or no, to quoting; without its author's consent a yes shows nothing.

    A yes is to the words as they are now.
    """
    for text in texts:
        text.approved_hash = hash_of(text.said) if is_approved else ""
        record(by, "may be quoted" if is_approved else "may not be quoted", text)
    return ThemeText.objects.bulk_update(texts, ["approved_hash"])


def _locked(waves: Sequence[int]) -> Wave:
    if len(set(waves)) != 1:
        raise NotOneWave(_("Choose themes and texts of one wave."))
    return Wave.objects.select_for_update().get(pk=waves[0])


def _free_name(wave: Wave, name: str, but: Theme | None) -> str:
    name = " ".join(clean_text(name).split())[:120]
    if not name:
        raise NoName(_("Give the theme a name."))
    others = Theme.objects.filter(wave=wave, name=name)
    if but is not None:
        others = others.exclude(pk=but.pk)
    if others.exists():
        raise NameTaken(_("Another theme of this wave has this name."))
    return name


def _remember(
    wave: Wave,
    verb: str,
    by: User,
    now: datetime,
    *,
    themes: Sequence[Theme] = (),
    texts: Sequence[ThemeText] = (),
    made: Theme | None = None,
) -> None:
    """What it takes to undo the change that follows."""
    inside: dict[int | None, list[int]] = {}
    for pk, theme in ThemeText.objects.filter(
        pk__in=[text.pk for text in texts]
    ).values_list("pk", "theme"):
        inside.setdefault(theme, []).append(pk)
    before = {
        "themes": [
            {"pk": row.pk} | {name: getattr(row, name) for name in KEPT}
            for row in themes
        ],
        "texts": sorted(inside.items(), key=str),
        "made": made.pk if made else None,
    }
    ThemeChange.objects.create(wave=wave, by=by, at=now, verb=verb, before=before)
