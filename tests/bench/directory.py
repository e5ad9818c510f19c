"""What the directory costs as the network grows, beside its 25-row list at 17.

Python calls of one request through the whole middleware and its queries are exact;
buffers are those that Postgres touched for them; CPU is of web and database together.
"""

import cProfile
import pstats
import re
import time
from itertools import cycle
from typing import Any

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from localities.choices import Level, Phase, Side
from localities.models import Locality, Organisation, Region, Seat, Sector, Topic
from surveys.choices import StatementKind
from surveys.models import Statement, Wave
from tests.bench.pages import _client

SIZES = (17, 1_000, 10_000)
ROUNDS = 5
MEMBER = "government.makueni@demo.example"
NAMES = ("Ab", "Ce", "Di", "Fo", "Gu")
LANGUAGES = (["en"], ["es"], ["fr"], ["id"], ["ru", "uk"])
COLUMNS = (
    "page",
    "localities",
    "queries",
    "Python calls",
    "ratio",
    "CPU ms",
    "ratio",
    "CPU ms, counted anew",
    "buffers, counted anew",
)
PAGES = (
    ("first page, visitor", "", {}),
    ("first page, most useful first", MEMBER, {}),
    (
        "a topic that can be helped with",
        MEMBER,
        {"does": "can_help", "topic": "{topic}"},
    ),
    ("words that one in 200 says", MEMBER, {"q": "portal w117x"}),
    ("words that everybody says", MEMBER, {"q": "portal"}),
    ("last page", "", {"page": "400"}),
)


def run() -> str:
    """A table: each page at each size, as a ratio to the first page at 17 localities."""
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    lines = [
        "Goal: at 10,000 localities the same queries and at most 3 times the cost.",
        "Ratios are to the first page of the same reader at 17 localities.",
        "Counts, and places by country, are kept for a minute;",
        "*counted anew* is the page that counts them.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    topic = Topic.objects.order_by("position")[3].code
    first: dict[str, tuple[int, float]] = {}
    for size in SIZES:
        _grow_to(size)
        for name, person, asked in PAGES:
            address = {key: value.format(topic=topic) for key, value in asked.items()}
            client = _client(person)
            calls, queries, cpu, anew, buffers = _measure(client, address)
            known_calls, known_cpu = first.setdefault(person, (calls, cpu))
            lines.append(
                f"| {name} | {size:,} | {queries} | {calls:,} | "
                f"{calls / known_calls:.2f} | {cpu:.0f} | {cpu / known_cpu:.2f} | "
                f"{anew:.0f} | {buffers:,} |"
            )
    return "\n".join(lines)


def _measure(
    client: Any, address: dict[str, str]
) -> tuple[int, int, float, float, int]:
    url = reverse("pages:localities")

    def call() -> None:
        client.get(url, address)

    def call_anew() -> None:
        cache.clear()
        call()

    call()
    call()
    profile = cProfile.Profile()
    profile.enable()
    call()
    profile.disable()
    with CaptureQueriesContext(connection) as queries:
        call()
    warm = min(_cpu(call) for _round in range(ROUNDS))
    anew = min(_cpu(call_anew) for _round in range(ROUNDS))
    cache.clear()
    with CaptureQueriesContext(connection) as cold:
        call()
    buffers = sum(_buffers(row["sql"]) for row in cold)
    return int(pstats.Stats(profile).total_calls), len(queries), warm, anew, buffers


def _cpu(call: Any) -> float:
    """Milliseconds of CPU, of this process and of the database's for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    before = time.process_time() + _backend_seconds(backend)
    call()
    return (time.process_time() + _backend_seconds(backend) - before) * 1000


def _backend_seconds(pid: int) -> float:
    try:
        with open(f"/proc/{pid}/schedstat") as file:  # noqa: PTH123
            return int(file.read().split()[0]) / 1e9
    except OSError:
        return 0.0


def _buffers(sql: str) -> int:
    if not sql.startswith("SELECT") and not sql.startswith("("):
        return 0
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {sql}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    touched = re.search(r"Buffers: shared ([^\n]*)", plan)
    return sum(map(int, re.findall(r"=(\d+)", touched[1]))) if touched else 0


def _grow_to(size: int) -> None:
    """Listed localities up to this many, each a pair with two needs and two offers."""
    begin = Locality.objects.count()
    regions, topics = list(Region.objects.all()), list(Topic.objects.all())
    sectors = list(Sector.objects.all())
    wave = Wave.objects.get(title="Wave 1")
    levels, phases, languages = cycle(Level), cycle(Phase), cycle(LANGUAGES)
    places = Locality.objects.bulk_create(
        Locality(
            slug=f"place-{number}",
            name=f"{NAMES[number % 5]}{number:05}ville",
            level=next(levels),
            phase=next(phases),
            country=f"Country {number % 60}",
            country_code=chr(65 + number % 60 // 26) + chr(65 + number % 60 % 26),
            region=regions[number % len(regions)],
            languages=next(languages),
            population=(number * 7919) % 9_000_000,
            latitude=number % 110 - 50,
            longitude=number % 340 - 170,
            is_listed=True,
        )
        for number in range(begin, size)
    )
    holders = Organisation.objects.bulk_create(
        Organisation(name=f"{side.label} {place.pk}", kind=side.value)
        for place in places
        for side in Side
    )
    Seat.objects.bulk_create(
        Seat(
            locality=place,
            side=side,
            organisation=holders[2 * number + half],
            since="2026-01-01",
        )
        for number, place in enumerate(places)
        for half, side in enumerate(Side)
    )
    Statement.objects.bulk_create(
        Statement(
            wave=wave,
            locality=place,
            kind=StatementKind.NEED if half < 2 else StatementKind.OFFER,
            side=list(Side)[half % 2],
            topic=topics[(number * 5 + half * 11) % len(topics)],
            sector=sectors[number % len(sectors)],
            stage="tender" if number % 3 else "award",
            text=f"We work on portal w{number % 200}x and budgets {half}",
            visibility="public" if number % 2 else "network",
            experience="" if half < 2 else "done",
        )
        for number, place in enumerate(places)
        for half in range(4)
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
