"""What pages cost, as ratios to a page that says "ok", in one run.

Counted, not timed: Python calls of one request through the whole middleware, and
queries. Both are the same on every machine.
"""

import cProfile
import pstats
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loci.accounts.models import User
from surveys.models import Part


def run() -> str:
    """A table of pages: calls beside the plainest page's, and queries."""
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    hello = _calls(_client(""), lambda client: client.get(reverse("pages:healthz")))
    lines = [
        f"The plainest page (`/healthz`): {hello} Python calls.",
        "",
        "| page | Python calls, times the plainest | queries |",
        "|---|---:|---:|",
    ]
    for name, person, call in _pages():
        client = _client(person)
        calls = _calls(client, call)
        with CaptureQueriesContext(connection) as queries:
            call(client)
        lines.append(f"| {name} | {calls / hello:.1f} | {len(queries)} |")
    return "\n".join(lines)


def _pages() -> list[tuple[str, str, Callable[[Client], Any]]]:
    part = Part.objects.get(locality__slug="makueni", side="government")
    government = "government.makueni@demo.example"
    version = [0]

    def autosave(client: Client) -> Any:
        version[0] += 1
        return client.post(
            reverse("surveys:autosave", args=[part.reference]),
            {
                "field": "work-0-value",
                "value": f"Text {version}",
                "version": version[0] - 1,
            },
        )

    def page(view: str, *arguments: Any) -> Callable[[Client], Any]:
        return lambda client: client.get(reverse(view, args=arguments))

    return [
        ("landing, 17 localities", "", page("pages:landing")),
        ("localities", "", page("pages:localities")),
        ("workspace", government, page("pages:home")),
        (
            "survey page, three needs",
            government,
            page("surveys:section", part.reference, "needs"),
        ),
        ("check answers", government, page("surveys:check", part.reference)),
        ("one field saved", government, autosave),
        ("results", government, page("surveys:results", part.wave_id)),
        ("admin index", "coordinator@demo.example", page("admin:index")),
    ]


def _client(email: str) -> Client:
    client = Client(SERVER_NAME="localhost")
    if email:
        person = User.objects.get(email=email)
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
        session = client.session
        session["entered_by_demo"] = True
        session.save()
    return client


def _calls(client: Client, call: Callable[[Client], Any]) -> int:
    for _warm in range(2):
        answer = call(client)
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{answer.request['PATH_INFO']}: {answer.status_code}")
    profile = cProfile.Profile()
    profile.enable()
    call(client)
    profile.disable()
    return int(pstats.Stats(profile).total_calls)
