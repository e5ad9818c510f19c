"""The servers of a state folder: started when they are not given, stopped at the end."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from loci.stack import locks, places, postgres, valkey
from loci.stack.children import Child, trim_logs
from loci.stack.console import Console
from loci.stack.problems import Problem
from loci.stack.state import State, make_folders

PAUSE = 0.05
LEAVE = 60.0
"""Seconds that the children of a killed supervisor get to end."""
PATIENCE = {"database": 300.0, "broker": 60.0}
"""Seconds: a database that was cut off may first read its journal again."""


@dataclass(frozen=True)
class Memory:
    """What the servers promise to remember."""

    postgres: dict[str, str]
    valkey: tuple[str, ...]


DURABLE = Memory(dict(postgres.DURABLE), valkey.DURABLE)
FORGETFUL = Memory(dict(postgres.FORGETFUL), valkey.FORGETFUL)


@dataclass(frozen=True)
class Holding:
    """The right to start servers in a state folder; children inherit `locks`."""

    state: State
    locks: tuple[int, ...]


def hold(ending: ExitStack, state: State) -> Holding:
    """Become the only holder of a state folder, until `ending` closes.

    Raises `Busy` when another process holds it. Waits for what a killed holder
    left behind: its children end by themselves.
    """
    make_folders(state)
    ending.enter_context(locks.held(state.holder_lock))
    state.running.unlink(missing_ok=True)
    ending.callback(state.running.unlink, missing_ok=True)
    try:
        children = ending.enter_context(locks.held(state.children_lock, patience=LEAVE))
    except locks.Busy as error:
        raise Problem(
            f"processes of an earlier run still use {state.folder}"
        ) from error
    trim_logs(state.log)
    return Holding(state, (children,))


def start_database(
    ending: ExitStack, holding: Holding, memory: Memory
) -> tuple[str, Child]:
    """Start Postgres, to be stopped when `ending` closes; return its address."""
    place = places.place_for(holding.state)
    ending.callback(places.tidy, place)
    log = holding.state.log_of("database")
    child = postgres.postgres(place, log, memory.postgres, holding.locks)
    _start(ending, child, lambda: postgres.answers(place, child.pid))
    return postgres.address(place), child


def start_broker(
    ending: ExitStack, holding: Holding, memory: Memory
) -> tuple[str, Child]:
    """Start Valkey, to be stopped when `ending` closes; return its address."""
    place = places.place_for(holding.state)
    ending.callback(places.tidy, place)
    log = holding.state.log_of("broker")
    child = valkey.valkey(place, log, memory.valkey, holding.locks)
    _start(ending, child, lambda: valkey.answers(place))
    return valkey.address(place), child


@dataclass
class Servers:
    """Where the servers are, and those of them that we started."""

    database_url: str
    redis_url: str
    children: list[Child]
    own_database: bool


def start_missing(
    ending: ExitStack,
    holding: Holding,
    console: Console,
    given: tuple[str, str],
    memory: Memory,
) -> Servers:
    """Start those servers that `given` (database, broker) does not name."""
    database_url, redis_url = given
    children = []
    if not database_url:
        with console.step("starting the database"):
            database_url, child = start_database(ending, holding, memory)
        children.append(child)
        home = child.program.folder
        if not home.is_relative_to(holding.state.folder):
            console.say(f"  its account cannot reach this folder: data in {home}")
    if not redis_url:
        with console.step("starting the broker"):
            redis_url, child = start_broker(ending, holding, memory)
        children.append(child)
    return Servers(database_url, redis_url, children, own_database=not given[0])


def _start(ending: ExitStack, child: Child, answers: Callable[[], bool]) -> None:
    ending.callback(child.stop)
    child.start()
    until = time.monotonic() + PATIENCE[child.program.name]
    while not answers():
        if child.outcome() is not None or time.monotonic() > until:
            raise child.failure()
        time.sleep(PAUSE)
