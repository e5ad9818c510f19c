"""docs/permissions.md, written from the access matrix that is run against the product.

`make permissions` writes it; tests/test_docs.py says if it is out of date, and
tests/test_access.py runs every row of the matrix as every kind of person.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loci.settings")
django.setup()

from tests.access_matrix import ADMIN, INSIDE, MATRIX, Row  # noqa: E402
from tests.personas import ANONYMOUS, PERSONAS  # noqa: E402

PAGE = Path(__file__).resolve().parents[1] / "docs" / "permissions.md"
READ, WRITE, MANAGE = "r", "w", "m"
NOTHING = "."
THINGS = (  # the first prefix that fits says what an address is about
    ("localities:invitation", "invitations"),
    ("localities:team", "people of a side"),
    ("localities:invite", "people of a side"),
    ("localities:leave", "people of a side"),
    ("localities:still_true_by_mail", "profiles"),
    ("localities:", "one's own half of a profile"),
    ("pages:save", "one's own saved list"),
    ("pages:unsave", "one's own saved list"),
    ("pages:tell", "one's own saved list"),
    ("pages:local", "profiles and the directory"),
    ("pages:changes", "profiles and the directory"),
    ("pages:settle", "needs and offers"),
    ("pages:memory", "a pair's memory as a file"),
    ("pages:own_data", "what is held about oneself"),
    ("pages:forget", "what is held about oneself"),
    ("accounts:", "what one says of oneself"),
    ("pages:home", "one's workspace"),
    ("pages:other_side", "one's workspace"),
    ("pages:you_said", "promises"),
    ("pages:demo", "the demonstration"),
    ("pages:enter", "the demonstration"),
    ("pages:inbox", "the demonstration"),
    ("pages:", "public pages"),
    ("set_language", "public pages"),
    ("surveys:results", "results"),
    ("surveys:topic", "results"),
    ("surveys:", "a side's part of a survey"),
    ("matchmaking:expertise", "expertise"),
    ("matchmaking:circle", "circles"),
    ("matchmaking:ask", "requests for introductions"),
    ("matchmaking:request", "requests for introductions"),
    ("matchmaking:", "suggestions and introductions"),
    ("meetings:clinic", "clinics"),
    ("meetings:attempt", "clinics"),
    ("meetings:", "meetings"),
    ("cycles:report", "reports"),
    ("cycles:read", "reports"),
    ("cycles:", "cycles and lessons"),
    ("notices:", "mails"),
    ("admin:", "the coordinators' place"),
)
ADMIN_THINGS = {name: f"admin: {name.partition('_')[2]}" for name in ADMIN}
FORMS = (  # pages whose door is a form: who may open them may write
    "localities:profile",
    "localities:fact",
    "localities:public_line",
    "localities:milestone",
    "localities:invite",
    "localities:leave",
    "accounts:",
    "surveys:section",
    "surveys:check",
    "matchmaking:ask",
    "matchmaking:later",
    "matchmaking:no",
    "matchmaking:check_in",
    "matchmaking:expertise",
    "cycles:read",
    "cycles:write_lesson",
    "cycles:change_lesson",
    "pages:forget",
)
NO_PERMISSION = ("admin:login", "admin:logout")


def render() -> str:
    """The whole page."""
    head = "| thing | " + " | ".join(PERSONAS) + " |"
    rule = "|---|" + "---|" * len(PERSONAS)
    return "\n".join(
        [
            "# Who may do what",
            "",
            "Written by `make permissions` from `tests/access_matrix.py`, which is run",
            "against every address as every kind of person; do not edit. Whoever may",
            "not do something gets the sign-in page, or a page that looks like that of",
            "a thing that does not exist.",
            "",
            "r: reads; w: writes; m: manages, in the coordinators' place; .: none. Around one",
            "pair (*government side* speaks for it, *other pair* does not); *own hub*",
            "coordinates its region, *other hub* another. What of a thing one reads is",
            "narrower still: see [002-visibility](decisions/002-visibility.md).",
            "",
            head,
            rule,
            *_things(),
            "",
            "## Address by address",
            "",
            "| address | thing | " + " | ".join(PERSONAS) + " |",
            "|---" + rule,
            *_addresses(),
            "",
        ]
    )


def _things() -> Iterator[str]:
    found: dict[str, dict[str, set[str]]] = {}
    for name, row in MATRIX.items():
        may = found.setdefault(thing_of(name), {who: set() for who in PERSONAS})
        for who in PERSONAS:
            may[who] |= {letter_of(name, row, who)} - {""}
    for thing, may in sorted(found.items()):
        cells = ("".join(sorted(may[who], key="rwm".index)) for who in PERSONAS)
        yield f"| {thing} | " + " | ".join(cell or NOTHING for cell in cells) + " |"


def _addresses() -> Iterator[str]:
    for name, row in sorted(MATRIX.items()):
        cells = (letter_of(name, row, who) or NOTHING for who in PERSONAS)
        yield f"| `{name}` | {thing_of(name)} | " + " | ".join(cells) + " |"


def thing_of(name: str) -> str:
    """What an address is about."""
    for model, thing in ADMIN_THINGS.items():
        if name.startswith(f"admin:{model}_"):
            return thing
    return next(thing for prefix, thing in THINGS if name.startswith(prefix))


def letter_of(name: str, row: Row, who: str) -> str:
    """What this person may do at this address; nothing if it is closed to them."""
    status = row.expected(who)
    if name in NO_PERMISSION:
        return ""
    if name.startswith("admin:"):
        moves = row.method == "post" and who in INSIDE
        return MANAGE if status == 200 or (moves and status == 302) else ""
    closed = status in {403, 404, 405} or (status == 302 and who == ANONYMOUS)
    if closed and not (status == 302 and name == "set_language"):
        return ""
    is_form = row.method == "post" or name.startswith(FORMS)
    return WRITE if is_form else READ


if __name__ == "__main__":
    PAGE.write_text(render())
