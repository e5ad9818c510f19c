"""Our own Valkey: the broker and the cache, one process, one socket, no network."""

import signal
import socket
from pathlib import Path

from loci.stack.children import Child, Program
from loci.stack.places import Place, own

SPEAKS = {"LC_ALL": "C", "TZ": "UTC"}
DURABLE = ("--appendonly", "yes")
FORGETFUL = ("--appendonly", "no", "--hz", "10")


def socket_of(place: Place) -> Path:
    return place.sockets / "valkey.sock"


def address(place: Place) -> str:
    return f"unix://{socket_of(place)}"


def valkey(
    place: Place, log: Path, memory: tuple[str, ...], inherits: tuple[int, ...]
) -> Child:
    """The broker, not started yet.

    Its folder is where it begins, so that no path needs quoting for its settings.
    """
    own(place.broker, place.account)
    return Child(
        Program(
            name="broker",
            command=(
                str(place.valkey),
                *("--port", "0", "--unixsocket", str(socket_of(place))),
                *("--unixsocketperm", "700", "--dir", ".", "--save", ""),
                *("--maxmemory-policy", "noeviction", "--hz", "1"),
                *memory,
            ),
            environment=SPEAKS,
            folder=place.broker,
            log=log,
            farewell=((signal.SIGTERM, 20.0),),
            account=place.account,
            inherits=inherits,
        )
    )


def answers(place: Place) -> bool:
    """Whether it says PONG; while it reads its file it says that it is loading."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as talk:
        talk.settimeout(1.0)
        try:
            talk.connect(str(socket_of(place)))
            talk.sendall(b"PING\r\n")
            return talk.recv(64).startswith(b"+PONG")
        except OSError:
            return False
