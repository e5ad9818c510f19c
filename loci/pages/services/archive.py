"""Everything public as files that open without a server.

Pages are asked for as a visitor would, by the product's own handler; links between them
become relative, what belongs to the running product (scripts, forms, sign-in) goes.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from http import HTTPStatus
from io import BytesIO
from pathlib import PurePosixPath
from posixpath import normpath, relpath
from typing import Any
from urllib.parse import urldefrag, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.urls import Resolver404, resolve

PUBLIC = frozenset(
    {
        "pages:landing",
        "pages:localities",
        "pages:locality",
        "pages:you_said_we_did",
        "pages:how_we_suggest",
        "cycles:cycles",
        "cycles:cycle",
        "cycles:lessons",
        "cycles:lesson",
        "cycles:insights",
        "cycles:insights_file",
        "meetings:list",
        "meetings:meeting",
    }
)
DROPPED = frozenset({"form", "script", "noscript"})
EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"}
    | {"source", "track", "wbr"}
)
LINKS = {"a": "href", "link": "href", "img": "src"}
IN_STYLE = re.compile(r"url\((['\"]?)([^)'\"]+)\1\)")


@dataclass
class Archive:
    """Files by their path; what was asked for and could not be had."""

    files: dict[str, bytes] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Fetched:
    status: int
    kind: str
    body: bytes


def make_archive(language: str = "en") -> Archive:
    """All public pages and files that can be reached from the start page."""
    ask = _Visitor(language)
    made = Archive()
    waiting, known = deque(["/"]), {"/"}
    while waiting:
        address = waiting.popleft()
        got = ask(address)
        if got.status != HTTPStatus.OK:
            made.missing.append(f"{address} ({got.status})")
            continue
        place = place_of(address)
        if got.kind == "text/html":
            page = _Page(address)
            page.feed(got.body.decode())
            made.files[place] = page.text.encode()
            found = page.found
        elif got.kind == "text/css":
            found = list(_in_style(address, got.body.decode()))
            made.files[place] = got.body
        else:
            made.files[place], found = got.body, []
        new = [link for link in dict.fromkeys(found) if link not in known]
        waiting.extend(new)
        known.update(new)
    return made


class _Visitor:
    """Asks the product's own handler, as somebody who is not signed in."""

    def __init__(self, language: str) -> None:
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.language = language

    def __call__(self, address: str) -> Fetched:
        answer = self.handler.get_response(WSGIRequest(self._asked(address)))
        kind = answer.headers.get("Content-Type", "").split(";")[0]
        body = b"".join(answer)
        request_finished.disconnect(close_old_connections)  # the next page needs it
        answer.close()
        request_finished.connect(close_old_connections)
        return Fetched(answer.status_code, kind, body)

    def _asked(self, address: str) -> dict[str, Any]:
        site = urlsplit(settings.LOCI_SITE_URL)
        parts = urlsplit(address)
        return {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": site.hostname or "localhost",
            "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
            "HTTP_HOST": site.netloc,
            "HTTP_ACCEPT_LANGUAGE": self.language,
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": site.scheme or "http",
            "wsgi.input": BytesIO(),
        }


class _Page(HTMLParser):
    """One page, written again with relative links and without what needs a server."""

    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=False)
        self.address = address
        self.out: list[str] = []
        self.found: list[str] = []
        self.dropping: list[str] = []

    @property
    def text(self) -> str:
        return "".join(self.out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.dropping or tag in DROPPED:
            if tag not in EMPTY:
                self.dropping.append(tag)
            return
        named = [(name, self._rewritten(tag, name, value)) for name, value in attrs]
        words = "".join(
            f" {name}" if value is None else f' {name}="{escape(value)}"'
            for name, value in named
        )
        self.out.append(f"<{tag}{words}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.dropping or tag in DROPPED:
            return
        self.handle_starttag(tag, attrs)
        if self.out and tag not in EMPTY:
            self.out[-1] = f"{self.out[-1][:-1]} />"

    def handle_endtag(self, tag: str) -> None:
        if self.dropping:
            if tag in self.dropping:
                while self.dropping.pop() != tag:
                    pass
            return
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def handle_entityref(self, name: str) -> None:
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._keep(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._keep(f"<!{decl}>")

    def _keep(self, text: str) -> None:
        if not self.dropping:
            self.out.append(text)

    def _rewritten(self, tag: str, name: str, value: str | None) -> str | None:
        if LINKS.get(tag) != name or not value:
            return value
        address, part = urldefrag(value)
        if not address or not address.startswith("/"):
            return value
        if not is_public(address):
            return settings.LOCI_SITE_URL.rstrip("/") + value
        self.found.append(address)
        way = relpath(
            place_of(address), str(PurePosixPath(place_of(self.address)).parent)
        )
        return f"{way}#{part}" if part else way


def is_public(address: str) -> bool:
    """Whether an address belongs into the archive."""
    path = urlsplit(address).path
    if path.startswith(settings.STATIC_URL):
        return True
    try:
        return resolve(path).view_name in PUBLIC
    except Resolver404:
        return False


def place_of(address: str) -> str:
    """The file of an address: folders get a page of their own, questions a name."""
    parts = urlsplit(address)
    path = parts.path.lstrip("/")
    if not path or path.endswith("/"):
        asked = re.sub(r"[^\w.-]", "-", parts.query)
        return f"{path}{asked or 'index'}.html"
    return path


def _in_style(address: str, text: str) -> Iterator[str]:
    folder = PurePosixPath(urlsplit(address).path).parent
    for _quote, link in IN_STYLE.findall(text):
        if not link.startswith(("data:", "#", "http")):
            yield normpath(folder / urldefrag(link)[0])
