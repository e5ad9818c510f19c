"""A queue of its own for every test with real workers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from tests.workers.processes import Worker, celery_told, clock, worker

StartWorker = Callable[..., AbstractContextManager[Worker]]


@pytest.fixture
def own_queue() -> Iterator[str]:
    """What this process publishes goes to a queue of the test meanwhile."""
    queue = f"test-{uuid4().hex[:12]}"
    with celery_told(task_default_queue=queue):
        yield queue


@pytest.fixture
def start_worker(transactional_db: None, own_queue: str, tmp_path: Path) -> StartWorker:
    """Starts a worker on the queue of the test."""
    return partial(worker, own_queue, tmp_path)


@pytest.fixture
def start_clock(transactional_db: None, own_queue: str, tmp_path: Path) -> StartWorker:
    """Starts a beat for the queue of the test."""
    return partial(clock, own_queue, tmp_path)
