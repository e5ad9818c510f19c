"""What the analysis of a wave is made from, as rows in a fixed order."""

from django.db.models import Exists, OuterRef, Q

from localities.choices import Side
from surveys.analysis.response import Asked
from surveys.analysis.tables import Spoken
from surveys.choices import QuestionKind, StatementSide
from surveys.models import Answer, Part, Statement, Wave

ACTED = "acted"


def spoken_rows(wave: Wave) -> list[Spoken]:
    """The wave's open needs and offers."""
    rows = (
        Statement.objects.spoken()
        .filter(wave=wave)
        .values_list(
            "locality_id", "topic__code", "locality__region__code", "side", "kind"
        )
    )
    return sorted(Spoken(*row) for row in rows)


def asked_rows(wave: Wave) -> list[Asked]:
    """Both sides of each locality that was asked.

    A side has answered once it has sent its part, or has been heard in another way.
    """
    heard = Statement.objects.spoken().filter(
        wave=wave,
        locality=OuterRef("locality"),
        side__in=[OuterRef("side"), StatementSide.JOINT],
    )
    parts = (
        Part.objects.filter(wave=wave, side__in=Side.values)
        .annotate(has_answered=Q(sent_at__isnull=False) | Exists(heard))
        .values_list("locality_id", "locality__region__code", "side", "has_answered")
    )
    return sorted(Asked(*row) for row in parts)


def acted_values(wave: Wave) -> list[tuple[int, float]]:
    """Locality and 0 to 10: whether the network acted on what it had been told."""
    answers = Answer.objects.filter(
        part__wave=wave,
        part__sent_at__isnull=False,
        question__code=ACTED,
        question__kind=QuestionKind.SCALE,
    ).values_list("part__locality_id", "value")
    return sorted(
        (unit, float(str(block["value"])))
        for unit, blocks in answers
        for block in blocks
        if str(block.get("value", "")).strip().isdecimal()
    )
