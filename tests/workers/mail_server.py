"""A mail server of the tests: it keeps what it accepts, and can be asked to misbehave."""

import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_string
from enum import Enum


class Answer(Enum):
    """What becomes of one mail."""

    FINE = "250 fine"
    LATER = "451 not now"
    NEVER = "552 no room"
    CUT_AFTER = "cut after 250"
    CUT_INSTEAD = "accepted, cut without a word"

    @property
    def accepts(self) -> bool:
        return self in {Answer.FINE, Answer.CUT_AFTER, Answer.CUT_INSTEAD}

    @property
    def cuts(self) -> bool:
        return self in {Answer.CUT_AFTER, Answer.CUT_INSTEAD}


class MailServer(socketserver.ThreadingTCPServer):
    """`accepted` holds (Message-ID, address) of each mail, in order.

    `answer` decides what becomes of a mail by its Message-ID; `pause` is the seconds
    before each line that the server says.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.accepted: list[tuple[str, str]] = []
        self.before_answering: Callable[[int], None] = lambda _number: None
        self.answer: Callable[[str], Answer] = lambda _name: Answer.FINE
        self.answered: list[tuple[str, Answer]] = []
        self.talks = 0
        self.pause = 0.0

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def take(self, text: str, address: str) -> Answer:
        name = message_from_string(text)["Message-ID"]
        answer = self.answer(name)
        self.answered.append((name, answer))
        if answer.accepts:
            self.accepted.append((name, address))
            self.before_answering(len(self.accepted))
        return answer

    def handle_error(self, *_given: object) -> None:
        """The other end was killed: that is what these tests do."""


class Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.talks += 1
        self.say("220 here")
        address = ""
        while line := self.line().strip():
            word = line.upper()
            if word == "QUIT":
                self.say("221 bye")
                return
            if word.startswith("RCPT"):
                address = line.partition("<")[2].partition(">")[0]
            answer = Answer.FINE
            if word == "DATA":
                self.say("354 go on")
                answer = self.server.take(self.text(), address)
            if answer is not Answer.CUT_INSTEAD:
                self.say(Answer.FINE.value if answer.accepts else answer.value)
            if answer.cuts:
                return

    def line(self) -> str:
        return self.rfile.readline().decode(errors="replace")

    def text(self) -> str:
        return "".join(iter(self.line, ".\r\n"))

    def say(self, words: str) -> None:
        time.sleep(self.server.pause)
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
