"""What a test run needs from the machine; a plugin loaded before settings are read.

Starts Postgres and Valkey where DATABASE_URL and REDIS_URL name none. Their data stays
in `.state/test` between runs, so that tables need not be made anew; a second run at
the same time gets servers and data of its own. Workers of pytest-xdist inherit the
addresses. In CI a run that skips a browser test fails.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from loci.stack import locks, places
from loci.stack.commands import throwaway_state
from loci.stack.console import Console
from loci.stack.servers import FORGETFUL, Holding, hold, start_missing
from loci.stack.state import PROJECT, State, make_folders, state_from

ENVIRONMENT = {
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright's sync API runs a loop
    "LOCI_DEBUG": "0",
    "LOCI_DEMO": "1",
    "LOCI_EMBEDDER": "surveys.analysis.embedders.TrigramEmbedder",  # no model to load
    "LOCI_HOSTS": "127.0.0.1,localhost",
    "LOCI_LOCAL": "1",
    "LOCI_OWN_DATABASE": "1",
    "LOCI_SECRET_KEY": "test-only-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",
    "OMP_NUM_THREADS": "1",
}
WHAT_MAKES_TABLES = ("requirements.lock", "*/migrations/*.py", "loci/*/migrations/*.py")
BROWSER_MARK = "browser"
LEFT_OPEN = "left open in the database"


@dataclass
class Run:
    """What this process knows about its test run."""

    ending: ExitStack = field(default_factory=ExitStack)
    reusable: Path | None = None
    """Says of the data which tables it holds; there only after a run that ended well."""
    browser_ran: int = 0
    browser_skipped: list[str] = field(default_factory=list)
    left_open: list[str] = field(default_factory=list)


RUN = Run()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Start what is missing; a wrapper comes before every plugin that reads settings."""
    os.environ.update(ENVIRONMENT)
    given = (os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", ""))
    if not all(given):
        early_config.add_cleanup(RUN.ending.close)
        holding = _hold(RUN)
        console = Console(sys.stdout)
        servers = start_missing(RUN.ending, holding, console, given, FORGETFUL)
        os.environ["DATABASE_URL"] = servers.database_url
        os.environ["REDIS_URL"] = servers.redis_url
    return (yield)


def pytest_keyboard_interrupt(excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    """Rows of the test that was cut off may still be there: make the data anew."""
    if type(excinfo.value) is KeyboardInterrupt:
        RUN.reusable = None


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    RUN.left_open += [
        f"{report.nodeid}: {words}"
        for title, words in report.sections
        if LEFT_OPEN in title
    ]
    if BROWSER_MARK not in report.keywords:
        return
    if report.skipped:
        RUN.browser_skipped.append(report.nodeid)
    elif report.when == "call":
        RUN.browser_ran += 1


def pytest_internalerror() -> None:
    RUN.reusable = None


def pytest_sessionfinish(session: pytest.Session) -> None:
    if RUN.reusable is not None:
        RUN.reusable.write_text(_tables())
    if RUN.browser_skipped and os.environ.get("CI") == "true":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for words in RUN.left_open:
        terminalreporter.write_line(f"{LEFT_OPEN} after {words}")
    terminalreporter.write_line(
        f"browser tests: {RUN.browser_ran} ran, {len(RUN.browser_skipped)} skipped"
    )


def _hold(run: Run) -> Holding:
    """Hold the folder that is kept, or one to throw away if another run holds it."""
    usual = state_from(os.environ)
    make_folders(usual)
    kept = State(usual.folder / "test")
    try:
        holding = hold(run.ending, kept)
    except locks.Busy:
        return hold(run.ending, run.ending.enter_context(throwaway_state(usual)))
    run.reusable = kept.folder / "tables"
    _forget_unless_reusable(kept, run.reusable)
    return holding


def _forget_unless_reusable(kept: State, reusable: Path) -> None:
    fits = reusable.exists() and reusable.read_text() == _tables()
    reusable.unlink(missing_ok=True)
    if not fits:
        shutil.rmtree(places.place_for(kept).database, ignore_errors=True)


def _tables() -> str:
    """A fingerprint of everything that decides what tables look like."""
    seen = hashlib.sha256()
    for path in _sources():
        seen.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    return seen.hexdigest()


def _sources() -> Iterator[Path]:
    for pattern in WHAT_MAKES_TABLES:
        yield from sorted(PROJECT.glob(pattern))
