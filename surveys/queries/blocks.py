"""What a question's answer is made of, and what is missing in one.

Every answer is a list of blocks; a plain question has one block with `value`, a
needs or offers question has up to three.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _

from localities.choices import Stage
from localities.models import Sector, Topic
from surveys.choices import (
    LANGUAGES_SPOKEN,
    Experience,
    Format,
    QuestionKind,
    Urgency,
    Visibility,
)
from surveys.models import Question
from surveys.queries.topics import TopicFound, topics_like

Block = dict[str, Any]
Choices = list[tuple[str, Any]]

MOST_BLOCKS = 3
LONGEST_SENTENCE = 600
LONGEST_TRIED = 1000
LONGEST_TERMS = 300
LONGEST_AT_ALL = 20_000  # characters; more is refused, less is kept and flagged


@dataclass(frozen=True)
class BlockField:
    """One field of a block, ready to be shown."""

    name: str
    shape: str  # "text", "lines", "choice", "choices", "number", "link"
    label: str
    hint: str = ""
    listed: Callable[[], Iterable[tuple[str, Any]]] = tuple
    longest: int = 0
    is_required: bool = False

    @cached_property
    def choices(self) -> Choices:
        """What can be chosen; looked up when it is asked for."""
        return list(self.listed())


class Lists:
    """Topics and sectors to choose from, in the reader's language; each read once."""

    related: list[TopicFound] | None = None

    def with_related(self) -> list[TopicFound]:
        """The topics in order, each with those that are related to it."""
        if self.related is None:
            self.related = topics_like("")
        return self.related

    @cached_property
    def topics(self) -> Choices:
        """Topics grouped by learning area."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for area, code, label in self._named():
            groups.setdefault(area, []).append((code, label))
        return list(groups.items())

    def _named(self) -> list[tuple[str, str, str]]:
        if self.related is not None:
            return [(row.area, row.code, row.label) for row in self.related]
        topics = Topic.objects.select_related("area").order_by(
            "area__position", "position", "pk"
        )
        return [(row.area.label, row.code, row.label) for row in topics]

    @cached_property
    def sectors(self) -> Choices:
        rows = Sector.objects.order_by("position", "pk")
        return [(row.code, row.label) for row in rows]


def fields_of(question: Question, lists: Lists | None = None) -> tuple[BlockField, ...]:
    """The fields of one block of this question."""
    lists = lists or Lists()
    if question.kind == QuestionKind.NEED:
        return _need_fields(lists)
    if question.kind == QuestionKind.OFFER:
        return _offer_fields(lists)
    if question.kind == QuestionKind.CALL:
        return (_plain_field(question), _when_field(), _who_sees_field())
    return (_plain_field(question), _who_sees_field())


def _plain_field(question: Question) -> BlockField:
    shapes = {
        QuestionKind.SHORT: "text",
        QuestionKind.LONG: "lines",
        QuestionKind.ONE_OF: "choice",
        QuestionKind.SEVERAL_OF: "choices",
        QuestionKind.SCALE: "choice",
        QuestionKind.LANGUAGES: "choices",
        QuestionKind.DATE: "date",
        QuestionKind.CALL: "choices",
    }
    kind = QuestionKind(question.kind)
    listed = {
        QuestionKind.SCALE: lambda: [(str(step), str(step)) for step in range(11)],
        QuestionKind.LANGUAGES: language_choices,
        QuestionKind.CALL: lambda: [("yes", _("Ask me in a call"))],
    }
    return BlockField(
        "value",
        shapes[kind],
        question.label,
        question.hint,
        listed.get(kind, lambda: question.option_choices),
        question.longest,
        is_required=question.is_required,
    )


def language_choices() -> Choices:
    """Languages by their own names."""
    return [
        (code, LANG_INFO[code]["name_local"])
        for code in LANGUAGES_SPOKEN
        if code in LANG_INFO
    ]


def _when_field() -> BlockField:
    return BlockField(
        "when",
        "text",
        _("When does a call suit you?"),
        _("Days and hours, and how to reach you."),
        longest=300,
    )


def _who_sees_field() -> BlockField:
    return BlockField(
        "visibility", "choice", _("Who may see this?"), listed=_who_sees_choices
    )


def _who_sees_choices() -> Choices:
    return [
        (code, f"{label}: {Visibility(code).seen_by}")
        for code, label in Visibility.choices
    ]


def _need_fields(lists: Lists) -> tuple[BlockField, ...]:
    return (
        BlockField(
            "text",
            "lines",
            _("What is the problem, in one sentence?"),
            _(
                "Say one thing. Your own words will be quoted if you let the network see it."
            ),
            longest=LONGEST_SENTENCE,
            is_required=True,
        ),
        BlockField(
            "topic",
            "choice",
            _("Topic"),
            _("Related topics are looked at too: choose the nearest."),
            listed=lambda: lists.topics,
            is_required=True,
        ),
        BlockField(
            "tried", "lines", _("What have you tried so far?"), longest=LONGEST_TRIED
        ),
        BlockField(
            "urgency",
            "choice",
            _("How soon would help be useful?"),
            listed=lambda: Urgency.choices,
        ),
        BlockField(
            "stage", "choice", _("Stage of contracting"), listed=lambda: Stage.choices
        ),
        BlockField("sector", "choice", _("Sector"), listed=lambda: lists.sectors),
        _who_sees_field(),
    )


def _offer_fields(lists: Lists) -> tuple[BlockField, ...]:
    return (
        BlockField(
            "text",
            "lines",
            _("What did you do, in one sentence?"),
            _("What you did, when, and what came of it. Plain work counts."),
            longest=LONGEST_SENTENCE,
            is_required=True,
        ),
        BlockField(
            "topic",
            "choice",
            _("Topic"),
            _("Related topics are looked at too: choose the nearest."),
            listed=lambda: lists.topics,
            is_required=True,
        ),
        BlockField(
            "experience",
            "choice",
            _("How far are you with it?"),
            listed=lambda: Experience.choices,
            is_required=True,
        ),
        BlockField(
            "hours",
            "number",
            _("Hours a month you could give"),
            _("Nobody will ask for more than this."),
            is_required=True,
        ),
        BlockField(
            "formats", "choices", _("Ways that suit you"), listed=lambda: Format.choices
        ),
        BlockField(
            "terms",
            "text",
            _("On what terms?"),
            _("For example: free of charge, travel paid, in writing only."),
            longest=LONGEST_TERMS,
        ),
        BlockField(
            "evidence_url",
            "link",
            _("A link that shows it"),
            _("For example https://…"),
        ),
        BlockField(
            "stage", "choice", _("Stage of contracting"), listed=lambda: Stage.choices
        ),
        BlockField("sector", "choice", _("Sector"), listed=lambda: lists.sectors),
        _who_sees_field(),
    )


def is_empty(block: Block) -> bool:
    """Nothing was said: who may see it alone is not an answer."""
    return not any(value for name, value in block.items() if name != "visibility")


def flat_codes(choices: Choices) -> Iterator[str]:
    """The codes of choices that may be grouped."""
    for code, label in choices:
        if isinstance(label, (list, tuple)):
            yield from (inner for inner, _words in label)
        else:
            yield code
