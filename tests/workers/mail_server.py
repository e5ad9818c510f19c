"""A mail server of the tests: it keeps what it accepts, and can be asked to misbehave."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_string


class MailServer(socketserver.ThreadingTCPServer):
    """`accepted` holds (Message-ID, address) of each mail, in order."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.accepted: list[tuple[str, str]] = []
        self.before_answering: Callable[[int], None] = lambda _number: None

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def accept(self, text: str, address: str) -> None:
        name = message_from_string(text)["Message-ID"]
        self.accepted.append((name, address))
        self.before_answering(len(self.accepted))

    def handle_error(self, *_given: object) -> None:
        """The other end was killed: that is what these tests do."""


class Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 here")
        address = ""
        while line := self.line().strip():
            word = line.upper()
            if word == "QUIT":
                self.say("221 bye")
                return
            if word.startswith("RCPT"):
                address = line.partition("<")[2].partition(">")[0]
            if word == "DATA":
                self.say("354 go on")
                self.server.accept(self.text(), address)
            self.say("250 fine")

    def line(self) -> str:
        return self.rfile.readline().decode(errors="replace")

    def text(self) -> str:
        return "".join(iter(self.line, ".\r\n"))

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
