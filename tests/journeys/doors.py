"""Browsers of people: each with cookies of its own, watched for what no page may do."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    WebError,
    expect,
)
from pytest_playwright.pytest_playwright import CreateContextCallback

AT_HOME = {"", "data", "blob"}
PATIENCE = 20_000.0  # milliseconds, on a machine that is busy
MOST, LAST = 1500, 15  # characters of a page, answers: told where a walk failed
REFUSED = "Failed to load resource"  # an answer such as 403, which a test may want

expect.set_options(timeout=PATIENCE)


def _patient(page: Page) -> Page:
    """A page that has come whole before another is asked for, as with people.

    One that is left while it loads may break its scripts, which nobody would see.
    """
    for name in ("goto", "reload"):
        setattr(page, name, _once_loaded(page, getattr(page, name)))
    return page


def _once_loaded(page: Page, go: Callable[..., Any]) -> Callable[..., Any]:
    def later(*args: Any, **named: Any) -> Any:
        page.wait_for_load_state()
        return go(*args, **named)

    return later


def _words(page: Page) -> str:
    try:
        return page.locator("body").inner_text(timeout=PATIENCE / 4)[:MOST]
    except Error as problem:
        return str(problem)


class Doors:
    """People come in here.

    `answers` are all that their browsers got; `complaints` say what no page may do.
    """

    def __init__(self, new_context: CreateContextCallback, home: str) -> None:
        self.new_context = new_context
        self.home = home
        self.answers: list[Response] = []
        self.complaints: list[str] = []
        self._open: list[BrowserContext] = []

    def open(self, *, scripts: bool = True, without_policy: bool = False) -> Page:
        """A fresh browser, nobody signed in; one that heeds no policy if asked."""
        context = self.new_context(
            base_url=self.home, java_script_enabled=scripts, bypass_csp=without_policy
        )
        context.on("request", self._ask)
        context.on("response", self._answer)
        context.on("console", self._say)
        context.on("weberror", self._break)
        self._open.append(context)
        return _patient(context.new_page())

    def enter(self, person: str, *, scripts: bool = True) -> Page:
        """A fresh browser in which this person of the demonstration has entered."""
        page = self.open(scripts=scripts)
        page.goto("/demo/")
        page.get_by_role("button", name=re.compile(f"{re.escape(person)}$")).click()
        expect(page).to_have_url(re.compile(r"/home/$"))
        return page

    def close(self) -> None:
        for context in self._open:
            context.close()

    def as_they_stand(self) -> str:
        """Each open page in a few words, and what was answered last."""
        pages = [page for context in self._open for page in context.pages]
        stood = [f"{page.url}\n{_words(page)}" for page in pages]
        last = [f"{row.status} {row.request.method} {row.url}" for row in self.answers]
        return "\n\n".join([*stood, "\n".join(last[-LAST:])])

    def _ask(self, request: Request) -> None:
        address = urlsplit(request.url)
        is_own = request.url.startswith(f"{self.home}/")
        if not is_own and address.scheme not in AT_HOME:
            self.complaints.append(f"asked another host: {request.url}")

    def _answer(self, response: Response) -> None:
        self.answers.append(response)
        is_file = response.request.resource_type not in {"document", "fetch", "xhr"}
        unchanged = response.status == HTTPStatus.NOT_MODIFIED  # asked again, as kept
        if is_file and not response.ok and not unchanged:
            self.complaints.append(f"{response.status}: {response.url}")

    def _say(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(REFUSED):
            self.complaints.append(f"console: {message.text}")

    def _break(self, error: WebError) -> None:
        self.complaints.append(f"script: {error.error}")
