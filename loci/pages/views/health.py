"""For machines: is it up, is it ready."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from loci.notices.queries.background import worker_states


@require_GET
def healthz(_request: HttpRequest) -> HttpResponse:
    """The web process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_GET
def readyz(_request: HttpRequest) -> JsonResponse:
    """Database, schema and workers; 503 with the reason when pages cannot do without."""
    try:
        found = {
            "database": "ok",
            "schema": _schema(),
            **worker_states(timezone.now()),
        }
    except DatabaseError:
        found = {"database": "away"}
    cache.set("readyz", "ok", 5)
    found["cache"] = "ok" if cache.get("readyz") == "ok" else "away"
    needed = {"database", "schema"}
    is_ready = all(found.get(name) == "ok" for name in needed)
    return JsonResponse(found, status=200 if is_ready else 503)


@require_GET
def workers(_request: HttpRequest) -> JsonResponse:
    """For what watches background work: 503 unless every kind of worker shows a pulse."""
    try:
        found = worker_states(timezone.now())
    except DatabaseError:
        found = {"database": "away"}
    is_ready = set(found.values()) == {"ok"}
    return JsonResponse(found, status=200 if is_ready else 503)


def _schema() -> str:
    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes()
    return "behind" if executor.migration_plan(targets) else "ok"
