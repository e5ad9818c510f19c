"""What the demonstration's localities say: statements drawn from public sources."""

from datetime import datetime, timedelta
from typing import Any

from localities.choices import Side
from localities.models import Locality, Sector, Topic
from localities.queries.people import people_of
from surveys.choices import Experience, PartState, StatementKind, Visibility
from surveys.models import Answer, Part, Question, Statement, Wave
from surveys.queries.completeness import questions_of

Facts = dict[str, Any]
SIDES = {"gov": "government", "cso": "civil_society", "both": "joint"}
NOT_BEGUN = {"kutaisi", "ozurgeti", "chernivtsi", "prishtina"}
HALF_WRITTEN = ("jalisco", "caldas")
FORMATS = {
    "peer assist": "peer_assist",
    "study visit": "study_visit",
    "document + call": "document",
    "expert call": "call",
}


def speak(
    *,
    wave: Wave,
    places: dict[str, Locality],
    statements: list[Facts],
    now: datetime,
) -> None:
    """Give each locality its statements; some parts sent, some half done, some not begun."""
    for row in statements:
        place = places.get(row["locality"])
        if place is not None:
            _say(wave, place, row)
    sent = Part.objects.filter(wave=wave).exclude(locality__slug__in=NOT_BEGUN)
    for part in sent.select_related("locality", "wave"):
        _write(part, now)


def _say(wave: Wave, place: Locality, row: Facts) -> None:
    is_offer = row["kind"] == StatementKind.OFFER
    Statement.objects.create(
        kind=row["kind"],
        wave=wave,
        locality=place,
        side=SIDES[row["side"]],
        topic=Topic.objects.get(code=row["topic"]),
        text=row["statement"],
        stage=row["stage"],
        sector=Sector.objects.get(code=row["sector"]),
        experience=Experience.DONE if is_offer else "",
        hours_a_month=4 if is_offer else None,
        formats=[FORMATS.get(row["format"], row["format"])],
        language="en",
        visibility=Visibility.NETWORK,
        is_illustrative=True,
        sources=row["sources"],
    )


def _write(part: Part, now: datetime) -> None:
    """Make the part look as if its statements had been written on its pages."""
    said = list(
        Statement.objects.filter(wave=part.wave, locality=part.locality, side=part.side)
        .select_related("topic", "sector")
        .order_by("pk")
    )
    person = people_of(part.locality, Side(part.side)).first()
    if not said or person is None:
        return
    at = now - timedelta(days=3)
    questions = {row.code: row for row in questions_of(part)}
    for kind, code in (("need", "needs"), ("offer", "offers")):
        rows = [row for row in said if row.kind == kind]
        if rows:
            _answer(part, questions[code], rows, at)
    has_need = any(row.is_need for row in said)
    is_half = part.locality.slug in HALF_WRITTEN or not has_need
    part.state = PartState.IN_PROGRESS if is_half else PartState.SENT
    part.first_opened_at = at
    if part.state == PartState.SENT:
        part.sent_at, part.sent_by = at, person
    part.save()


def _answer(
    part: Part, question: Question, rows: list[Statement], at: datetime
) -> None:
    blocks = [_block(row) for row in rows]
    answer = Answer.objects.create(
        part=part, question=question, value=blocks, visibility=Visibility.SIDE
    )
    answer.versions.update(at=at)
    for position, row in enumerate(rows):
        row.part, row.question, row.position = part, question, position
        row.save(update_fields=["part", "question", "position"])


def _block(row: Statement) -> Facts:
    block: Facts = {
        "text": row.text,
        "topic": row.topic.code,
        "stage": row.stage,
        "sector": row.sector.code if row.sector else "",
        "visibility": row.visibility,
    }
    if row.is_need:
        return block
    return block | {
        "experience": row.experience,
        "hours": str(row.hours_a_month or ""),
        "formats": row.formats,
    }
