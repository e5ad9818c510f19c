"""Whether a question is asked, given earlier answers: a small language, read on the server.

`portal = yes, partly` · `portal != no` · `trust >= 7` · `trust <= 3` · `portal answered`;
several with `and`. A question that is not asked counts as not answered.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from surveys.choices import QuestionKind
from surveys.models import Question
from surveys.queries.blocks import Block, is_empty

_ONE = re.compile(
    r"^(?P<code>[-\w]+)\s*(?:(?P<sign>!=|>=|<=|=)\s*(?P<values>[^=<>!]+)|(?P<answered>answered))$"
)


class NotUnderstood(ValueError):
    """The text is no condition."""


@dataclass(frozen=True)
class Condition:
    """One earlier question, how it is compared (`answered` too), and with what."""

    code: str
    sign: str
    values: tuple[str, ...] = ()


def read_conditions(text: str) -> tuple[Condition, ...]:
    """All conditions of a text; they hold together. Raises NotUnderstood."""
    parts = [part.strip() for part in re.split(r"\band\b", text) if part.strip()]
    return tuple(_read(part) for part in parts)


def _read(part: str) -> Condition:
    found = _ONE.match(part)
    if found is None:
        raise NotUnderstood(part)
    if found["answered"]:
        return Condition(found["code"], "answered")
    values = tuple(
        value.strip() for value in found["values"].split(",") if value.strip()
    )
    if not values or (found["sign"] in {">=", "<="} and not values[0].isdigit()):
        raise NotUnderstood(part)
    return Condition(found["code"], found["sign"], values)


def holds(condition: Condition, said: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether it holds for what has been said, by the question's code."""
    values = said.get(condition.code, ())
    numbers = [int(value) for value in values if value.isdigit()]
    if condition.sign == "answered":
        return bool(values)
    if condition.sign == "=":
        return bool(set(values) & set(condition.values))
    if condition.sign == "!=":
        return bool(values) and not set(values) & set(condition.values)
    limit = int(condition.values[0])
    if condition.sign == ">=":
        return any(number >= limit for number in numbers)
    return any(number <= limit for number in numbers)


def asked_now(
    questions: Iterable[Question], kept: Mapping[int, list[Block]]
) -> list[Question]:
    """Those of a part's questions, in order, whose conditions hold now."""
    asked: list[Question] = []
    said: dict[str, tuple[str, ...]] = {}
    for question in questions:
        if all(holds(row, said) for row in _conditions(question)):
            asked.append(question)
            said[question.code] = _said(question, kept.get(question.pk, []))
    return asked


def _conditions(question: Question) -> tuple[Condition, ...]:
    try:
        return read_conditions(question.visible_if)
    except NotUnderstood:  # refused when it is published; a draft shows everything
        return ()


def _said(question: Question, blocks: list[Block]) -> tuple[str, ...]:
    full = [block for block in blocks if not is_empty(block)]
    if QuestionKind(question.kind).holds_statements:
        return tuple("said" for _block in full)
    values: list[Any] = [block.get("value", "") for block in full]
    flat = [
        one
        for value in values
        for one in (value if isinstance(value, list) else [value])
    ]
    return tuple(str(one) for one in flat if one)
