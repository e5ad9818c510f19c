"""The servers alone, started by `exec`: what kills and odd folders do to them."""

import os
import signal
import stat
from pathlib import Path

import pytest

from loci.stack import places
from loci.stack.state import State
from tests.stack.drills import (
    alive,
    descendants,
    nothing_left,
    stack,
    state_named,
    until,
)

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("stack")]

PSQL = """
import sys, psycopg2
from urllib.parse import urlsplit
host, _, name = urlsplit(__import__("os").environ["DATABASE_URL"]).path[1:].rpartition("/")
talk = psycopg2.connect(host=host, dbname=name, user="loci")
talk.autocommit = True
cursor = talk.cursor()
cursor.execute(sys.argv[1])
print("answer:", cursor.fetchone()[0] if cursor.description else None, flush=True)
"""
WAIT = """
import os, signal
print("waiting", os.environ["DATABASE_URL"], flush=True)
signal.pause()
"""


def sql(statement: str) -> tuple[str, ...]:
    return ("exec", "--", ".venv/bin/python", "-c", PSQL, statement)


def waiting() -> tuple[str, ...]:
    return ("exec", "--", ".venv/bin/python", "-c", WAIT)


def test_servers_end_with_a_killed_supervisor_and_start_again_with_their_rows():
    with state_named("killed") as state:
        with stack(state, *sql("create table kept as select 17 as n")) as made:
            assert made.ends() == 0, made.said
        with stack(state, *waiting()) as drill:
            drill.says("waiting")
            servers = descendants(drill.process.pid)

            drill.told(signal.SIGKILL)

            until(lambda: nothing_left(state))
            command = {pid for pid in servers if alive(pid)}
            for pid in command:  # only the command itself is not ours to end
                os.kill(pid, signal.SIGKILL)
            assert len(command) == 1

        with stack(state, *sql("select n from kept")) as again:
            assert "answer: 17" in again.says("answer")
            assert again.ends() == 0


def test_a_second_command_uses_the_servers_of_the_first_and_keeps_them_up():
    with state_named("shared") as state, stack(state, *waiting()) as first:
        first.says("waiting")

        with stack(state, *waiting()) as second:
            assert second.says("waiting").split()[-1] in first.said
            first.told(signal.SIGTERM)
            first.says("another command still uses the servers")
            second.told(signal.SIGTERM)
            assert second.ends() == 128 + signal.SIGTERM

        assert first.ends() == 128 + signal.SIGTERM
        assert nothing_left(state)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs Postgres as another")
def test_servers_of_root_live_elsewhere_when_their_account_cannot_reach_the_project(
    tmp_path: Path,
):
    private = tmp_path / "private home" / ("long " * 20 + "name")
    private.mkdir(parents=True)
    tmp_path.chmod(0o700)
    state = State(private / "state")
    try:
        with stack(state, *sql("show data_directory")) as drill:
            said = drill.says("answer")

            assert drill.ends() == 0
            place = places.place_for(state)
            assert f"answer: {place.database}" in said
            assert not place.home.is_relative_to(tmp_path)
            assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    finally:
        places.forget(state)
    assert not place.home.exists()
    assert not place.sockets.exists()


def test_servers_start_in_a_long_path_with_a_space():
    with (
        state_named("a name", "long-" * 30, "with space") as state,
        stack(state, *sql("show data_directory")) as drill,
    ):
        assert str(state.folder) in drill.says("answer")
        assert drill.ends() == 0
