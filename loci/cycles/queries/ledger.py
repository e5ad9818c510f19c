"""The ledger, ready to be shown."""

from django.db.models import Exists, OuterRef, QuerySet

from localities.models import Membership
from loci.cycles.models import Promise
from surveys.models import Wave


def published_promises() -> QuerySet[Promise]:
    """Lines that everyone may read, the newest wave first.

    `has_owner`: who owns it is here, and has a name to be shown by.
    """
    here = Membership.objects.current().filter(person=OuterRef("owner"))
    return (
        Promise.objects.published()
        .annotate(has_owner=Exists(here.exclude(person__name="")))
        .select_related("wave", "topic__area", "owner")
        .order_by("-wave__opens_at", "topic__area__position", "topic__position", "pk")
    )


def promises_of(wave: Wave) -> QuerySet[Promise]:
    """All lines of a wave, published or not."""
    return (
        Promise.objects.filter(wave=wave)
        .select_related("topic")
        .order_by("topic__position", "theme_name", "pk")
    )
