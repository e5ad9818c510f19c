"""Take every trace of the demonstration out of the database."""

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from localities.models import Locality, Organisation, Seat
from loci.accounts.models import AuditEntry, User
from meetings.models import Meeting
from surveys.models import Statement, Wave
from surveys.services.meaning import forget_texts, said_by
from surveys.services.theme_texts import texts_of


@transaction.atomic
def purge_demo() -> dict[str, int]:
    """Delete all demo rows and what hangs on them; returns how many of each kind.

    Taxonomy, survey and everything real stay.
    """
    people = set(User.objects.filter(is_demo=True).values_list("pk", flat=True))
    statements = Statement.objects.filter(wave__is_demo=True)
    forget_texts([said_by(row) for row in statements])
    for wave in Wave.objects.filter(is_demo=True).order_by("pk"):
        forget_texts([text.said for text in texts_of(wave)])
    removed: dict[str, int] = {"sessions": _end_sessions(people)}
    rows = [
        Wave.objects.filter(is_demo=True),
        Meeting.objects.filter(is_demo=True),
        Seat.objects.filter(Q(locality__is_demo=True) | Q(organisation__is_demo=True)),
        Locality.objects.filter(is_demo=True),
        Organisation.objects.filter(is_demo=True),
        User.objects.filter(is_demo=True),
    ]
    AuditEntry.objects.filter(by__in=people).delete()
    for query in rows:
        _count, by_kind = query.delete()
        for kind, number in by_kind.items():
            removed[kind] = removed.get(kind, 0) + number
    removed["audit"] = _forget_deeds_about(set(removed))
    return removed


def _end_sessions(people: set[int]) -> int:
    """End the sessions of demo people."""
    count = 0
    for session in Session.objects.all():
        if str(session.get_decoded().get("_auth_user_id", "")) in map(str, people):
            session.delete()
            count += 1
    return count


def _forget_deeds_about(kinds: set[str]) -> int:
    """Audit lines about rows that are gone with the demonstration."""
    count = 0
    for entry in AuditEntry.objects.filter(by__isnull=True):
        label, _colon, pk = entry.about.partition(":")
        if label in {kind.lower() for kind in kinds} and not _exists(label, pk):
            entry.delete()
            count += 1
    return count


def _exists(label: str, pk: str) -> bool:
    return bool(apps.get_model(label)._default_manager.filter(pk=pk).exists())
