"""One line of *Needs you*: how many, of what, and where to see them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import ngettext_lazy

SEE = ngettext_lazy("See it", "See them")


@dataclass(frozen=True)
class Line:
    """One line of *Needs you*: how many, of what, and the one thing to do."""

    count: int
    sentence: str
    verb: str
    url: str


@dataclass(frozen=True)
class Kind:
    """What may need somebody: which rows, how they are said, where they are seen."""

    rows: QuerySet[Any]
    said: Any  # by number
    table: str
    query: str = ""
    verb: Any = SEE

    def line(self, count: int) -> Line:
        url = reverse(f"admin:{self.table}_changelist") + self.query
        return Line(count, str(self.said % count), str(self.verb % count), url)
