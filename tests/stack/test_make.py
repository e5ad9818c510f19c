"""The doors for people: the Makefile, the installer, the check that CI runs."""

import os
import re
import subprocess
import sys

from loci.stack import install
from loci.stack.state import PROJECT

MAKEFILE = (PROJECT / "Makefile").read_text()
HIDDEN = {"python", "packages", "test-packages"}


def test_every_target_is_words_and_listed_by_help():
    targets = set(re.findall(r"^([A-Za-z0-9_.-]+):(?!=)", MAKEFILE, re.MULTILINE))
    targets -= {".PHONY"}
    told = subprocess.run(
        ("/usr/bin/make", "--no-print-directory", "help"),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    listed = {line.split()[1] for line in told.splitlines()}

    assert listed == targets - HIDDEN
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", target) for target in targets)


def test_installing_a_lock_that_is_installed_does_nothing(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(install, "STAMP", tmp_path / "installed.json")
    install._remember(install.FULLEST_LOCK)

    code = install.main("requirements.lock")

    assert code == 0
    assert capsys.readouterr().out == ""


def test_installer_says_what_debian_needs_where_venv_does_not_work(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(install, "PYTHON", tmp_path / "python")
    monkeypatch.setattr(install, "_runs", lambda *_: False)

    code = install.main("requirements.lock")

    assert code == 1
    assert "apt-get install python3-venv" in capsys.readouterr().err


def test_installer_runs_without_anything_installed():
    done = subprocess.run(
        (
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import runpy; runpy.run_path({install.__file__!r})",
        ),
        check=False,
    )

    assert done.returncode == 0


def test_locks_name_no_registry_and_pin_every_package_by_hash():
    for lock in PROJECT.glob("requirements*.lock"):
        text = lock.read_text()
        packages = re.findall(r"^([a-z0-9][^ \n]*)==[^\n]*\\$", text, re.MULTILINE)

        assert "://" not in text
        assert "--index" not in text
        assert len(packages) == len(re.findall(r"^\S", text, re.MULTILINE)) - len(
            re.findall(r"^#", text, re.MULTILINE)
        )


def test_ci_script_is_executable_bash_without_errors():
    script = PROJECT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    assert subprocess.run(("/bin/bash", "-n", str(script)), check=False).returncode == 0
