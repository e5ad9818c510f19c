"""One command with the servers up: `make shell`, `make manage`, `make bench`."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from loci.stack import locks, places
from loci.stack.console import Console
from loci.stack.environment import product_environment
from loci.stack.problems import Problem
from loci.stack.servers import DURABLE, Servers, hold, start_missing
from loci.stack.state import (
    PROJECT,
    Running,
    State,
    make_folders,
    read_running,
    state_from,
    write_running,
)

UNTIL_ATTACHED = 300.0
PAUSE = 0.1
KILLED_BY = 128
"""What a shell adds to the number of the signal that ended a command."""


def run_command(
    command: list[str], inherited: Mapping[str, str], console: Console
) -> int:
    """Run a command with the servers of this folder; return its exit code.

    Servers that another process holds are used as they are; else ours run for as
    long as the command does.
    """
    state = state_from(inherited)
    with ExitStack() as ending:
        servers = _servers(ending, state, inherited, console)
        return _run(command, product_environment(inherited, state, servers))


def run_command_with_throwaway_servers(
    command: list[str], inherited: Mapping[str, str], console: Console
) -> int:
    """The same with servers of its own, which are forgotten afterwards."""
    with throwaway_state(state_from(inherited)) as state, ExitStack() as ending:
        holding = hold(ending, state)
        servers = start_missing(ending, holding, console, ("", ""), DURABLE)
        return _run(command, product_environment(inherited, state, servers))


@contextmanager
def throwaway_state(beside: State) -> Iterator[State]:
    """A state folder inside another that is gone at the end.

    Those that a killed process left behind go first.
    """
    make_folders(beside)
    for old in beside.folder.glob("throwaway-*"):
        _forget_if_unused(State(old))
    state = State(Path(tempfile.mkdtemp(prefix="throwaway-", dir=beside.folder)))
    if os.geteuid() == 0:
        state.folder.chmod(0o711)
    try:
        yield state
    finally:
        places.forget(state)


def clean(inherited: Mapping[str, str], console: Console) -> int:
    """Remove the state folder, after asking."""
    state = state_from(inherited)
    console.say(f"This removes {state.folder}: the database, logs, the secret key.")
    if input("Type yes to go on: ").strip() != "yes":
        console.say("nothing removed")
        return 0
    make_folders(state)
    with locks.held(state.holder_lock):
        places.forget(state)
    console.say("removed")
    return 0


def _forget_if_unused(state: State) -> None:
    try:
        make_folders(state)
        with locks.held(state.holder_lock), locks.held(state.children_lock):
            places.forget(state)
    except locks.Busy:
        return


def _servers(
    ending: ExitStack, state: State, inherited: Mapping[str, str], console: Console
) -> Servers:
    given = (inherited.get("DATABASE_URL", ""), inherited.get("REDIS_URL", ""))
    if all(given):
        make_folders(state)
        return Servers(*given, children=[], own_database=False)
    try:
        holding = hold(ending, state)
    except locks.Busy:
        return _attach(ending, state, given)
    console.say(f"nothing runs in {state.folder}: its servers start for this command")
    servers = start_missing(ending, holding, console, given, DURABLE)
    write_running(state, Running(os.getpid(), servers.database_url, servers.redis_url))
    ending.callback(_wait_for_users, state, console)
    return servers


def _attach(ending: ExitStack, state: State, given: tuple[str, str]) -> Servers:
    until = time.monotonic() + UNTIL_ATTACHED
    while (running := read_running(state)) is None:
        if time.monotonic() > until:
            raise Problem(f"the servers of {state.folder} are held, but do not start")
        time.sleep(PAUSE)
    ending.enter_context(locks.shared(state.users_lock))
    return Servers(
        given[0] or running.database_url,
        given[1] or running.redis_url,
        children=[],
        own_database=not given[0],
    )


def _wait_for_users(state: State, console: Console) -> None:
    """Do not take the servers away from a command that attached itself to them."""
    try:
        with locks.held(state.users_lock):
            return
    except locks.Busy:
        console.say("another command still uses the servers: waiting until it ends")
    with locks.held(state.users_lock, patience=float("inf")):
        return


def _run(command: list[str], environment: Mapping[str, str]) -> int:
    """Run in the foreground: Ctrl-C is the command's to answer, not ours."""
    process = subprocess.Popen(command, cwd=PROJECT, env=dict(environment))

    def hand_on(number: int, _frame: FrameType | None) -> None:
        process.send_signal(number)

    ours = (
        signal.signal(signal.SIGINT, _let_the_terminal_tell),
        signal.signal(signal.SIGTERM, hand_on),
    )
    try:
        code = process.wait()
    finally:
        signal.signal(signal.SIGINT, ours[0])
        signal.signal(signal.SIGTERM, ours[1])
    return code if code >= 0 else KILLED_BY - code


def _let_the_terminal_tell(_number: int, _frame: FrameType | None) -> None:
    """Ctrl-C has reached the command as well: it is in our group."""
