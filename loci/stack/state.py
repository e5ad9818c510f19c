"""The state folder: everything that this machine keeps between two runs."""

import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from loci.stack.problems import Problem

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class State:
    folder: Path

    @property
    def is_chosen(self) -> bool:
        """Another folder than the project's own, so each command must name it."""
        return self.folder != PROJECT / ".state"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def running(self) -> Path:
        """What the process that holds the servers says about them."""
        return self.folder / "running.json"

    @property
    def holder_lock(self) -> Path:
        """Held by the one process that holds the servers, and by nobody else."""
        return self.folder / "holder.lock"

    @property
    def children_lock(self) -> Path:
        """Held by the holder and inherited by all its children, until the last ends."""
        return self.folder / "children.lock"

    @property
    def users_lock(self) -> Path:
        """Shared by commands that use servers which another process holds."""
        return self.folder / "users.lock"

    def log_of(self, name: str) -> Path:
        return self.log / f"{name}.log"


def state_from(environment: Mapping[str, str]) -> State:
    """The folder that LOCI_STATE names, else `.state` in the project."""
    given = environment.get("LOCI_STATE") or ".state"
    return State((PROJECT / Path(given).expanduser()).resolve())


def make_folders(state: State) -> None:
    """Make the state folder.

    Others may not look in. Where root makes it, others may pass through: Postgres
    runs as another account, and its data lies below.
    """
    try:
        if not state.folder.is_dir():
            state.folder.mkdir(parents=True)
            state.folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        state.log.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Problem(
            f"cannot write to {state.folder} ({error.strerror}): "
            "LOCI_STATE may name another folder"
        ) from error


def secret_key(state: State) -> str:
    """The secret key of this state folder, made once, readable by its owner only."""
    path = state.folder / "secret-key"
    with suppress(FileNotFoundError):
        return path.read_text().strip()
    key = secrets.token_urlsafe(48)
    _write_private(path, key)
    return key


@dataclass(frozen=True)
class Running:
    """The process that holds the servers of a state folder.

    `address` is empty while nothing serves pages.
    """

    pid: int
    database_url: str
    redis_url: str
    address: str = ""


def write_running(state: State, running: Running) -> None:
    _write_private(state.running, json.dumps(vars(running)))


def _write_private(path: Path, text: str) -> None:
    """Write a file at once that only its owner may read: an address holds passwords."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600, exist_ok=False)
    fresh.write_text(text)
    fresh.replace(path)


def read_running(state: State) -> Running | None:
    try:
        return Running(**json.loads(state.running.read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
