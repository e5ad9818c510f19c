"""All that a locality has said and lived through here, as its own people may read it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from localities.models import Fact, Locality, Milestone, Seat
from loci.accounts.models import User
from loci.cycles.models import Promise
from loci.pages.services.own_data import told
from loci.pages.services.readable import Chapter
from matchmaking.models import IntroductionNote, IntroductionRequest, Suggestion
from surveys.models import Answer, Statement
from surveys.queries.quoting import quotes_for

Row = dict[str, Any]
OF_LOCALITY = ("name", "country", "level", "phase", "population", "languages")


def memory_of(locality: Locality, person: User) -> Row:
    """What this person's side may read, as plain values.

    What the other side confided to its own room is not in it.
    """
    chapters = {row.code: row for row in memory_in_chapters(locality, person)}
    notes = chapters.pop("notes")
    plain: Row = {
        code: [told(row, chapter.told) for row in chapter.rows]
        for code, chapter in chapters.items()
    }
    by_suggestion: dict[int, list[Row]] = {}
    for note in notes.rows:
        found = by_suggestion.setdefault(getattr(note, "suggestion_id"), [])  # noqa: B009
        found.append(told(note, notes.told[1:]))
    for told_row, row in zip(
        plain["suggestions"], chapters["suggestions"].rows, strict=True
    ):
        told_row["notes"] = by_suggestion.get(row.pk, [])
    return {"locality": told(locality, OF_LOCALITY), **plain}


def memory_in_chapters(locality: Locality, person: User) -> tuple[Chapter, ...]:
    """The same as rows, chapter by chapter."""
    return (*_who(locality, person), *_said(locality, person), *_met(locality, person))


def _chapter(code: str, label: Any, rows: Iterable[Any], *names: str) -> Chapter:
    return Chapter(code, label, tuple(rows), names)


def _who(locality: Locality, person: User) -> tuple[Chapter, ...]:
    facts = Fact.objects.visible_to(person).filter(locality=locality)
    events = Milestone.objects.visible_to(person).filter(locality=locality)
    seats = Seat.objects.filter(locality=locality).select_related("organisation")
    return (
        _chapter(
            "facts",
            _("Lines of the profile"),
            facts.order_by("pk"),
            *("side", "kind", "text", "link", "sources", "visibility", "checked_on"),
        ),
        _chapter(
            "timeline",
            _("Timeline"),
            events.order_by("on", "pk"),
            *("on", "kind", "text", "link", "phase"),
        ),
        _chapter(
            "seats",
            _("Who sat here"),
            seats.order_by("side", "since", "pk"),
            *("side", "organisation", "since", "until"),
        ),
    )


def _statements(locality: Locality, person: User) -> QuerySet[Statement]:
    return Statement.objects.visible_to(person).filter(locality=locality)


def _said(locality: Locality, person: User) -> tuple[Chapter, ...]:
    answers = Answer.objects.visible_to(person).filter(part__locality=locality)
    return (
        _chapter(
            "answers",
            _("Answers to surveys"),
            answers.select_related("part", "question").order_by("pk"),
            *("part", "question", "value", "visibility", "updated_at"),
        ),
        _chapter(
            "needs_and_offers",
            _("Needs and offers"),
            _statements(locality, person).select_related("topic").order_by("pk"),
            *("kind", "topic", "text", "tried", "state", "visibility", "created_at"),
        ),
    )


def _as_quoted(person: User, rows: list[Suggestion]) -> list[Suggestion]:
    """With the words of needs and offers as this person may be quoted them now."""
    used = {one.pk: one for row in rows for one in (row.need, row.offer)}
    quotes = quotes_for(person, used.values())
    for row in rows:
        row.need.text = quotes[row.need_id].words
        row.offer.text = quotes[row.offer_id].words
    return rows


def _met(locality: Locality, person: User) -> tuple[Chapter, ...]:
    met = (
        Suggestion.objects.shown_to(person)
        .filter(Q(seeker=locality) | Q(helper=locality))
        .select_related("seeker", "helper", "need", "offer")
    )
    notes = IntroductionNote.objects.filter(suggestion__in=met)
    suggestions = _as_quoted(person, list(met.order_by("pk")))
    asked = IntroductionRequest.objects.shown_to(person).filter(seeker=locality)
    promises = Promise.objects.published().filter(
        topic__in=_statements(locality, person).values("topic")
    )
    return (
        _chapter(
            "suggestions",
            _("Suggestions and introductions"),
            suggestions,
            *("seeker", "helper", "need", "offer", "state", "approved_at"),
            *("introduced_at", "outcome"),
        ),
        _chapter(
            "notes",
            _("Notes on introductions"),
            notes.select_related(
                "suggestion__seeker", "suggestion__helper", "locality"
            ).order_by("at", "pk"),
            *("suggestion", "locality", "text", "at"),
        ),
        _chapter(
            "introductions_asked",
            _("Introductions you asked for"),
            asked.select_related("helper", "topic").order_by("pk"),
            *("side", "helper", "topic", "words", "state", "answer"),
        ),
        _chapter(
            "promises",
            _("Promises on your topics"),
            promises.select_related("topic").order_by("pk"),
            *("topic", "heard", "doing", "state"),
        ),
    )
