"""Many counts, asked at once."""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import IntegerField, QuerySet, Subquery


class _CountOf(Subquery):
    """How many rows a query has, as one column of another."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def counted(
    queries: Sequence[QuerySet[Any]], *, also: Sequence[Any] = ()
) -> tuple[list[int], list[Any]]:
    """How many rows each query has, and other values, in one question to the database."""
    columns: list[Any] = [
        *(_CountOf(rows.order_by().values("pk")) for rows in queries),
        *also,
    ]
    one = ContentType.objects.order_by("pk")[:1]  # a row that is always there
    (values,) = one.values_list(*columns)
    counts = [int(value or 0) for value in values[: len(queries)]]
    return counts, list(values[len(queries) :])
