"""What a side asked for, and what became of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from localities.models import Locality, Topic
from loci.accounts.models import User
from matchmaking.choices import RequestState, SuggestionState
from matchmaking.models import IntroductionRequest, Suggestion
from surveys.choices import StatementKind
from surveys.models import Statement

SHOWN = 50


@dataclass(frozen=True)
class Asked:
    """One request, with the suggestion that came of it once the pairs have it."""

    request: IntroductionRequest
    card: UUID | None
    state: str


def requests_of(person: User, helper: Locality | None = None) -> tuple[Asked, ...]:
    """The newest first (one query); those about one locality, if it is named."""
    rows = IntroductionRequest.objects.shown_to(person)
    if helper is not None:
        rows = rows.filter(helper=helper)
    met = (
        Suggestion.objects.shown_to(person)
        .filter(seeker=OuterRef("seeker"), helper=OuterRef("helper"))
        .order_by("-approved_at", "-pk")
    )
    asked = (
        rows.select_related("seeker", "helper", "topic")
        .annotate(
            card=Subquery(met.values("reference")[:1]),
            card_state=Subquery(met.values("state")[:1]),
        )
        .order_by("-created_at", "-pk")
    )
    return tuple(_asked(row) for row in asked[:SHOWN])


def _asked(row: Any) -> Asked:
    said = SuggestionState(row.card_state) if row.card else RequestState(row.state)
    return Asked(row, row.card, str(said.label))


def topics_offered(helper: Locality, person: User) -> list[Topic]:
    """What a locality offers, as far as this person may read it."""
    offers = (
        Statement.objects.present()
        .visible_to(person)
        .filter(locality=helper, kind=StatementKind.OFFER)
    )
    topics = Topic.objects.filter(pk__in=offers.values("topic"))
    return list(topics.order_by("position", "pk"))
