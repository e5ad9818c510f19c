"""Our own Postgres: a folder of data, one process, one socket, no network."""

import os
import shutil
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from loci.stack.children import Child, Program
from loci.stack.places import Place

USER = DATABASE = "loci"
SPEAKS = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
DURABLE: Mapping[str, str] = {}
FORGETFUL: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


def address(place: Place) -> str:
    """The folder of the socket goes where the name would be, before the database.

    django-environ reads this as a host; a host in the query would land in OPTIONS.
    """
    return f"postgres://{USER}@/{place.sockets}/{DATABASE}"


def postgres(
    place: Place, log: Path, settings: Mapping[str, str], inherits: tuple[int, ...]
) -> Child:
    """The database server, not started yet; its data is made if there is none."""
    _ensure_data(place, log, inherits)
    _forget_dead_postmaster(place.database)
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(place.sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "60",
        **({"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}),
        **settings,
    }
    chosen = [part for item in settings.items() for part in ("-c", "=".join(item))]
    return Child(
        Program(
            name="database",
            command=(
                str(place.postgres / "postgres"),
                *("-D", str(place.database), "-p", "5432"),
                *chosen,
            ),
            environment=SPEAKS,
            folder=place.home,
            log=log,
            farewell=((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0)),
            when_we_die=signal.SIGINT,
            account=place.account,
            inherits=inherits,
        )
    )


def answers(place: Place, pid: int) -> bool:
    """Whether the postmaster with this pid takes connections, by its own pid file."""
    with suppress(FileNotFoundError, ValueError):
        pid_there, *_, status = (place.database / "postmaster.pid").read_text().split()
        return pid_there == str(pid) and status == "ready"
    return False


def _ensure_data(place: Place, log: Path, inherits: tuple[int, ...]) -> None:
    """Make the folder of data under another name first: half of one never counts."""
    if (place.database / "PG_VERSION").exists():
        return
    fresh = place.home / "postgres-new"
    shutil.rmtree(fresh, ignore_errors=True)
    _run(
        place,
        log,
        inherits,
        *(
            "initdb",
            "-D",
            str(fresh),
            "--username",
            USER,
            "--no-sync",
            "--no-instructions",
        ),
        *("--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"),
        *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    )
    _run(
        place,
        log,
        inherits,
        *("postgres", "--single", "-D", str(fresh), "postgres"),
        typed=f"CREATE DATABASE {DATABASE}\n".encode(),
    )
    fresh.rename(place.database)


def _run(
    place: Place,
    log: Path,
    inherits: tuple[int, ...],
    *command: str,
    typed: bytes = b"",
) -> None:
    child = Child(
        Program(
            name=command[0],
            command=(str(place.postgres / command[0]), *command[1:]),
            environment=SPEAKS,
            folder=place.home,
            log=log,
            account=place.account,
            inherits=inherits,
            typed=typed,
        )
    )
    child.start()
    child.finish()


def _forget_dead_postmaster(data: Path) -> None:
    """Remove a pid file that speaks of a process which is no postmaster of this data.

    After a container starts anew its old number may belong to anybody, and Postgres
    would refuse to start. Our caller holds the lock of the children, so that no
    postmaster of ours is alive.
    """
    path = data / "postmaster.pid"
    with suppress(FileNotFoundError, ValueError, IndexError):
        pid = int(path.read_text().split()[0])
        if not _serves(pid, data):
            path.unlink()


def _serves(pid: int, data: Path) -> bool:
    process = Path("/proc") / str(pid)
    if not Path("/proc/self").exists():
        return True  # another system: leave the judgement to Postgres
    try:
        return os.fsencode(data) in (process / "cmdline").read_bytes()
    except OSError:
        return False
