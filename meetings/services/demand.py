"""What a region asks and offers, as far as its authors let the network see."""

from django.db.models import Q

from localities.models import Locality, Topic
from meetings.agenda.demand import Ask, Can, Demand, Proposed, propose
from meetings.models import Meeting
from surveys.choices import Experience, StatementKind, Urgency
from surveys.models import Statement

HASTE = {Urgency.THIS_MONTH: 3, Urgency.THIS_QUARTER: 2, Urgency.THIS_YEAR: 1}
DONE = {
    Experience.PLANNING: 0,
    Experience.DOING: 1,
    Experience.DONE: 2,
    Experience.TAUGHT: 3,
}


def demand_of(meeting: Meeting) -> Demand:
    """Open needs and offers of the region's pairs, and of pairs invited from elsewhere."""
    places = Locality.objects.filter(
        Q(region=meeting.region) | Q(meeting_invitations__meeting=meeting),
        is_demo=meeting.is_demo,
    ).distinct()
    rows = (
        Statement.objects.for_introductions()
        .filter(locality__in=places)
        .select_related("topic")
        .order_by("pk")
    )
    asks, cans = [], []
    for row in rows:
        code = row.topic.code
        if row.kind == StatementKind.NEED:
            haste = HASTE.get(Urgency(row.urgency), 0) if row.urgency else 0
            asks.append(Ask(row.pk, row.locality_id, code, haste))
        elif row.experience:
            done = DONE[Experience(row.experience)]
            cans.append(Can(row.locality_id, code, done))
    return Demand(tuple(asks), tuple(cans), _near(), _countries(list(places)))


def _near() -> dict[str, list[str]]:
    links: dict[str, list[str]] = {}
    for one, other in Topic.related.through.objects.values_list(
        "from_topic__code", "to_topic__code"
    ).order_by("pk"):
        links.setdefault(one, []).append(other)
    return links


def _countries(places: list[Locality]) -> dict[int, str]:
    return {place.pk: place.country_code for place in places}


def proposed_for(meeting: Meeting) -> tuple[Proposed, ...]:
    """Sessions that the region's demand is worth."""
    return propose(demand_of(meeting))
