"""`make run` on a machine that has nothing: the whole product, killed and stopped."""

import http.client
import os
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from loci.stack.state import State
from tests.stack.drills import (
    Drill,
    alive,
    descendants,
    nothing_left,
    stack,
    state_named,
    until,
)

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("stack")]

READY = re.compile(r"^ready on (http://127\.0\.0\.1:\d+)$", re.MULTILINE)


def test_the_product_starts_once_mends_itself_and_leaves_nothing():
    with state_named("product") as state, taken_port() as port:
        with running(state, port) as drill:
            address = ready_address(drill)
            assert f"port {port} cannot be had" in drill.said
            assert address != f"http://127.0.0.1:{port}"
            family = descendants(drill.process.pid)

            with running(state, port) as second:
                assert second.ends() == 1
                assert f"already running on {address}" in second.said

            os.kill(worker_of(family), signal.SIGKILL)
            drill.says("worker ended by itself (-9): starting it again in 1 s")
            until(lambda: bool(descendants(drill.process.pid) - family))
            family |= descendants(drill.process.pid)

            drill.told(signal.SIGKILL)
            until(lambda: nothing_left(state))
            assert not any(alive(pid) for pid in family)

        with running(state, port) as again:
            assert ready_address(again) == address
            family = descendants(again.process.pid)

            again.told(signal.SIGINT)

            assert again.ends() == 0
            assert again.said.endswith(
                "stopping: web, workers, beat, broker, database\nstopped\n"
            )
            assert nothing_left(state)
            assert not any(alive(pid) for pid in family)
            assert not health(address)


def running(state: State, port: int):
    return stack(state, "run", PORT=str(port), LOCI_DEMO="0")


def ready_address(drill: Drill) -> str:
    drill.says("stop: Ctrl-C")
    (address,) = READY.findall(drill.said)
    assert health(address)
    return str(address)


def health(address: str) -> bool:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except ConnectionRefusedError:
        return False
    finally:
        connection.close()


def worker_of(family: set[int]) -> int:
    """The main process of the worker: the oldest that runs its command."""
    return min(pid for pid in family if b"\0worker\0" in command_of(pid))


def command_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


@contextmanager
def taken_port() -> Iterator[int]:
    """A port that somebody else holds, for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]
