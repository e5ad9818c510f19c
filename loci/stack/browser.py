"""A browser for the browser tests."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from loci.stack.console import Console
from loci.stack.problems import Problem

NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW = (
    "no browser for the browser tests: install Chromium "
    "(Debian: apt-get install chromium), or set LOCI_SKIP_BROWSER=1 to do without"
)


def ensure_browser(environment: Mapping[str, str], console: Console) -> int:
    """Find a browser, or install one on Debian as root; 1 with a line when neither."""
    if _may_do_without(environment):
        console.say("browser tests are skipped: LOCI_SKIP_BROWSER=1")
        return 0
    if not _found():
        _install(console)
    if not _found():
        raise Problem(HOW)
    return 0


def _may_do_without(environment: Mapping[str, str]) -> bool:
    wished = environment.get("LOCI_SKIP_BROWSER") == "1"
    return wished and environment.get("CI") != "true"


def _found() -> bool:
    return any(shutil.which(name) for name in NAMES)


def _install(console: Console) -> None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0 or not Path("/etc/debian_version").exists():
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with console.step("installing Chromium"):
        for arguments in (
            ("update", "-qq"),
            ("install", "-y", "-qq", "--no-install-recommends", "chromium"),
        ):
            subprocess.run(
                (apt, *arguments), check=False, env=quiet, stdout=subprocess.DEVNULL
            )
