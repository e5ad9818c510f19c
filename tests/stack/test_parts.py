"""The supervisor's parts, without servers."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from loci.stack import browser, environment, keeping, locks, places, supervisor
from loci.stack.children import Account, Child, Program
from loci.stack.console import Console
from loci.stack.interruptions import Interruptions
from loci.stack.problems import Problem
from loci.stack.servers import Servers
from loci.stack.state import (
    PROJECT,
    Running,
    State,
    make_folders,
    read_running,
    secret_key,
    state_from,
    write_running,
)

OWN = Servers("postgres://own", "unix:///own", children=[], own_database=True)
GIVEN = Servers("postgres://given", "redis://given", children=[], own_database=False)


@pytest.fixture
def state(tmp_path: Path) -> State:
    state = State(tmp_path / "state")
    make_folders(state)
    return state


def program(tmp_path: Path, script: str, **changes: Any) -> Program:
    return Program(
        name="part",
        command=("/bin/sh", "-c", script),
        environment={"PATH": "/usr/bin:/bin"},
        folder=tmp_path,
        log=tmp_path / "part.log",
        **changes,
    )


def test_state_folder_is_the_given_one_or_that_of_the_project():
    assert state_from({}).folder == PROJECT / ".state"
    assert state_from({"LOCI_STATE": "with space"}).folder == PROJECT / "with space"
    assert state_from({"LOCI_STATE": "/far/away"}).folder == Path("/far/away")


def test_an_empty_product_says_where_the_mails_are_and_how_one_comes_in(state: State):
    own, mailed = State(PROJECT / ".state"), {"LOCI_MAIL_URL": "smtp://mail.example"}
    ways = {
        name: "\n".join(supervisor._ways_in(8000, where, {"LOCI_DEMO": "0"} | also))
        for name, where, also in (
            ("own", own, {}),
            ("chosen", state, {}),
            ("mailed", own, mailed),
        )
    }

    assert "after make admin EMAIL=" in ways["own"]
    assert f"{own.folder}/log/mailer.log" in ways["own"]
    assert f"after LOCI_STATE={state.folder} make admin EMAIL=" in ways["chosen"]
    assert "mailer.log" not in ways["mailed"]
    assert supervisor._ways_in(8000, own, {"LOCI_DEMO": "1"}) == [
        "come in:  http://localhost:8000/demo/"
    ]


def test_secret_key_is_kept_and_private(state: State):
    key = secret_key(state)

    assert secret_key(state) == key
    assert len(key) >= 50
    assert (state.folder / "secret-key").stat().st_mode & 0o777 == 0o600


def test_what_runs_is_read_as_it_was_written_and_never_half(state: State):
    running = Running(17, "postgres://x", "unix:///x", "http://127.0.0.1:1")

    write_running(state, running)

    assert read_running(state) == running
    assert state.running.stat().st_mode & 0o777 == 0o600
    state.running.write_text('{"pid": 1')
    assert read_running(state) is None


def test_lock_is_busy_until_the_last_child_that_inherited_it_ends(tmp_path: Path):
    path = tmp_path / "lock"
    with locks.held(path) as descriptor:
        child = Child(program(tmp_path, "sleep 60", inherits=(descriptor,)))
        child.start()
    try:
        with pytest.raises(locks.Busy), locks.held(path):
            pass
    finally:
        child.stop()
    with locks.held(path, patience=60.0):
        pass


def test_shared_lock_waits_for_nobody_but_a_sole_holder(tmp_path: Path):
    path = tmp_path / "lock"
    with (
        locks.shared(path),
        locks.shared(path),
        pytest.raises(locks.Busy),
        locks.held(path),
    ):
        pass
    with locks.held(path), pytest.raises(locks.Busy), locks.shared(path):
        pass


def test_environment_on_own_servers_is_the_demo_of_one_machine(state: State):
    made = environment.product_environment(
        {"PGHOST": "x", "LOCI_DEBUG": ""}, state, OWN
    )

    assert made["DATABASE_URL"] == "postgres://own"
    assert made["REDIS_URL"] == "unix:///own"
    assert made["LOCI_DEMO"] == made["LOCI_OWN_DATABASE"] == made["LOCI_LOCAL"] == "1"
    assert made["LOCI_DEBUG"] == "0"
    assert made["LOCI_SECRET_KEY"] == secret_key(state)
    assert "PGHOST" not in made


def test_environment_on_given_servers_keeps_what_is_set(state: State):
    set_before = {"LOCI_SECRET_KEY": "k", "LOCI_HOSTS": "a.example", "PGSSLMODE": "x"}

    made = environment.product_environment(
        {**set_before, "LOCI_OWN_DATABASE": "1"}, state, GIVEN
    )

    assert {name: made[name] for name in set_before} == set_before
    assert made["LOCI_DEMO"] == made["LOCI_OWN_DATABASE"] == "0"


def test_child_that_ignores_the_first_wish_gets_the_next(tmp_path: Path):
    farewell = ((signal.SIGINT, 0.05), (signal.SIGTERM, 60.0))
    stubborn = "trap '' INT; trap 'echo bye; exit 0' TERM; echo up; while :; do :; done"
    child = Child(program(tmp_path, stubborn, farewell=farewell))
    child.start()
    while "up" not in child.program.log.read_text():
        assert child.outcome() is None

    child.stop()

    assert child.program.log.read_text() == "up\nbye\n"
    assert child.outcome() is None


def test_finishing_a_program_that_fails_shows_the_end_of_its_log(tmp_path: Path):
    child = Child(program(tmp_path, "seq 3; exit 3"))
    child.program.log.write_text("an earlier run\n")
    child.start()

    with pytest.raises(Problem) as refusal:
        child.finish()

    assert str(refusal.value) == (
        f"part did not do its work; the end of {tmp_path}/part.log:\n  1\n  2\n  3"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone ties a child to us")
def test_child_ends_with_a_killed_parent(tmp_path: Path):
    script = f"""
import os, signal, sys
sys.path.insert(0, {str(PROJECT)!r})
from pathlib import Path
from typing import Any
from loci.stack.children import Child, Program
child = Child(Program("part", ("/bin/sleep", "600"), {{}}, Path("/"),
    Path({str(tmp_path / "log")!r}), inherits=(1,)))
child.start()
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run(
        (sys.executable, "-c", script), stdout=subprocess.PIPE, timeout=60, check=False
    )  # its output stays open until the grandchild has ended as well

    assert done.returncode == -signal.SIGKILL


def test_keeper_starts_again_later_each_time_and_says_so(tmp_path: Path):
    said: list[str] = []
    now = [0.0]
    child = Child(program(tmp_path, "exit 7"))
    child.start()
    keeper = keeping.Keeper([child], said.append, clock=lambda: now[0])

    for _ in range(3):
        lines = len(said)
        while len(said) == lines:
            keeper.look()
        now[0] += 30.0
        keeper.look()
    child.stop()

    assert [line.split(";")[0] for line in said] == [
        f"part ended by itself (7): starting it again in {pause} s"
        for pause in (1, 2, 4)
    ]


def test_pauses_grow_to_half_a_minute():
    assert [keeping.pause_after(n) for n in (1, 2, 5, 6, 60)] == [1, 2, 16, 30, 30]


def test_wishes_close_together_are_one():
    wishes = Interruptions()

    with pytest.raises(KeyboardInterrupt):
        wishes._arrived(signal.SIGTERM, None)
    wishes._arrived(signal.SIGTERM, None)


def test_socket_path_is_short_however_long_the_project(tmp_path: Path):
    home = tmp_path.joinpath(*["a very long name of a folder"] * 12)

    sockets = places._sockets(home, Account(65534, 65534))

    assert len(str(sockets / ".s.PGSQL.5432.lock")) <= 107


def test_folder_that_others_can_open_is_refused(tmp_path: Path):
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o755)

    with pytest.raises(Problem, match="not ours alone"):
        places.own(folder, Account())


def test_link_in_place_of_our_folder_is_refused(tmp_path: Path):
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")

    with pytest.raises(Problem, match="not ours alone"):
        places.own(tmp_path / "link", Account())


def test_door_says_that_a_port_is_taken_and_takes_the_next_free_one():
    said = io.StringIO()
    with supervisor._door("0", Console(said)) as first:
        first.listen()
        taken = first.getsockname()[1]

        with supervisor._door(str(taken), Console(said)) as second:
            assert second.getsockname()[1] > taken

    assert f"port {taken} cannot be had" in said.getvalue()


def test_console_outlives_its_reader():
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "w") as stream:
        console = Console(stream)
        console.say("nobody reads this")
        with console.step("nor this"):
            pass
        with pytest.raises(BrokenPipeError):
            stream.flush()
        os.dup2(os.open(os.devnull, os.O_WRONLY), theirs)


@pytest.mark.parametrize(
    ("given", "without"),
    [
        ({}, False),
        ({"LOCI_SKIP_BROWSER": "1"}, True),
        ({"LOCI_SKIP_BROWSER": "1", "CI": "true"}, False),
    ],
)
def test_browser_tests_are_left_out_on_wish_but_never_in_ci(given, without):
    assert browser._may_do_without(given) is without
