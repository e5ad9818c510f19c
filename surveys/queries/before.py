"""What a side said in earlier waves that is still open and has not been taken over."""

from django.db.models import Q, QuerySet

from surveys.models import Part, Statement

MOST = 12


def said_before(part: Part) -> QuerySet[Statement]:
    """Open needs and offers of this side from earlier waves, the newest first."""
    taken_here = Q(carried_to=part)
    return (
        Statement.objects.spoken()
        .filter(locality=part.locality_id, side=part.side)
        .filter(wave__opens_at__lt=part.wave.opens_at)
        .exclude(wave=part.wave_id)
        .exclude(taken_here)
        .filter(continued_by=None)
        .select_related("topic", "sector", "wave")
        .order_by("-wave__opens_at", "kind", "pk")
    )
