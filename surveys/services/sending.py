"""Send a part: its needs and offers become statements that others can meet."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from localities.choices import Side
from localities.models import Sector, Topic
from localities.queries.people import people_of
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.jobs import Job, enqueue
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice, withdraw_notices
from surveys.choices import (
    PartState,
    StatementKind,
    StatementSide,
    StatementState,
    Visibility,
)
from surveys.models import Answer, Part, Question, Statement
from surveys.queries.blocks import Block, is_empty
from surveys.queries.completeness import Standing, missing_in
from surveys.services.conversing import end_entering
from surveys.services.holding import lock_for_writing
from surveys.services.narrowing import end_what_was_said_before, follow, make_room
from surveys.services.reminding import key_of


class NotComplete(Refused):
    """Something that is needed has not been filled in."""


@transaction.atomic
def send_part(*, part: Part, by: User, now: datetime) -> Part:
    """Send one side's part; the side may change it and send again until the close.

    A second press of the button changes nothing. Raises NotYourSide, WaveClosed,
    NotComplete.
    """
    part = lock_for_writing(part, by, now)
    if part.state == PartState.SENT:
        return part
    if missing_in(Standing(part)):
        raise NotComplete(_("Something is missing. See the list on this page."))
    part.state, part.sent_at, part.sent_by = PartState.SENT, now, by
    part.save(update_fields=["state", "sent_at", "sent_by", "updated_at"])
    _speak(part, by)
    _remind_no_more(part)
    end_entering(part=part, by=by, now=now)
    record(by, "sent", part)
    post_notice(
        key=f"part_sent:{part.pk}:{now.isoformat()}",
        kind=NoticeKind.PART_SENT,
        to=by,
        now=now,
        parameters={"reference": part.reference, "locality": part.locality.name},
        path=f"/surveys/{part.reference}/check/",
    )
    enqueue(Job.REFRESH_ANALYSIS, wave_id=part.wave_id)
    return part


def _remind_no_more(part: Part) -> None:
    """Drop what waits for people who have nothing left to send."""
    left = Part.objects.filter(wave=part.wave_id, locality=part.locality_id)
    left = left.exclude(state=PartState.SENT)
    open_sides = set(left.values_list("side", flat=True))
    if StatementSide.JOINT in open_sides:
        return
    for side in {Side.GOVERNMENT, Side.CIVIL_SOCIETY} - open_sides:
        for person in people_of(part.locality, side):
            withdraw_notices(key_of(part.wave_id, part.locality_id, person.pk))


def _speak(part: Part, by: User) -> None:
    """Make the statements equal to the sent blocks; what was taken out is withdrawn."""
    kept = []
    answers = Answer.objects.filter(
        part=part,
        question__in=Standing(part).asked,
        question__kind__in=[StatementKind.NEED, StatementKind.OFFER],
    ).select_related("question")
    for answer in answers:
        for position, block in enumerate(answer.value):
            if not is_empty(block):
                kept.append(_state(part, answer.question, position, block, by).pk)
    left = part.statements.spoken().exclude(pk__in=kept)
    for statement in left.order_by("pk"):
        statement.state = StatementState.WITHDRAWN
        statement.save(update_fields=["state", "updated_at"])
        end_what_was_said_before(statement)


def _state(
    part: Part, question: Question, position: int, block: Block, by: User
) -> Statement:
    facts: dict[str, Any] = {
        "kind": question.kind,
        "wave": part.wave,
        "locality": part.locality,
        "side": part.side,
        "topic": Topic.objects.get(code=block["topic"]),
        "text": block["text"],
        "tried": block.get("tried", ""),
        "stage": block.get("stage", ""),
        "sector": Sector.objects.filter(code=block.get("sector", "")).first(),
        "urgency": block.get("urgency", ""),
        "experience": block.get("experience", ""),
        "hours_a_month": int(block["hours"]) if block.get("hours") else None,
        "evidence_url": block.get("evidence_url", ""),
        "formats": block.get("formats") or [],
        "language": by.language,
        "visibility": block.get("visibility") or Visibility.SIDE,
        "terms": block.get("terms", ""),
        "by": by,
    }
    place: dict[str, Any] = {"part": part, "question": question, "position": position}
    kept = Statement.objects.select_related("topic").filter(**place).first()
    if kept is not None:
        make_room(kept, topic=block["topic"], visibility=facts["visibility"])
    statement, _is_new = Statement.objects.update_or_create(**place, defaults=facts)
    earlier = Statement.objects.filter(
        carried_to=part, kind=question.kind, carried_place=position
    ).first()
    if earlier and statement.continues_id != earlier.pk:
        statement.continues = earlier
        statement.save(update_fields=["continues"])
    follow(statement, topic=block["topic"], visibility=facts["visibility"])
    if statement.state == StatementState.WITHDRAWN:
        statement.state = StatementState.OPEN
        statement.save(update_fields=["state"])
    return statement
