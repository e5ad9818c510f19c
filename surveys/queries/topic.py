"""Who is behind one topic of a wave, as far as they let the network know."""

from dataclasses import dataclass

from surveys.choices import QUOTED_FROM
from surveys.models import Statement
from surveys.queries.results import Results, TopicRow


@dataclass(frozen=True)
class TopicPage:
    """One topic: its counts, and what was said of it for the network to read."""

    row: TopicRow
    needs: tuple[Statement, ...]
    offers: tuple[Statement, ...]


def topic_page(results: Results, code: str) -> TopicPage | None:
    """None where nobody named the topic."""
    row = next((row for row in results.rows if row.code == code), None)
    if row is None:
        return None
    said = (
        Statement.objects.spoken()
        .filter(
            wave=results.wave,
            topic__code=code,
            visibility__in=QUOTED_FROM,
            locality__is_listed=True,
        )
        .select_related("locality")
        .order_by("locality__name", "pk")
    )
    return TopicPage(
        row,
        tuple(each for each in said if each.is_need),
        tuple(each for each in said if not each.is_need),
    )
