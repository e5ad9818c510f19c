"""A worker that is killed while it embeds: what it has done stays done."""

import pytest

from surveys.choices import WaveState
from surveys.models import Embedding, Statement, Theme, ThemeRun
from tests import make
from tests.workers.conftest import StartWorker
from tests.workers.processes import until
from tests.workers.test_worker import nobody_writes

pytestmark = [
    pytest.mark.servers,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("workers"),
]

TEXTS = 1_500


def test_a_search_goes_on_where_a_killed_worker_left_it(start_worker: StartWorker):
    wave = make.wave(state=WaveState.CLOSED)
    places = [make.locality() for _each in range(30)]
    Statement.objects.bulk_create(
        Statement(
            kind="need",
            wave=wave,
            locality=places[number % 30],
            side="government",
            topic=make.topic(),
            text=f"{'Old scanned portal' if number % 2 else 'Unpaid invoices wait'} {number}",
            visibility="network",
        )
        for number in range(TEXTS)
    )
    with start_worker(with_clock=False) as first:
        until(lambda: Embedding.objects.count() > 0)
        with nobody_writes(Embedding._meta.db_table) as somebody_waits:
            until(somebody_waits)
            first.kill()
    kept = set(Embedding.objects.values_list("pk", flat=True))
    assert 0 < len(kept) < TEXTS
    assert not ThemeRun.objects.exists()

    with start_worker(with_clock=True):
        until(ThemeRun.objects.exists)

    embedded = set(Embedding.objects.values_list("pk", flat=True))
    assert kept < embedded
    assert len(embedded) == TEXTS
    assert ThemeRun.objects.get().parameters["texts"] == TEXTS
    assert Theme.objects.count() == 2
