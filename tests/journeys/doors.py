"""Browsers of people: each with cookies of its own, watched for what no page may do."""

import re
from http import HTTPStatus
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    WebError,
    expect,
)
from pytest_playwright.pytest_playwright import CreateContextCallback

AT_HOME = {"", "data", "blob"}
PATIENCE = 20_000.0  # milliseconds, on a machine that is busy
REFUSED = "Failed to load resource"  # an answer such as 403, which a test may want

expect.set_options(timeout=PATIENCE)


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
        return context.new_page()

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
