"""T-R6: what ends its process each time is put aside after three tries, with an alert."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse

from loci.core.jobs import Job, enqueue
from loci.notices.models import Pulse, StuckJob
from loci.stack.state import PROJECT
from surveys.choices import WaveState
from surveys.models import Statement, ThemeRun, Wave
from tests import make
from tests.workers.conftest import StartWorker
from tests.workers.processes import PATIENCE, address_of_the_test_database, until

pytestmark = [
    pytest.mark.servers,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("workers"),
]


def test_what_ends_its_process_is_parked_after_three_tries_and_others_go_on(
    start_worker: StartWorker, tmp_path: Path, signed_in
):
    log = tmp_path / "poison"
    log.touch()
    told = {
        "LOCI_POISON_LOG": str(log),
        "LOCI_EMBEDDER": "tests.workers.poison.PoisonousEmbedder",
    }
    poisonous, sound = closed_wave("poison"), closed_wave("portal")
    with start_worker(with_clock=False, **told) as worker:
        until(lambda: parked(Job.SWEEP_THEMES) == [{}])  # each worker begins with one
        Pulse.objects.all().delete()
        enqueue(Job.BEAT_PULSE)
        until(Pulse.objects.exists)

        enqueue(Job.SWEEP_THEMES)  # a fresh one, as a minute later
        until(lambda: ThemeRun.objects.filter(wave=sound).exists())
        assert worker.process.poll() is None

    assert parked(Job.FIND_THEMES) == [{"wave_id": poisonous.pk}]
    assert log.read_text().splitlines() == ["embedder"] * 3
    page = signed_in(make.coordinator()).get("/admin/").content.decode()
    assert "background jobs were put aside" in page


def closed_wave(word: str) -> Wave:
    wave = make.wave(state=WaveState.CLOSED)
    Statement.objects.bulk_create(
        Statement(
            kind="need",
            wave=wave,
            locality=make.locality(),
            side="government",
            topic=make.topic(),
            text=f"The {word} number {number} waits",
            visibility="network",
        )
        for number in range(8)
    )
    return wave


def parked(job: str) -> list[dict[str, int]]:
    rows = StuckJob.objects.filter(job=job, parked_at__isnull=False)
    return list(rows.values_list("ids", flat=True))


def test_four_at_once_are_one_try_and_it_is_put_aside_after_three_lost_ones():
    """Real processes, each with its own line to the database, killed (kill -9)."""
    said = subprocess.run(
        (sys.executable, "-m", "tests.workers.tries", "5"),
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": address_of_the_test_database()},
        check=True,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    ).stdout

    stuck = StuckJob.objects.get()
    assert said.split() == ["1", "1", "1", "0", "0"]
    assert stuck.tries == 3
    assert stuck.parked_at is not None


def test_a_coordinator_lets_it_be_tried_again(signed_in):
    stuck = StuckJob.objects.create(
        key="1", job=Job.RUN_ROUND, ids={"round_id": 0}, parked_at="2026-05-04T12:00Z"
    )

    page = signed_in(make.coordinator()).post(
        reverse("admin:notices_stuckjob_changelist"),
        {"action": "take_up_again", "_selected_action": [stuck.pk]},
        follow=True,
    )

    assert "1 job is tried again." in page.content.decode()
    assert not StuckJob.objects.exists()
