"""A wave in a few sentences, made from the counts that everybody may read."""

from django.utils.translation import gettext as _, ngettext

from surveys.queries.results import Results, TopicRow

NAMED = 3


def summary_of(results: Results) -> list[str]:
    """At most six sentences, the most needed first; nothing that is hidden."""
    sentences = [
        _answered(results),
        _most_needed(results),
        _most_offered(results),
        _largest_gap(results),
        _sides(results),
        _too_few(results),
    ]
    return [sentence for sentence in sentences if sentence]


def _answered(results: Results) -> str:
    return ngettext(
        "%(answered)d of %(asked)d locality has answered.",
        "%(answered)d of %(asked)d localities have answered.",
        results.asked,
    ) % {"answered": results.answered, "asked": results.asked}


def _most_needed(results: Results) -> str:
    named = sorted(
        (row for row in results.rows if row.needs.count),
        key=lambda row: (-(row.needs.count or 0), row.topic),
    )
    if not named:
        return _("No need was named by enough localities to be counted.")
    topics = [_with_count(row.topic, row.needs.count) for row in named[:NAMED]]
    return _("Most asked for: %(topics)s.") % {"topics": "; ".join(topics)}


def _most_offered(results: Results) -> str:
    named = sorted(
        (row for row in results.rows if row.offers.count),
        key=lambda row: (-(row.offers.count or 0), row.topic),
    )
    if not named:
        return ""
    topics = [_with_count(row.topic, row.offers.count) for row in named[:NAMED]]
    return _("Most offered: %(topics)s.") % {"topics": "; ".join(topics)}


def _with_count(topic: str, count: int | None) -> str:
    return ngettext(
        "%(topic)s (%(count)d locality)", "%(topic)s (%(count)d localities)", count or 0
    ) % {"topic": topic, "count": count or 0}


def _largest_gap(results: Results) -> str:
    gaps = [(_gap(row), row) for row in results.rows]
    gap, row = max(gaps, key=lambda pair: pair[0], default=(0, None))
    if row is None or gap <= 0:
        return ""
    return _(
        "The largest gap is %(topic)s: needed by %(needs)d localities, offered by "
        "%(offers)d."
    ) % {"topic": row.topic, "needs": row.needs.count, "offers": row.offers.count}


def _gap(row: TopicRow) -> int:
    if row.needs.count is None or row.offers.count is None:
        return 0
    return row.needs.count - row.offers.count


def _sides(results: Results) -> str:
    if not results.differences:
        return ""
    row = results.differences[0]
    return _(
        "The two sides differ most on %(topic)s (%(kind)s): the government side in "
        "%(government)d localities, the civil society side in %(civil_society)d."
    ) % {
        "topic": row.topic,
        "kind": row.kind.lower(),
        "government": row.government,
        "civil_society": row.civil_society,
    }


def _too_few(results: Results) -> str:
    hidden = (*results.needs_too_few, *results.offers_too_few)
    few = len({row.code for row in hidden})
    if not few or not results.has_any_number:
        return ""
    return ngettext(
        "For %(count)d more topic no number is given: too few localities named it.",
        "For %(count)d more topics no number is given: too few localities named them.",
        few,
    ) % {"count": few}
