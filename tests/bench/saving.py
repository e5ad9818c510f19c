"""What one saved field costs beside a view that writes one row, and 10,000 pairs a sweep.

Calls and queries are counted through the whole middleware. The sweep is timed in CPU
seconds, with the memory that Python's objects took at most.
"""

import time
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path, reverse
from django.utils import timezone

from localities.choices import OrganisationKind, Side
from localities.models import Locality, Membership, Organisation, Seat
from loci.accounts.models import AuditEntry, User
from surveys.models import Part, Reminder, Wave
from surveys.services.planning import plans
from surveys.services.reminding import remind_wave
from tests import make
from tests.bench.pages import _calls, _client

PAIRS = 10_000


@login_required
def one_row(request: HttpRequest) -> JsonResponse:
    """The plainest view that keeps what was posted: one row, one answer."""
    row = AuditEntry.objects.create(verb="bench", about=request.POST["value"])
    return JsonResponse({"pk": row.pk})


urlpatterns = [
    path("bench/row/", one_row, name="one_row"),
    path("", include("loci.urls")),
]


def run() -> str:
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    with override_settings(ROOT_URLCONF="tests.bench.saving"):
        saving = _saving()
    return f"{saving}\n\n{_planning()}"


def _saving() -> str:
    part = Part.objects.get(locality__slug="makueni", side="government")
    client = _client("government.makueni@demo.example")
    posted = {"field": "about", "value": "Text 1", "version": 1}
    (_name, calls, queries) = plain = _row(
        "a view that writes one row",
        client,
        lambda one: one.post("/bench/row/", posted),
    )
    rows = [plain]
    for name, field in (
        ("one field of a question saved", "work-0-value"),
        ("one field of a need saved", "needs-0-text"),
    ):
        rows.append(_row(name, client, _saves(part, field)))
    lines = [
        "| view | Python calls | times | queries | times |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {name} | {own} | {own / calls:.1f} | {asked} | {asked / queries:.1f} |"
            for name, own, asked in rows
        ),
    ]
    return "\n".join(lines)


def _saves(part: Part, field: str) -> Callable[[Client], Any]:
    """Saves the field again and again, each time with other words."""
    question = field.split("-", maxsplit=1)[0]
    kept = part.answers.filter(question__code=question).first()
    version = [kept.version if kept else 0]

    def save(client: Client) -> Any:
        answer = client.post(
            reverse("surveys:autosave", args=[part.reference]),
            {"field": field, "value": f"Text {version[0]}", "version": version[0]},
        )
        version[0] = answer.json()["version"]
        return answer

    return save


def _row(
    name: str, client: Client, call: Callable[[Client], Any]
) -> tuple[str, int, int]:
    calls = _calls(client, call)
    with CaptureQueriesContext(connection) as queries:
        call(client)
    return name, calls, len(queries)


def _planning() -> str:
    wave = a_wave_of(PAIRS, timezone.now())
    now = timezone.now()
    keys = list(wave.parts.values_list("locality", flat=True).distinct())

    tracemalloc.start()
    began = time.process_time()
    planned = 0
    for start in range(0, len(keys), 500):
        planned += len(plans(wave, keys[start : start + 500], now))
    spent = time.process_time() - began
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    began = time.process_time()
    untraced = 0
    for start in range(0, len(keys), 500):
        untraced += len(plans(wave, keys[start : start + 500], now))
    plain = time.process_time() - began

    began = time.process_time()
    written = remind_wave(wave=wave, now=now)
    sweep = time.process_time() - began
    return "\n".join(
        [
            "| 10,000 pairs | people | CPU seconds | most memory |",
            "|---|---:|---:|---:|",
            f"| planned in one sweep, 500 at a time | {untraced:,} | {plain:.1f} | {peak / 1e6:.0f} MB |",
            f"| the same sweep, when all are due: written as {Reminder.objects.count():,} reminders | {written:,} | {sweep:.1f} | |",
            "",
            f"(With the counting of memory switched on the first took {spent:.1f} s for {planned:,} people.)",
        ]
    )


def a_wave_of(pairs: int, now: datetime) -> Wave:
    """Both seats of each pair taken, one person on each, both parts missing, due today."""
    hours = 12 - now.hour
    zone = f"Etc/GMT{-hours:+d}" if hours else "UTC"
    region, day = make.region("bench"), now.date()
    places = Locality.objects.bulk_create(
        Locality(
            slug=f"bench-{number}",
            name=f"Bench {number}",
            level="county",
            country="Kenya",
            country_code="KE",
            region=region,
            phase="publish",
            is_demo=True,
        )
        for number in range(pairs)
    )
    wave = Wave.objects.create(
        survey=make.survey(),
        title="Bench",
        opens_at=now - timedelta(days=10),
        closes_at=now + timedelta(days=14),
        state="open",
        remind_on=list(range(7)),
        remind_days_before=[14, 15],
    )
    for side in Side:
        people = User.objects.bulk_create(
            User(email=f"{side}{number}@bench.example", time_zone=zone)
            for number in range(pairs)
        )
        holders = Organisation.objects.bulk_create(
            Organisation(name=f"{side} {number}", kind=OrganisationKind(side.value))
            for number in range(pairs)
        )
        pairs_of = zip(places, people, holders, strict=True)
        seats, members, parts = [], [], []
        for place, person, holder in pairs_of:
            seats.append(
                Seat(locality=place, side=side, organisation=holder, since=day)
            )
            members.append(Membership(person=person, organisation=holder, since=day))
            reference = f"B{place.pk}-{side.value[0]}"
            parts.append(
                Part(wave=wave, locality=place, side=side, reference=reference)
            )
        Seat.objects.bulk_create(seats)
        Membership.objects.bulk_create(members)
        Part.objects.bulk_create(parts)
    return wave
