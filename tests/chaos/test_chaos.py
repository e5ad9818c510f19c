"""A wave goes on while web, worker, broker and database are killed again and again.

No acknowledged answer is lost; each reminder due goes out, none as a second mail but what
had been accepted when its worker was killed (the same Message-ID then). `make chaos` runs
it with 500 pairs and forty kills.
"""

import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from loci.stack.state import PROJECT, State
from tests.bench import report
from tests.stack.drills import Drill, descendants, stack, state_named
from tests.workers.mail_server import mail_server

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("stack")]

PAIRS = int(os.environ.get("LOCI_CHAOS_PAIRS", "8"))
KILLS = int(os.environ.get("LOCI_CHAOS_KILLS", "8"))
SAVES = int(os.environ.get("LOCI_CHAOS_SAVES", "4"))  # of each person
IS_WHOLE = "LOCI_CHAOS_PAIRS" in os.environ
TITLE = "A wave while everything is killed"
PATIENCE = 600.0
TOKEN = "0123456789abcdefghijABCDEFGHIJ01"
READY = re.compile(r"^ready on http://127\.0\.0\.1:(\d+)$", re.MULTILINE)
VICTIMS = {
    "web": b"gunicorn",
    "worker": b"\0worker\0",
    "broker": b"valkey",
    "database": b"postgres",
}
SETTINGS = {"LOCI_DEMO": "0", "LOCI_SWEEP_SECONDS": "2", "LOCI_CLAIM_SECONDS": "5"}


def inside(state: State, *arguments: str) -> None:
    """A command with the product's settings, on the servers that are running."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("LOCI_") and name not in {"DATABASE_URL", "REDIS_URL"}
    }
    subprocess.run(
        (
            *(sys.executable, "-m", "loci.stack", "exec", "--", sys.executable),
            *("-W", "ignore", "-m", "tests.chaos", *arguments),
        ),
        cwd=PROJECT,
        env={**kept, **SETTINGS, "LOCI_STATE": str(state.folder)},
        check=True,
        timeout=PATIENCE,
    )


def save(
    port: int, cookie: str, person: dict[str, str], text: str, version: int
) -> int:
    """Save until the product says that it is saved; the new version."""
    latest = time.monotonic() + PATIENCE
    body = urlencode(
        {
            "csrfmiddlewaretoken": TOKEN,
            "field": "frank-0-value",
            "value": text,
            "version": version,
        }
    )
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{cookie}={person['session']}; loci_csrf={TOKEN}",
    }
    while time.monotonic() < latest:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        with suppress(OSError, http.client.HTTPException), closing(line):
            line.request("POST", f"/surveys/{person['part']}/save/", body, headers)
            answer = line.getresponse()
            content = answer.read()
            if answer.status == http.client.OK:
                return int(json.loads(content)["version"])
            assert answer.status >= 500, content
        time.sleep(0.2)
    raise AssertionError("it was never saved")


def kill_one(drill: Drill, chance: random.Random) -> str:
    """End a part of the product in an instant: its oldest process."""
    name = chance.choice(list(VICTIMS))
    found = []
    for pid in descendants(drill.process.pid):
        with suppress(OSError):
            if VICTIMS[name] in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    if found:
        with suppress(ProcessLookupError):
            os.kill(min(found), signal.SIGKILL)
    return name if found else ""


@dataclass
class Wave:
    """A wave of synthetic pairs on a running product, and what people were told of it."""

    port: int
    cookie: str
    people: list[dict[str, str]]
    acknowledged: dict[str, list[str]] = field(default_factory=dict)
    killed: list[str] = field(default_factory=list)
    told_meanwhile: int = 0

    def answer(self, people: list[dict[str, str]]) -> None:
        for number in range(SAVES):
            for person in people:
                text = f"Words {number}"
                save(self.port, self.cookie, person, text, number)
                self.acknowledged.setdefault(person["part"], []).append(text)

    def goes_on_while_killing(self, drill: Drill) -> None:
        """Four devices at a time save; meanwhile one part after another is killed."""
        chance = random.Random(20261125)  # noqa: S311  # a drill, not a secret
        threads = [
            threading.Thread(target=self.answer, args=(self.people[first::4],))
            for first in range(4)
        ]
        for thread in threads:
            thread.start()
        while len(self.killed) < KILLS:
            time.sleep(chance.uniform(1, 6))
            if name := kill_one(drill, chance):
                self.killed.append(name)
                self.told_meanwhile = sum(map(len, self.acknowledged.values()))
        for thread in threads:
            thread.join(PATIENCE)


def test_no_answer_is_lost_and_no_reminder_twice_whatever_is_killed(tmp_path):
    with mail_server() as mails, state_named("chaos") as state:
        told = {**SETTINGS, "LOCI_MAIL_URL": f"smtp://127.0.0.1:{mails.port}"}
        with stack(state, "run", PORT="0", **told) as drill:
            port = port_of(drill)
            inside(state, "build", str(PAIRS), str(tmp_path / "wave"))
            wave = Wave(port, **json.loads((tmp_path / "wave").read_text()))
            wave.goes_on_while_killing(drill)
            found = counted_in_the_end(state, tmp_path)

    mails_of = Counter(name for name, _address in mails.accepted)
    twice = sum(count - 1 for count in mails_of.values())
    killed = Counter(wave.killed)
    table = tell(wave, found, len(mails_of), twice)
    print(table)  # noqa: T201
    all_of_them = [f"Words {number}" for number in range(SAVES)]
    people, each = 2 * PAIRS, {person["part"]: all_of_them for person in wave.people}
    assert wave.acknowledged == each
    assert found == {
        "history": each,
        "now": {part: texts[-1] for part, texts in each.items()},
        "reminders": people,
        "people": people,
        "sent": people,
        "waiting": 0,
    }
    assert len(mails_of) == people
    assert twice <= killed["worker"] + killed["database"]
    if IS_WHOLE:
        report.write(TITLE, table)


def tell(wave: Wave, found: dict[str, Any], mails: int, twice: int) -> str:
    """What the drill found, as a table."""
    killed = Counter(wave.killed)
    kept = found["history"]
    told = [(part, text) for part, said in wave.acknowledged.items() for text in said]
    lost = sum(text not in kept.get(part, ()) for part, text in told)
    rows = (
        ("pairs; people who save, four devices at a time", f"{PAIRS}; {2 * PAIRS}"),
        *((f"kills (kill -9): {name}", killed[name]) for name in VICTIMS),
        ("saves acknowledged before the last kill", wave.told_meanwhile),
        ("saves acknowledged; lost", f"{len(told)}; {lost}"),
        ("reminders due; sent", f"{2 * PAIRS}; {found['sent']}"),
        ("reminders that reached the mail server", mails),
        ("twice, with the same Message-ID", twice),
    )
    return "\n".join(("| | |", "|---|---:|", *(f"| {a} | {b} |" for a, b in rows)))


def port_of(drill: Drill) -> int:
    """The port of the product, once it is ready; a busy machine takes its time."""
    latest = time.monotonic() + PATIENCE
    while "stop: Ctrl-C" not in drill.said:
        assert drill.process.poll() is None, drill.said
        assert time.monotonic() < latest, drill.said
        time.sleep(0.2)
    return int(READY.findall(drill.said)[0])


def counted_in_the_end(state: State, folder: Path):
    """What the database holds once all has gone out; it may be mending itself still."""
    latest = time.monotonic() + PATIENCE
    while time.monotonic() < latest:
        with suppress(subprocess.CalledProcessError):
            inside(state, "count", str(folder / "count"))
            found = json.loads((folder / "count").read_text())
            if found["sent"] >= 2 * PAIRS:
                return found
        time.sleep(2)
    inside(state, "count", str(folder / "count"))
    return json.loads((folder / "count").read_text())
