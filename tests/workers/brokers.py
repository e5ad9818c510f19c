"""A broker of a test's own, that can be stopped, silenced and robbed of its memory."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from loci.stack import places, valkey
from loci.stack.children import Child
from loci.stack.places import Place
from loci.stack.servers import DURABLE, hold, start_broker
from tests.stack.drills import state_named
from tests.workers.processes import until


@dataclass
class Broker:
    url: str
    place: Place
    child: Child

    @property
    def for_celery(self) -> str:
        return f"redis+socket://{valkey.socket_of(self.place)}?virtual_host=0"

    def stop(self) -> None:
        self.child.stop()

    def start(self) -> None:
        self.child.start()
        until(lambda: valkey.answers(self.place))

    def forget(self) -> None:
        """What it kept on disk is gone; it must be stopped."""
        shutil.rmtree(self.place.broker)
        places.own(self.place.broker, self.place.account)

    @contextmanager
    def away(self, how: str) -> Iterator[None]:
        """`dead`: refuses connections. `hole`: takes them and never says a word."""
        if how == "dead":
            self.stop()
        else:
            os.kill(self.child.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            if how == "dead":
                self.start()
            else:
                os.kill(self.child.pid, signal.SIGCONT)


@contextmanager
def own_broker() -> Iterator[Broker]:
    with state_named("broker") as state, ExitStack() as ending:
        holding = hold(ending, state)
        url, child = start_broker(ending, holding, DURABLE)
        yield Broker(url, places.place_for(state), child)
