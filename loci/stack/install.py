"""Fill `.venv` from a lock: `python3 -I loci/stack/install.py requirements.lock`.

Runs as a file of its own, before anything is installed. Does nothing while the lock
is the one that was installed last.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
UV_LOCK = PROJECT / "requirements-uv.lock"
FULLEST_LOCK = "requirements-test.lock"
"""Holds all of the other lock: where it was installed once, it stays up to date."""
NO_VENV = (
    "LOCI: `{python} -m venv` does not work here. On Debian and Ubuntu: "
    "apt-get install python3-venv\n"
)
NO_PACKAGES = "LOCI: could not install {lock}; what pip said is above.\n"


class NotInstalled(Exception):
    """The message is for a person."""


def main(lock: str) -> int:
    try:
        _ensure_venv()
        installed = _installed()
        wanted = FULLEST_LOCK if FULLEST_LOCK in installed else lock
        if installed.get(wanted) != _fingerprint(wanted):
            _install(wanted)
            _remember(wanted)
    except NotInstalled as refusal:
        sys.stderr.write(str(refusal))
        return 1
    return 0


def _ensure_venv() -> None:
    if PYTHON.exists() and _runs(str(PYTHON), "-c", "import pip"):
        return
    sys.stdout.write("making .venv\n")
    if not _runs(sys.executable, "-m", "venv", "--clear", str(VENV)):
        raise NotInstalled(NO_VENV.format(python=Path(sys.executable).name))
    _put_project_on_path()


def _put_project_on_path() -> None:
    """Let plain `pytest` find `tests.servers`; the path is relative, so moves go well."""
    for packages in VENV.glob("lib/python3*/site-packages"):
        (packages / "loci-project.pth").write_text("../../../..\n")


def _install(lock: str) -> None:
    sys.stdout.write(f"installing {lock} into .venv (some minutes the first time)\n")
    sys.stdout.flush()
    if not (_install_with_uv(lock) or _install_with_pip(lock)):
        raise NotInstalled(NO_PACKAGES.format(lock=lock))
    _put_project_on_path()


def _install_with_uv(lock: str) -> bool:
    """Uv does the work in a fraction of the time."""
    if not _pip("install", "--quiet", "--require-hashes", "-r", str(UV_LOCK)):
        sys.stdout.write("uv is not to be had here: going on with pip\n")
        return False
    done = _done(
        *(str(PYTHON), "-m", "uv", "pip", "sync", "--quiet", "--require-hashes"),
        *("--system-certs", "--compile-bytecode", "--python", str(PYTHON), lock),
        **_package_index(),
    )
    if not done:
        sys.stdout.write("uv did not manage: going on with pip\n")
    return done


def _install_with_pip(lock: str) -> bool:
    return _pip("install", "--quiet", "--require-hashes", "-r", lock)


def _package_index() -> dict[str, str]:
    """For uv, the index that pip is set to use: uv does not read pip's settings."""
    told = subprocess.run(
        (str(PYTHON), "-m", "pip", "config", "list"),
        check=False,
        capture_output=True,
        text=True,
    )
    found = {
        name.rpartition(".")[2]: value.strip("'")
        for name, _, value in (line.partition("=") for line in told.stdout.splitlines())
    }
    index = os.environ.get("PIP_INDEX_URL") or found.get("index-url")
    certificates = os.environ.get("PIP_CERT") or found.get("cert")
    return {
        **({"UV_DEFAULT_INDEX": index} if index else {}),
        **({"SSL_CERT_FILE": certificates} if certificates else {}),
    }


def _pip(*arguments: str) -> bool:
    return _done(
        str(PYTHON), "-m", "pip", *arguments, PIP_DISABLE_PIP_VERSION_CHECK="1"
    )


def _done(*command: str, **settings: str) -> bool:
    environment = {**settings, **os.environ}
    return (
        subprocess.run(command, check=False, cwd=PROJECT, env=environment).returncode
        == 0
    )


def _runs(*command: str) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _fingerprint(lock: str) -> str:
    return hashlib.sha256((PROJECT / lock).read_bytes()).hexdigest()


def _installed() -> dict[str, str]:
    """Which locks are in `.venv`, and what they held then."""
    try:
        return dict(json.loads(STAMP.read_text()))
    except (FileNotFoundError, ValueError):
        return {}


def _remember(lock: str) -> None:
    others = ("requirements.lock",) if lock == FULLEST_LOCK else ()
    STAMP.write_text(json.dumps({name: _fingerprint(name) for name in (lock, *others)}))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
