"""What follows from what a pair has said."""

from typing import Any

from django.db.models import Q, QuerySet

from localities.models import Locality, Topic
from loci.accounts.models import User
from loci.core.prepared import Prepared, brought, columns
from loci.cycles.models import Promise
from surveys.models import Answer, Statement, ThemeText, Wave

MOST = 3


def promises_to(person: User, locality: Locality) -> list[Promise]:
    """The newest lines, with their waves and topics, about what this pair has said.

    As far as this person may read what was said; one query.
    """
    rows: list[Any] = _PROMISES.rows(by=person.pk, locality=locality.pk)
    for row in rows:
        row.wave = brought(row, "wave", Wave)
        row.topic = brought(row, "topic", Topic)
    return rows


def _promises(by: int, locality: int) -> QuerySet[Promise]:
    person = User(pk=by)
    said = Statement.objects.visible_to(person).filter(locality=locality)
    answers = Answer.objects.visible_to(person).filter(part__locality=locality)
    inside = ThemeText.objects.filter(Q(statement__in=said) | Q(answer__in=answers))
    return (
        Promise.objects.published()
        .filter(
            Q(topic__in=said.filter(kind="need").values("topic"))
            | Q(theme__in=inside.values("theme"))
        )
        .annotate(**columns("wave", Wave), **columns("topic", Topic))
        .order_by("-wave__opens_at", "pk")[:MOST]
    )


_PROMISES = Prepared(_promises, by=-(2**40), locality=-(2**41))
