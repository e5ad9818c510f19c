"""The forms of a page, as a browser would send them."""

from html.parser import HTMLParser
from typing import Any


class Forms(HTMLParser):
    """The forms of a page: where they go, and every field with what it would send."""

    def __init__(self, page) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._select = self._writing = ""
        self.feed(page.content.decode())

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        said = {name: value or "" for name, value in attrs}
        name = said.get("name", "")
        if tag == "form":
            is_post = said.get("method", "").lower() == "post"
            self.forms.append((said.get("action", "") if is_post else "GET", {}))
        elif tag == "select":
            self._select = name
            self._keep(name, "")
        elif tag == "option" and ("selected" in said or not self._now(self._select)):
            self._keep(self._select, said.get("value", ""))
        elif tag in {"input", "button"} and name:
            self._keep(name, said.get("value", ""))
        elif tag == "textarea":
            self._writing = name
            self._keep(name, "")

    def handle_data(self, data: str) -> None:
        if self._writing:
            self._keep(self._writing, self._now(self._writing) + data.lstrip("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"textarea", "select"}:
            self._writing = self._select = ""

    def _now(self, name: str) -> str:
        return self.forms[-1][1].get(name, "") if self.forms else ""

    def _keep(self, name: str, value: str) -> None:
        if self.forms and name:
            self.forms[-1][1][name] = value


def forms_of(client, address: str, row):
    """Each form of a page; of an address that only takes, its own."""
    if row.method == "post":
        return [(address, {})]
    page = client.get(address)
    if page.status_code != 200 or "html" not in page["Content-Type"]:
        return []
    return [
        (target or address, fields)
        for target, fields in Forms(page).forms
        if target != "GET" and "logout" not in target and "erase" not in address
    ]
