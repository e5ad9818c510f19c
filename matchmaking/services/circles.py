"""Circles: proposed with a round, let through by a coordinator, formed by the pairs."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _, override

from localities.models import Topic
from localities.queries.people import people_of, side_of
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.states import move
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice
from matchmaking.choices import (
    CIRCLE_LEAST,
    CIRCLE_MOVES,
    CircleState,
    ReplyAnswer,
)
from matchmaking.engine.circles import Group, circles
from matchmaking.engine.statements import Need
from matchmaking.models import Circle, CircleMember, Round
from matchmaking.services.computing import statements_of


class CircleNotYours(Refused):
    """No pair of the circle lies in a region that this person coordinates."""


class CircleNotOpen(Refused):
    """The circle takes no answers, or this person's pair is not of it."""


def propose_circles(round_: Round) -> int:
    """Propose circles where one need is shared; returns how many.

    What nobody has reviewed yet gives way. A locality that is in a circle already, or
    asked never to meet one of the others, is left out.
    """
    Circle.objects.filter(
        state=CircleState.PROPOSED, round__wave__is_demo=round_.wave.is_demo
    ).delete()
    snapshot, result = round_.snapshot or {}, round_.result or {}
    engaged = set(
        CircleMember.objects.filter(
            circle__state__in=[CircleState.APPROVED, CircleState.FORMED]
        ).values_list("locality", flat=True)
    )
    needs = [
        need
        for need in statements_of(Need, snapshot.get("needs", []))
        if need.unit not in engaged
    ]
    unserved = [row["unit"] for row in result.get("unmet", [])]
    groups = circles(
        needs,
        unserved,
        interpreted=snapshot["has_interpretation"],
        related=[(one, other) for one, other in snapshot["related"]],
    )
    apart = {tuple(pair) for pair in snapshot["vetoes"]}
    topics = {topic.code: topic for topic in Topic.objects.all()}
    made = [_propose(round_, topics[group.topic], group, apart) for group in groups]
    return sum(made)


def _propose(
    round_: Round, topic: Topic, group: Group, apart: set[tuple[Any, ...]]
) -> bool:
    sitting: list[Need] = []
    for need in group.needs:
        if not any(_kept_apart(need, other, apart) for other in sitting):
            sitting.append(need)
    if len(sitting) < CIRCLE_LEAST:
        return False
    circle = Circle.objects.create(round=round_, topic=topic)
    CircleMember.objects.bulk_create(
        CircleMember(circle=circle, locality_id=need.unit, need_id=int(need.id))
        for need in sitting
    )
    return True


def _kept_apart(one: Need, other: Need, apart: set[tuple[Any, ...]]) -> bool:
    """Never to meet, whichever of the two would help: both directions are barred."""
    return {(one.unit, other.unit), (other.unit, one.unit)} <= apart


def _lock(circle: Circle, by: User) -> Circle:
    rows = Circle.objects.coordinated_by(by).select_for_update(of=("self",))
    found = rows.select_related("topic").filter(pk=circle.pk).first()
    if found is None:
        raise CircleNotYours(_("This circle is outside your regions."))
    return found


@transaction.atomic
def approve_circle(*, circle: Circle, by: User, now: datetime) -> Circle:
    """Ask the pairs of a proposed circle. Raises CircleNotYours, WrongMove."""
    circle = _lock(circle, by)
    if circle.state == CircleState.APPROVED:
        return circle
    move(circle, to=CircleState.APPROVED, moves=CIRCLE_MOVES)
    circle.approved_at = now
    circle.save(update_fields=["approved_at", "updated_at"])
    record(by, "approved", circle)
    for member in _members(circle):
        _write_to(member, NoticeKind.CIRCLE, now)
    return circle


def _members(circle: Circle) -> QuerySet[CircleMember]:
    rows = circle.members.select_related("locality", "circle__topic")
    return rows.order_by("pk")


def _write_to(member: CircleMember, kind: NoticeKind, now: datetime) -> None:
    for person in people_of(member.locality):
        with override(person.language):
            topic = member.circle.topic.label
        post_notice(
            key=f"{kind.value}:{member.circle_id}:{person.pk}",
            kind=kind,
            to=person,
            now=now,
            parameters={"own": member.locality.name, "topic": topic},
            path=f"/suggestions/circles/{member.circle.reference}/",
        )


@transaction.atomic
def close_circle(*, circle: Circle, by: User) -> Circle:
    """Drop a circle, or end it. Raises CircleNotYours, WrongMove."""
    circle = _lock(circle, by)
    if circle.state != CircleState.CLOSED:
        move(circle, to=CircleState.CLOSED, moves=CIRCLE_MOVES)
        record(by, "closed", circle)
    return circle


@transaction.atomic
def answer_circle(
    *, circle: Circle, answer: ReplyAnswer, by: User, now: datetime
) -> CircleMember:
    """Take a pair's yes or no; the last word counts, three yeses form the circle.

    Raises CircleNotOpen.
    """
    circle = Circle.objects.select_for_update().get(pk=circle.pk)
    member = _own_member(circle, by)
    takes_answers = circle.state in {CircleState.APPROVED, CircleState.FORMED}
    if member is None or not takes_answers:
        raise CircleNotOpen(_("This circle is no longer open."))
    if member.answer == answer:
        return member
    member.answer, member.by, member.answered_at = answer, by, now
    member.save()
    record(by, f"said {answer.value}", circle)
    if answer == ReplyAnswer.YES:
        _form(circle, member, now)
    return member


def _form(circle: Circle, newest: CircleMember, now: datetime) -> None:
    """With the third yes all who agreed are told; who comes later is told alone."""
    agreed = list(_members(circle).filter(answer=ReplyAnswer.YES))
    if circle.state == CircleState.FORMED:
        agreed = [newest]
    elif len(agreed) < CIRCLE_LEAST:
        return
    else:
        circle.formed_at = now
        circle.save(update_fields=["formed_at", "updated_at"])
        move(circle, to=CircleState.FORMED, moves=CIRCLE_MOVES)
    for member in agreed:
        _write_to(member, NoticeKind.CIRCLE_FORMED, now)


def _own_member(circle: Circle, person: User) -> CircleMember | None:
    return next(
        (row for row in _members(circle) if side_of(person, row.locality)), None
    )
