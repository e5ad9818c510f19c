"""The ledger, ready to be shown."""

from django.db.models import QuerySet

from loci.cycles.models import Promise


def published_promises() -> QuerySet[Promise]:
    """Lines that everyone may read, the newest wave first."""
    return (
        Promise.objects.published()
        .select_related("wave", "topic__area", "owner")
        .order_by("-wave__opens_at", "topic__area__position", "topic__position", "pk")
    )
