"""What others were shown stays what they were shown, and ends when its side says so.

Suggestions, circles, sessions and quotes point to a need or an offer. It goes on being
the same one while its topic stays and the network may read it; else it ends here, seen
by no more people than the new words, and what is said now is a need of its own.
"""

from surveys.choices import (
    FEWEST_READERS_FIRST,
    USED_FOR_INTRODUCTIONS,
    StatementState,
    Visibility,
)
from surveys.models import Answer, Part, Statement
from surveys.queries.blocks import Block
from surveys.services.timeline import follow_on_the_timeline


def narrower(one: str, other: str) -> Visibility:
    """Of two audiences the one of fewer people."""
    return min(Visibility(one), Visibility(other), key=FEWEST_READERS_FIRST.index)


def make_room(statement: Statement, *, topic: str, visibility: str) -> bool:
    """End this one if what is said now, of this topic to these readers, is another.

    It stays met if it was met. Returns whether it has ended.
    """
    left_the_network = (
        statement.state != StatementState.MET
        and statement.visibility in USED_FOR_INTRODUCTIONS
        and visibility not in USED_FOR_INTRODUCTIONS
    )
    if statement.topic.code == topic and not left_the_network:
        return False
    was = statement.visibility
    statement.visibility = narrower(statement.visibility, visibility)
    statement.position = None
    if statement.state == StatementState.OPEN:
        statement.state = StatementState.WITHDRAWN
    statement.save(update_fields=["visibility", "position", "state", "updated_at"])
    _timeline_too(statement, was)
    return True


def follow(statement: Statement, *, topic: str, visibility: str) -> None:
    """Let what was said of it in earlier waves be read by no more people than it now is.

    Where it is about something else by now, the earlier ones have ended.
    """
    for row in statement.said_before():
        if not make_room(row, topic=topic, visibility=visibility):
            _let_read(row, narrower(row.visibility, visibility))


def end_what_was_said_before(statement: Statement) -> None:
    """What is met or taken back is so in earlier waves too, for whoever was shown those."""
    for row in statement.said_before():
        if row.state == StatementState.OPEN:
            row.state = statement.state
            row.met_by, row.met_at = statement.met_by, statement.met_at
            row.save(update_fields=["state", "met_by", "met_at", "updated_at"])


def narrow_at_once(part: Part, answer: Answer, before: list[Block]) -> None:
    """Let fewer people read what was sent already, as soon as its side says so.

    To let more people read it takes sending it again.
    """
    if part.sent_at is None or not _is_narrowed(answer.value, before):
        return
    sent = Statement.objects.select_for_update(of=("self",)).filter(
        part=part, question=answer.question_id, position__isnull=False
    )
    for statement in sent.select_related("topic").order_by("pk"):
        wanted = _visibility_at(answer.value, statement.position or 0)
        if wanted is None or wanted == statement.visibility:
            continue
        if narrower(wanted, statement.visibility) == wanted:
            _narrow(statement, wanted)


def _narrow(statement: Statement, to: Visibility) -> None:
    follow(statement, topic=statement.topic.code, visibility=to)
    place, was_open = statement.position, statement.state == StatementState.OPEN
    if not make_room(statement, topic=statement.topic.code, visibility=to):
        _let_read(statement, to)
    elif was_open:
        statement.anew(
            position=place, state=StatementState.OPEN, carried_to_id=None
        ).save()


def _let_read(statement: Statement, to: Visibility) -> None:
    was, statement.visibility = statement.visibility, to
    if was != to:
        statement.save(update_fields=["visibility", "updated_at"])
        _timeline_too(statement, was)


def _timeline_too(statement: Statement, was: str) -> None:
    """That a need was met is told to no more people than the need."""
    if statement.met_at is not None:
        follow_on_the_timeline(statement, was=was, met_at=statement.met_at)


def _is_narrowed(blocks: list[Block], before: list[Block]) -> bool:
    return any(
        _visibility_at(blocks, place) != _visibility_at(before, place)
        for place in range(len(before))
    )


def _visibility_at(blocks: list[Block], place: int) -> Visibility | None:
    chosen = blocks[place].get("visibility") if place < len(blocks) else None
    return Visibility(chosen) if chosen in Visibility.values else None
