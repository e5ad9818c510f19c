"""The pair of the demonstration that has not begun its parts of the first wave."""

from django.utils import timezone

from localities.choices import Side
from localities.models import Locality
from localities.queries.people import people_of
from loci.accounts.models import User
from surveys.models import Part, Question
from surveys.services.answering import save_answer
from tests import make

GOVERNMENT = "Government side, Kutaisi Municipality"
CIVIL_SOCIETY = "Civil society side, Kutaisi Municipality"
NEED = "Nobody reuses our PDFs"


def place() -> Locality:
    return Locality.objects.get(slug="kutaisi")


def someone_of(side: Side) -> User:
    return people_of(place(), side).get()


def part_of(side: Side) -> Part:
    return Part.objects.select_related("wave").get(locality__slug="kutaisi", side=side)


def written_part() -> Part:
    """The government's part with all that it needs to be sent."""
    part = part_of(Side.GOVERNMENT)
    question = Question.objects.select_related("section").get(
        section__sides=[Side.GOVERNMENT], code="needs"
    )
    save_answer(
        part=part,
        question=question,
        blocks=[make.need_block(NEED, topic="it.portal")],
        version=0,
        by=someone_of(Side.GOVERNMENT),
        now=timezone.now(),
    )
    return part
