"""All that a locality has said and lived through here, as its own people may read it."""

from typing import Any

from django.db.models import Q

from localities.models import Fact, Locality, Milestone, Seat
from loci.accounts.models import User
from loci.cycles.models import Promise
from loci.pages.services.own_data import told
from matchmaking.models import IntroductionRequest, Suggestion
from surveys.models import Answer, Statement

Row = dict[str, Any]


def memory_of(locality: Locality, person: User) -> Row:
    """What this person's side may read, as plain values.

    What the other side confided to its own room is not in it.
    """
    seats = Seat.objects.filter(locality=locality).select_related("organisation")
    answers = Answer.objects.visible_to(person).filter(part__locality=locality)
    statements = Statement.objects.visible_to(person).filter(locality=locality)
    met = (
        Suggestion.objects.shown_to(person)
        .filter(Q(seeker=locality) | Q(helper=locality))
        .select_related("seeker", "helper", "need", "offer")
    )
    topics = statements.values("topic")
    return {
        "locality": told(
            locality, ("name", "country", "level", "phase", "population", "languages")
        ),
        "facts": [
            told(row, ("side", "kind", "text", "sources", "visibility", "checked_on"))
            for row in Fact.objects.visible_to(person)
            .filter(locality=locality)
            .order_by("pk")
        ],
        "timeline": [
            told(row, ("on", "kind", "text", "link", "phase"))
            for row in Milestone.objects.visible_to(person)
            .filter(locality=locality)
            .order_by("on", "pk")
        ],
        "seats": [
            told(row, ("side", "organisation", "since", "until"))
            for row in seats.order_by("side", "since", "pk")
        ],
        "answers": [
            told(row, ("part", "question", "value", "visibility", "updated_at"))
            for row in answers.select_related("part", "question").order_by("pk")
        ],
        "needs_and_offers": [
            told(
                row,
                ("kind", "topic", "text", "tried", "state", "visibility", "created_at"),
            )
            for row in statements.select_related("topic").order_by("pk")
        ],
        "suggestions": [_met(row) for row in met.order_by("pk")],
        "introductions_asked": [
            told(row, ("side", "helper", "topic", "words", "state", "answer"))
            for row in IntroductionRequest.objects.shown_to(person)
            .filter(seeker=locality)
            .select_related("helper", "topic")
            .order_by("pk")
        ],
        "promises": [
            told(row, ("topic", "heard", "doing", "state"))
            for row in Promise.objects.published()
            .filter(topic__in=topics)
            .select_related("topic")
            .order_by("pk")
        ],
    }


def _met(row: Suggestion) -> Row:
    """A suggestion, and its notes once the two were introduced."""
    names = ("seeker", "helper", "need", "offer", "state", "approved_at")
    notes = row.notes.select_related("locality").order_by("at", "pk")
    return {
        **told(row, (*names, "introduced_at", "outcome")),
        "notes": [told(note, ("locality", "text", "at")) for note in notes],
    }
