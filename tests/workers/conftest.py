"""A queue of its own for every test with real workers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from tests.workers.processes import Worker, celery_told, worker

StartWorker = Callable[..., AbstractContextManager[Worker]]


@pytest.fixture
def start_worker(transactional_db: None, tmp_path: Path) -> Iterator[StartWorker]:
    """Starts a worker on the queue to which this process publishes meanwhile."""
    queue = f"test-{uuid4().hex[:12]}"
    with celery_told(task_default_queue=queue):
        yield partial(worker, queue, tmp_path)
