"""Find the themes of a closed wave: embed batch by batch, then group."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from loci.core.jobs import Job, enqueue
from loci.core.locks import held_lock
from surveys.analysis import themes as continuing
from surveys.analysis.clusters import Cluster, Clustering, cluster
from surveys.choices import SHOWN_IN
from surveys.models import (
    Answer,
    Statement,
    Theme,
    ThemeChange,
    ThemeRun,
    ThemeText,
    Wave,
)
from surveys.services.meaning import embed_missing, the_embedder, vectors_of
from surveys.services.theme_texts import WaveText, texts_of

BATCH = 64
AT_A_TIME = 1_000  # texts embedded by one task, well inside its time limit

Vectors = NDArray[np.float32]


def find_themes(*, wave: Wave, now: datetime, again: bool = False) -> ThemeRun | None:
    """Group the texts of a closed wave; None while there is more to embed first.

    None also while the wave is open, and while another process does this. Batches that
    a killed process has embedded are kept, and the next goes on from there. Named themes
    keep their texts; the rest is grouped anew if texts have come or gone since, or if
    somebody asks for it `again` after naming some: a message that comes twice does not
    take away the drafts that somebody is looking at.
    """
    if wave.state not in SHOWN_IN:
        return None
    with held_lock(f"themes:{wave.pk}") as is_mine:
        if not is_mine:
            return None
        texts = texts_of(wave)
        if embed_missing([text.said for text in texts], at_most=AT_A_TIME):
            asked = {"again": 1} if again else {}
            enqueue(Job.FIND_THEMES, wave_id=wave.pk, **asked)
            return None
        return _group(wave, texts, _embedded(texts), now, again=again)


def _embedded(texts: Sequence[WaveText]) -> Vectors:
    """float32[n, d], in batches: what is known is read, the rest computed and kept."""
    rows = [
        vectors_of([text.said for text in texts[start : start + BATCH]])
        for start in range(0, len(texts), BATCH)
    ]
    return np.concatenate(rows) if rows else vectors_of([])


@transaction.atomic
def _group(
    wave: Wave,
    texts: Sequence[WaveText],
    vectors: Vectors,
    now: datetime,
    *,
    again: bool,
) -> ThemeRun:
    wave = Wave.objects.select_for_update().get(pk=wave.pk)
    named = _keys_of_named(wave)
    embedder = f"{the_embedder().name} {the_embedder().version}"
    lines = sorted(f"{text.key} {text.said.text_hash}" for text in texts)
    said = _hash([embedder, *lines])
    input_hash = said + _hash(sorted(named))
    kept = ThemeRun.objects.filter(wave=wave).first()
    if kept and kept.input_hash.startswith(input_hash if again else said):
        return kept
    free = [place for place, text in enumerate(texts) if text.key not in named]
    found = cluster([texts[place].about for place in free], vectors[free])
    _replace_drafts(wave, texts, vectors, found)
    run, _is_new = ThemeRun.objects.update_or_create(
        wave=wave,
        defaults={
            "outcome": found.outcome.value,
            "embedder": embedder,
            "input_hash": input_hash,
            "parameters": dict(found.parameters),
            "found_at": now,
        },
    )
    return run


def _hash(lines: list[str]) -> str:
    """32 characters: two of them are kept in one column."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def _keys_of_named(wave: Wave) -> frozenset[str]:
    inside = ThemeText.objects.filter(theme__in=Theme.objects.named(), wave=wave)
    return frozenset(map(_key, inside))


def _replace_drafts(
    wave: Wave, texts: Sequence[WaveText], vectors: Vectors, found: Clustering
) -> None:
    """Named themes and their texts stay; what was changed before is final now."""
    ThemeChange.objects.filter(wave=wave).update(is_undoable=False)
    named = Theme.objects.named().filter(wave=wave)
    Theme.objects.filter(wave=wave).exclude(pk__in=named).delete()
    places = {text.key: place for place, text in enumerate(texts)}
    known = _rows_of(wave, texts)
    before = _continued(wave, found.clusters)
    placed: list[ThemeText] = []
    for number, each in enumerate(found.clusters):
        theme = Theme.objects.create(
            wave=wave,
            words=[word[:120] for word in each.label],
            stability=each.stability,
            before=before.get(number),
            name=_name_of(wave, before.get(number)),
        )
        for key in each.members:
            row = known[key]
            row.theme = theme
            row.nearness = float(vectors[places[key]] @ each.centre)
            placed.append(row)
    ThemeText.objects.bulk_update(placed, ["theme", "nearness"], batch_size=1000)


def _rows_of(wave: Wave, texts: Sequence[WaveText]) -> dict[str, ThemeText]:
    """A row for each text; what nobody says any more goes."""
    kept = _rows_by_key(wave)
    now = {text.key for text in texts}
    gone = [row.pk for key, row in kept.items() if key not in now]
    ThemeText.objects.filter(pk__in=gone).delete()
    ThemeText.objects.bulk_create(
        (_row_of(wave, text) for text in texts if text.key not in kept),
        batch_size=1000,
    )
    return _rows_by_key(wave)


def _rows_by_key(wave: Wave) -> dict[str, ThemeText]:
    rows = ThemeText.objects.filter(wave=wave).order_by("pk")
    return {_key(row): row for row in rows}


def _key(row: ThemeText) -> str:
    if row.statement_id:
        return f"S{row.statement_id}"
    return f"A{row.answer_id}" if row.answer_id else f"C{row.conversation_id}"


def _row_of(wave: Wave, text: WaveText) -> ThemeText:
    row = ThemeText(wave=wave)
    if isinstance(text.source, Statement):
        row.statement = text.source
    elif isinstance(text.source, Answer):
        row.answer = text.source
    else:
        row.conversation = text.source
    return row


def _continued(wave: Wave, clusters: Sequence[Cluster]) -> dict[int, Theme]:
    """Cluster (its place) to the named theme of the wave before that it goes on with."""
    earlier = theme_wave_before(wave)
    if earlier is None:
        return {}
    taken = Theme.objects.filter(wave=wave, before__isnull=False).values("before")
    themes = {
        theme.pk: theme
        for theme in Theme.objects.named().filter(wave=earlier).exclude(pk__in=taken)
    }
    found = continuing.continued(_as_before(earlier, set(themes)), clusters)
    return {place: themes[theme] for theme, place in found.kept.items()}


def theme_wave_before(wave: Wave) -> Wave | None:
    """The newest wave before this one that has named themes."""
    return (
        Wave.objects.filter(
            opens_at__lt=wave.opens_at,
            is_demo=wave.is_demo,
            themes__in=Theme.objects.named(),
        )
        .order_by("-opens_at", "-pk")
        .first()
    )


def _as_before(wave: Wave, wanted: set[int]) -> list[continuing.Theme]:
    """Themes as they are now, after all that coordinators have changed."""
    texts = texts_of(wave)
    by_key = {text.key: text for text in texts}
    inside: dict[int, list[WaveText]] = {}
    rows = ThemeText.objects.filter(theme__in=wanted).order_by("pk")
    for row in rows:
        text = by_key.get(_key(row))
        if text is not None and row.theme_id is not None:
            inside.setdefault(row.theme_id, []).append(text)
    return [
        continuing.Theme(theme, _middle(said), frozenset(t.about.unit for t in said))
        for theme, said in inside.items()
    ]


def _middle(texts: Sequence[WaveText]) -> NDArray[np.float64]:
    whole = _embedded(texts).astype(np.float64).mean(axis=0)
    length = np.linalg.norm(whole)
    middle: NDArray[np.float64] = whole / (length or 1)
    return middle


def _name_of(wave: Wave, before: Theme | None) -> str:
    """A theme keeps its name, unless another of this wave has taken it."""
    if before is None:
        return ""
    is_taken = Theme.objects.filter(wave=wave, name=before.name).exists()
    return "" if is_taken else before.name


def waves_to_search() -> list[int]:
    """Closed waves in which nobody has looked for themes yet."""
    waves = Wave.objects.filter(state__in=SHOWN_IN, theme_run__isnull=True)
    return list(waves.order_by("pk").values_list("pk", flat=True))
