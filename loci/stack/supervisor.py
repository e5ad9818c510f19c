"""`make run`: the whole product in one process in the foreground."""

import ctypes
import http.client
import os
import shlex
import signal
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack

from loci.stack import locks, product
from loci.stack.children import Child
from loci.stack.console import Console
from loci.stack.environment import product_environment
from loci.stack.keeping import Keeper
from loci.stack.problems import Problem
from loci.stack.servers import DURABLE, Holding, Servers, hold, start_missing
from loci.stack.state import (
    Running,
    State,
    read_running,
    state_from,
    write_running,
)

FIRST_PORT = 8000
PORTS_TRIED = 100
UNTIL_READY = 300.0
PAUSE = 0.25


def run(inherited: Mapping[str, str], console: Console) -> int:
    """Run until interrupted; everything that was started is stopped before we return.

    Web, workers, beat, broker and database end in this order: the reverse of their
    start.
    """
    state = state_from(inherited)
    with ExitStack() as ending:
        try:
            holding = hold(ending, state)
        except locks.Busy:
            console.say(_already(state))
            return 1
        try:
            _serve(ending, holding, inherited, console)
        except KeyboardInterrupt:
            console.say("\nstopping: web, workers, beat, broker, database")
    console.say("stopped")
    return 0


def end_with_parent() -> None:
    """End as if asked to when the process that started us ends, even if killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, int(signal.SIGTERM))


def _already(state: State) -> str:
    running = read_running(state)
    if running is None:
        return "already starting (or stopping) in this folder"
    if not running.address:
        return f"a command (process {running.pid}) holds the servers: end it first"
    return f"already running on {running.address} (process {running.pid})"


def _serve(
    ending: ExitStack, holding: Holding, inherited: Mapping[str, str], console: Console
) -> None:
    door = ending.enter_context(_door(inherited.get("PORT", ""), console))
    port = door.getsockname()[1]
    given = (inherited.get("DATABASE_URL", ""), inherited.get("REDIS_URL", ""))
    servers = start_missing(ending, holding, console, given, DURABLE)
    environment = product_environment(inherited, holding.state, servers)
    environment.setdefault("LOCI_SITE_URL", f"http://localhost:{port}")
    _prepare(ending, holding, environment, console)
    beat = product.beat(holding, environment)
    workers = [make(holding, environment) for make in (product.worker, product.mailer)]
    web = product.web(holding, environment, door)
    for child in (beat, *workers, web):
        ending.callback(child.stop)
    with console.step("starting web"):
        web.start()
        _wait_until_healthy(port, web)
    with console.step("starting workers and beat"):
        for worker in workers:
            worker.start()
        beat.start()
    _announce(port, holding.state, servers, environment, console)
    keeper = Keeper([*servers.children, web, *workers, beat], console.say)
    while True:
        keeper.look()
        time.sleep(PAUSE)


def _prepare(
    ending: ExitStack,
    holding: Holding,
    environment: Mapping[str, str],
    console: Console,
) -> None:
    """Tables, languages and what every installation begins with, in one process."""
    child = product.command(holding, environment, "prepare")
    ending.callback(child.stop)
    with console.step("preparing tables, languages, topics"):
        child.start()
        child.finish()


def _door(wanted: str, console: Console) -> socket.socket:
    """A socket on the wanted port of this machine, or on the next free one."""
    first = int(wanted) if wanted.isdigit() else FIRST_PORT
    for port in range(first, first + PORTS_TRIED):
        door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
        except OSError as error:
            door.close()
            console.say(
                f"port {port} cannot be had ({error.strerror}): trying the next"
            )
        else:
            return door
    raise Problem(f"no free port from {first} on; PORT may name another")


def _wait_until_healthy(port: int, web: Child) -> None:
    until = time.monotonic() + UNTIL_READY
    while not _healthy(port):
        if web.outcome() is not None or time.monotonic() > until:
            raise web.failure()
        time.sleep(PAUSE)


def _healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10.0)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _ways_in(port: int, state: State, environment: Mapping[str, str]) -> list[str]:
    """Where to come in, and where the mails are, without which nobody does."""
    if environment["LOCI_DEMO"] == "1":
        return [f"come in:  http://localhost:{port}/demo/"]
    where = f"LOCI_STATE={shlex.quote(str(state.folder))} " if state.is_chosen else ""
    ways = [f"come in:  http://localhost:{port}/ after {where}make admin EMAIL=you@…"]
    if not environment.get("LOCI_MAIL_URL"):
        ways.append(
            f"mails, with codes to sign in, are printed into {state.log_of('mailer')}"
        )
        ways.append("set LOCI_MAIL_URL to send them")
    return ways


def _announce(
    port: int,
    state: State,
    servers: Servers,
    environment: Mapping[str, str],
    console: Console,
) -> None:
    address = f"http://127.0.0.1:{port}"
    write_running(
        state, Running(os.getpid(), servers.database_url, servers.redis_url, address)
    )
    console.say(f"ready on {address}")
    for line in _ways_in(port, state, environment):
        console.say(f"  {line}")
    console.say("  passkeys need localhost in the address, not 127.0.0.1")
    console.say(f"  logs: {state.log}   stop: Ctrl-C")
