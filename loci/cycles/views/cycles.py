"""The loop, for everybody."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from loci.accounts.models import User
from loci.cycles.models import Cycle
from loci.cycles.queries.cycles import cycle_shown, cycles_shown


@require_GET
def cycles(request: HttpRequest) -> HttpResponse:
    return render(request, "cycles/cycles.html", {"cycles": cycles_shown()})


@require_GET
def cycle(request: HttpRequest, reference: UUID) -> HttpResponse:
    rows = Cycle.objects.select_related("region", "wave", "owner")
    found = get_object_or_404(rows, reference=reference)
    reader = request.user if isinstance(request.user, User) else None
    shown = cycle_shown(found, timezone.now(), reader)
    return render(request, "cycles/cycle.html", {"shown": shown})
