"""Two people answered the same question at once: what keeping both means."""

from typing import Any

from surveys.choices import QuestionKind
from surveys.models import Question
from surveys.queries.blocks import MOST_BLOCKS, Block, is_empty


def both(question: Question, mine: list[Block], theirs: list[Block]) -> list[Block]:
    """Both answers in one: texts below each other, needs and offers side by side.

    Where only one thing can be chosen mine stays. A fourth need or offer has no place:
    its words go below those of the last.
    """
    said_by_me = [block for block in mine if not is_empty(block)]
    said_by_them = [block for block in theirs if not is_empty(block)]
    if QuestionKind(question.kind).holds_statements:
        return _side_by_side(said_by_me, said_by_them)
    if not said_by_me or not said_by_them:
        return said_by_me or said_by_them
    return [_joined(said_by_me[0], said_by_them[0])]


def _side_by_side(mine: list[Block], theirs: list[Block]) -> list[Block]:
    rows = list(mine)
    for block in theirs:
        if any(block.get("text") == row.get("text") for row in rows):
            continue
        if len(rows) < MOST_BLOCKS:
            rows.append(block)
        else:
            last = rows[-1]
            rows[-1] = last | {"text": _below(last.get("text"), block.get("text"))}
    return rows


def _joined(mine: Block, theirs: Block) -> Block:
    joined: Block = {**theirs, **{name: value for name, value in mine.items() if value}}
    for name, value in theirs.items():
        own = mine.get(name)
        if isinstance(value, list) and isinstance(own, list):
            joined[name] = [*own, *(one for one in value if one not in own)]
        elif name in {"value", "when"} and own and value and not isinstance(own, list):
            joined[name] = _below(own, value)
    return joined


def _below(first: Any, second: Any) -> str:
    return f"{first}\n\n{second}" if first != second else str(first)


def joins_words(question: Question) -> bool:
    """Whether both can be kept at all: of one choice, one day, one number only one."""
    return question.kind not in {
        QuestionKind.ONE_OF,
        QuestionKind.SCALE,
        QuestionKind.DATE,
    }
