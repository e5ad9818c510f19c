"""The words of needs and offers where something else points to them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language, gettext as _

from loci.accounts.models import User
from surveys.models import Statement


@dataclass(frozen=True)
class Quote:
    """Their own words, or in our words that they keep them to themselves."""

    words: str
    language: str
    is_illustrative: bool = False
    is_kept: bool = False


def quotes_for(person: User, statements: Iterable[Statement]) -> dict[int, Quote]:
    """What this person may read of each now, by its number; one query."""
    rows = list(statements)
    readable = Statement.objects.quoted_to(person).filter(pk__in=[r.pk for r in rows])
    open_to = set(readable.values_list("pk", flat=True))
    return {row.pk: quote_of(row) if row.pk in open_to else kept_back() for row in rows}


def quote_of(row: Statement) -> Quote:
    """The words of one that may be read here."""
    return Quote(row.text, row.language, row.is_illustrative)


def kept_back() -> Quote:
    """What stands in place of words that their side no longer shows."""
    words = _("They no longer show these words.")
    return Quote(words, get_language() or "en", is_kept=True)
