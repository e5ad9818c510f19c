"""A browser in which people come and go, and a worker in the background."""

import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pytest_playwright.pytest_playwright import CreateContextCallback

from loci.stack.browser import HOW, NAMES
from tests.journeys.doors import Doors
from tests.workers.processes import Worker, celery_told, worker


@pytest.fixture(scope="session")
def base_url() -> None:
    """Every test has its own server; pytest's own fixture of this name warns."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]):
    """Chromium as it is found on this machine; it knows no host but this one."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail(HOW)
    return {
        **browser_type_launch_args,
        "executable_path": found,
        "chromium_sandbox": False,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
        ],
    }


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Generator[None, Any, Any]:
    """A walk that failed says what stood on its pages."""
    report = yield
    walked = getattr(item, "funcargs", {}).get("doors")
    if call.when == "call" and report.failed and isinstance(walked, Doors):
        report.sections.append(("Pages as they stood", walked.as_they_stand()))
    return report


@pytest.fixture
def doors(
    transactional_db: None, live_server: Any, new_context: CreateContextCallback
) -> Iterator[Doors]:
    """Where people come in; at the end, no page may have done what none may do."""
    doors = Doors(new_context, live_server.url)
    yield doors
    doors.close()
    assert doors.complaints == []


@pytest.fixture
def queue() -> Iterator[str]:
    """What this process enqueues goes to a queue that nobody else reads."""
    name = f"journey-{uuid4().hex[:12]}"
    with celery_told(task_default_queue=name):
        yield name


@pytest.fixture
def background(transactional_db: None, queue: str, tmp_path: Path) -> Iterator[Worker]:
    """A worker that is starting; it sweeps every two seconds."""
    with worker(queue, tmp_path, with_clock=True) as running:
        yield running
