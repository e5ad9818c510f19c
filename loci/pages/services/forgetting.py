"""Take a person's name and address out of rows that are not theirs and stay."""

import json
import re
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import CharField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from localities.models import ImportDraft
from loci.accounts.models import User
from loci.notices.models import Notice
from meetings.models import Place, Review, Session

SOMEBODY = "—"
REVIEW = ("planned", "happened", "why", "following")
MAIL = ("parameters", "subject", "body", "calendar", "reply_to")


def forget_in_words(person: User) -> None:
    """Mails to others, sent or waiting; the admin's own log; files that wait.

    Notes and reviews of meetings to which the person was asked: their names are taken
    out of those as they leave the product, which needs to know them.
    """
    _scrub(Notice.objects.exclude(recipient=person), MAIL, person)
    _scrub(LogEntry.objects.all(), ("object_repr", "change_message"), person)
    asked = Place.objects.filter(person=person).values("invitation__meeting")
    _scrub(Session.objects.filter(meeting__in=asked), ("notes",), person)
    _scrub(Review.objects.filter(meeting__in=asked), REVIEW, person)
    _naming(ImportDraft.objects.all(), ("rows",), person).delete()


def _scrub(rows: QuerySet[Any], columns: tuple[str, ...], person: User) -> None:
    pattern = _pattern(person)
    for row in _naming(rows, columns, person):
        for column in columns:
            setattr(row, column, _without(getattr(row, column), pattern, person.email))
        row.save(update_fields=columns)


def _naming(
    rows: QuerySet[Any], columns: tuple[str, ...], person: User
) -> QuerySet[Any]:
    """Those of the rows whose columns hold the person's address or name."""
    texts = [Cast(F(column), TextField()) for column in columns]
    words = Concat(*texts, Value(""), output_field=CharField())
    named = Q(words__icontains=person.email)
    if person.name:
        quoted = json.dumps(person.name, ensure_ascii=False)[1:-1]
        named |= Q(words__contains=person.name) | Q(words__contains=quoted)
    found: QuerySet[Any] = rows.annotate(words=words).filter(named)
    return found


def _pattern(person: User) -> re.Pattern[str]:
    """The address however it is written, and the whole name."""
    address = rf"(?<![\w.+-])(?i:{re.escape(person.email)})"
    name = rf"|(?<!\w){re.escape(person.name)}(?!\w)" if person.name else ""
    return re.compile(address + name)


def _without(value: Any, pattern: re.Pattern[str], email: str) -> Any:
    """The same value without the person; lines of a list that have the address go."""
    if isinstance(value, dict):
        return {name: _without(inner, pattern, email) for name, inner in value.items()}
    if isinstance(value, list):
        kept = [one for one in value if email.lower() not in str(one).lower()]
        return [_without(one, pattern, email) for one in kept]
    return pattern.sub(SOMEBODY, value) if isinstance(value, str) else value
