"""20,000 texts of a wave, from the database to themes: with a kill -9 on the way."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from time import process_time

from django.core.management import call_command
from django.utils import timezone
from sklearn.metrics import adjusted_rand_score

from surveys.models import Embedding, Statement, ThemeRun, ThemeText, Wave
from surveys.services.finding_themes import find_themes
from tests import make

TEXTS, PLACES = 20_000, 400
ANSWERS = Path(__file__).parents[1] / "pure" / "analysis" / "answers.json"
CHILD = """
import django; django.setup()
from django.utils import timezone
from surveys.models import Wave
from surveys.services.finding_themes import find_themes
find_themes(wave=Wave.objects.get(pk={wave}), now=timezone.now())
"""


def run() -> str:
    """Embed and group; what a killed process has done is not done again."""
    call_command("migrate", verbosity=0)
    wave, ideas = a_large_wave()
    kept = killed_on_the_way(wave)
    turns, start, began = 0, process_time(), time.monotonic()
    while not ThemeRun.objects.filter(wave=wave).exists():
        find_themes(wave=wave, now=timezone.now())
        turns += 1
    taken, waited = process_time() - start, time.monotonic() - began
    embedded = Embedding.objects.count()
    again = process_time()
    ThemeRun.objects.all().delete()
    found = find_themes(wave=wave, now=timezone.now())
    grouping = process_time() - again
    assert found is not None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    inside = dict(
        ThemeText.objects.filter(theme__isnull=False).values_list("statement", "theme")
    )
    score = adjusted_rand_score([ideas[pk] for pk in inside], list(inside.values()))
    return "\n".join(
        (
            (
                f"{TEXTS:,} texts of {PLACES} localities in six languages, ten ideas "
                "(120 made-up answers, each with other numbers), read from Postgres."
            ),
            "",
            "| | |",
            "|---|---:|",
            f"| embedder | `{found.embedder}` |",
            f"| kept by a process that was killed (kill -9) | {kept:,} |",
            f"| tasks after that, at most 1,000 texts each | {turns} |",
            f"| vectors in the end | {embedded:,} |",
            f"| CPU seconds in all, {waited:.0f} s on the clock | {taken:.0f} |",
            f"| of these to read all vectors and group | {grouping:.0f} |",
            f"| peak memory, MB | {peak} |",
            f"| themes; outcome | {found.parameters.get('kept', 0)}; {found.outcome} |",
            f"| silhouette | {found.parameters.get('silhouette', 0)} |",
            f"| texts in a theme | {len(inside):,} |",
            f"| adjusted Rand index of these against the ten ideas | {score:.2f} |",
        )
    )


def a_large_wave() -> tuple[Wave, dict[int, str]]:
    now = timezone.now()
    wave = make.wave(opens_at=now - timedelta(days=9), closes_at=now, state="closed")
    answers = json.loads(ANSWERS.read_text("utf-8"))
    topic, places = make.topic(), [make.locality() for _each in range(PLACES)]
    rows = Statement.objects.bulk_create(
        (
            Statement(
                kind="need",
                wave=wave,
                locality=places[number % PLACES],
                side="government",
                topic=topic,
                text=f"{answers[number % len(answers)]['text']} ({number})",
                language=answers[number % len(answers)]["language"],
                visibility="network",
            )
            for number in range(TEXTS)
        ),
        batch_size=1_000,
    )
    return wave, {
        row.pk: answers[number % len(answers)]["theme"]
        for number, row in enumerate(rows)
    }


def killed_on_the_way(wave: Wave) -> int:
    """Let another process begin, end it in an instant; how many vectors it leaves."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD.format(wave=wave.pk)],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "loci.settings"},
    )
    while Embedding.objects.count() < 256:
        time.sleep(0.2)
    child.send_signal(signal.SIGKILL)
    child.wait()
    return Embedding.objects.count()
