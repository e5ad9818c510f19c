"""A part behind its address, with what a person may do with it, in one query."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from localities.models import Locality
from loci.accounts.models import User
from loci.core.prepared import Prepared, brought, columns
from surveys.models import Part, Survey, Wave


@dataclass(frozen=True)
class PartFound:
    """A part that a person may see, with its wave, survey and locality.

    `is_theirs`: whether they write it.
    """

    part: Part
    is_theirs: bool


def part_for(person: User, reference: str) -> PartFound | None:
    """The part with this reference, if this person may know that it is there."""
    part: Any = _SEEN.one(reference=reference, by=person.pk)
    if part is None:
        return None
    part.wave = brought(part, "wave", Wave)
    part.wave.survey = brought(part, "wave__survey", Survey)
    part.locality = brought(part, "locality", Locality)
    return PartFound(part, part.writes)


def _seen(reference: str, by: int) -> QuerySet[Part]:
    person = User(pk=by)
    written = Part.objects.editable_by(person).filter(pk=OuterRef("pk"))
    seen = Part.objects.visible_to(person).filter(reference=reference)
    return seen.annotate(
        writes=Exists(written),
        **columns("wave", Wave),
        **columns("wave__survey", Survey),
        **columns("locality", Locality),
    ).order_by("pk")[:1]


_SEEN = Prepared(_seen, reference="\ue000reference", by=-(2**40))
