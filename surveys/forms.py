"""The shape of one page of a part; nothing is written here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy as _

from loci.core.widgets import LongSelect, TopicSelect
from surveys.choices import QuestionKind, Visibility
from surveys.models import Question
from surveys.queries.before import AnsweredBefore
from surveys.queries.blocks import MOST_BLOCKS, Block, BlockField, Lists, fields_of
from surveys.queries.problems import Problem, problems_in
from surveys.queries.topics import TopicFound

EXTRA_FIELDS = frozenset(
    {"tried", "stage", "sector", "evidence_url", "formats", "terms"}
)
BOXES = 3  # day, month, year
AS_RADIOS = frozenset({"urgency", "experience"})
NOT_CHOSEN = [("", _("Not chosen yet"))]


def field_name(question: Question, index: int, field: str) -> str:
    """How a field is called in the form: question, block, field."""
    return f"{question.code}-{index}-{field}"


def blocks_offered(question: Question) -> int:
    return MOST_BLOCKS if question.kind in {"need", "offer"} else 1


@dataclass(frozen=True)
class FormBlock:
    """One need, one offer, or the one answer of a plain question."""

    number: int
    main: tuple[BoundField, ...]
    extra: tuple[BoundField, ...]
    visibility: BoundField
    is_said: bool
    has_extra: bool

    @property
    def is_open(self) -> bool:
        return self.number == 1 or self.is_said


@dataclass(frozen=True)
class QuestionGroup:
    """One question of a page with its blocks; `version` guards against overwriting.

    `before`: what was answered last time, where nothing is answered yet.
    """

    question: Question
    version: int
    blocks: tuple[FormBlock, ...]
    before: AnsweredBefore | None = None


class SectionForm(forms.Form):
    """All questions of one page; drafts may be incomplete, so nothing is required."""

    def __init__(
        self,
        questions: Iterable[Question],
        kept: dict[int, list[Block]],
        *args: Any,
        lists: Lists | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lists = lists or Lists()
        self.topics: list[TopicFound] = []
        self.refusal = ""
        self.changed_by_others: list[Any] = []
        self.has_unknown = False
        self.before: list[AnsweredBefore] = []
        self.questions = list(questions)
        if any(QuestionKind(row.kind).holds_statements for row in self.questions):
            self.topics = self.lists.with_related()
        self.shapes: dict[str, BlockField] = {}
        self.fields_of: dict[int, tuple[BlockField, ...]] = {}
        for question in self.questions:
            blocks = kept.get(question.pk, [])
            fields = self.fields_of[question.pk] = fields_of(question, self.lists)
            for index in range(blocks_offered(question)):
                block = blocks[index] if index < len(blocks) else {}
                for field in fields:
                    self._add(question, index, field, block)

    def _add(
        self, question: Question, index: int, field: BlockField, block: Block
    ) -> None:
        name = field_name(question, index, field.name)
        initial = block.get(field.name)
        if not initial and field.name == "visibility":
            initial = question.default_visibility
        self.shapes[name] = field
        self.fields[name] = form_field(field, initial)

    def blocks(self, question: Question) -> list[Block]:
        """What was posted for one question, as blocks."""
        names = [field.name for field in self.fields_of[question.pk]]
        return [
            {name: self._posted(question, index, name) for name in names}
            for index in range(blocks_offered(question))
        ]

    def _posted(self, question: Question, index: int, name: str) -> Any:
        full = field_name(question, index, name)
        if self.shapes[full].shape == "date":
            return in_one([self.data.get(f"{full}_{box}", "") for box in range(3)])
        if self.shapes[full].shape == "choices" and isinstance(self.data, QueryDict):
            return self.data.getlist(full)
        return self.data.get(full, "")

    def show_problems(self, problems: dict[int, list[Problem]]) -> None:
        """Put what must be mended next to its field."""
        by_pk = {question.pk: question for question in self.questions}
        for pk, found in problems.items():
            for problem in found:
                name = field_name(by_pk[pk], problem.index, problem.field)
                self.add_error(name, problem.message)

    def show_related(self) -> None:
        """Let each topic that is chosen name the topics that are looked at too."""
        by_code = {row.code: row for row in self.topics}
        for name, shape in self.shapes.items():
            if shape.name == "topic":
                found = by_code.get(self[name].value())
                related = [label for _code, label in found.related] if found else []
                self.fields[name].related = related  # type: ignore[attr-defined]

    def problems_for_sending(self) -> dict[int, list[Problem]]:
        """What must be mended or filled in before sending."""
        return {
            question.pk: problems_in(question, self.blocks(question), self.lists)
            for question in self.questions
        }

    def unknown_names(self) -> list[str]:
        """Posted names that no question of this page has."""
        own = {f"{question.code}-version" for question in self.questions}
        own |= {"csrfmiddlewaretoken", "next", "later", "check", "keep", "again"} | set(
            self.fields
        )
        dates = [name for name, field in self.shapes.items() if field.shape == "date"]
        own |= {f"{name}_{box}" for name in dates for box in range(3)}
        return sorted(set(self.data) - own)

    def question_groups(self, versions: dict[int, int]) -> list[QuestionGroup]:
        """The page's questions with their blocks of bound fields, for the template."""
        then = {row.question.pk: row for row in self.before}
        return [
            QuestionGroup(
                question,
                versions.get(question.pk, 0),
                tuple(
                    self._block(question, i) for i in range(blocks_offered(question))
                ),
                then.get(question.pk),
            )
            for question in self.questions
        ]

    def _block(self, question: Question, index: int) -> FormBlock:
        bound = {
            field.name: self[field_name(question, index, field.name)]
            for field in self.fields_of[question.pk]
        }
        visibility = bound.pop("visibility")
        words = next(iter(bound.values()))
        seen_by = _seen_by(visibility.value(), question)
        words.field.who_sees = seen_by  # type: ignore[attr-defined]
        extra = tuple(row for name, row in bound.items() if name in EXTRA_FIELDS)
        return FormBlock(
            index + 1,
            tuple(row for name, row in bound.items() if name not in EXTRA_FIELDS),
            extra,
            visibility,
            is_said=any(row.value() for row in bound.values()),
            has_extra=any(row.errors for row in extra),
        )

    def problems(self) -> dict[int, list[Problem]]:
        """What was filled in wrongly; what is only missing may wait for sending."""
        return {
            question.pk: [
                problem
                for problem in problems_in(question, self.blocks(question), self.lists)
                if self._posted(question, problem.index, problem.field)
            ]
            for question in self.questions
        }


def in_one(boxes: list[str]) -> str:
    """Day, month and year as they were typed, kept as year-month-day."""
    typed = [box.strip() for box in boxes]
    return "-".join(reversed(typed)) if any(typed) else ""


class ThreeBoxes(forms.MultiWidget):
    """A date as day, month and year."""

    use_fieldset = True

    def __init__(self) -> None:
        super().__init__([forms.TextInput(), forms.TextInput(), forms.TextInput()])

    def decompress(self, value: Any) -> list[str]:
        parts = str(value or "").split("-")
        return list(reversed(parts)) if len(parts) == BOXES else [""] * BOXES


class Day(forms.MultiValueField):
    """A date in three boxes; what is wrong with it is said by the question's rules."""

    widget = ThreeBoxes

    def __init__(self, **common: Any) -> None:
        boxes = [forms.CharField(required=False) for _box in range(BOXES)]
        super().__init__(fields=boxes, require_all_fields=False, **common)

    def compress(self, data_list: list[str]) -> str:
        return in_one(data_list)


def _seen_by(chosen: object, question: Question) -> str:
    known = chosen if chosen in Visibility.values else question.default_visibility
    return Visibility(known).seen_by


class WhoSees(forms.RadioSelect):
    """Who may see an answer; each choice explains itself."""

    def create_option(self, name: str, value: Any, *args: Any, **kw: Any) -> Any:
        option = super().create_option(name, value, *args, **kw)
        seen_by = Visibility(value).seen_by
        option["attrs"] |= {
            "aria-describedby": f"{option['attrs']['id']}_hint",
            "data-seen-by": gettext("Seen by: %(text)s") % {"text": seen_by},
        }
        return {**option, "seen_by": seen_by}


def form_field(field: BlockField, initial: Any) -> forms.Field:
    """A form field for one field of a block."""
    common: dict[str, Any] = {
        "label": field.label,
        "help_text": field.hint,
        "required": False,
        "initial": initial,
    }
    made = _made(field, common)
    made.is_expected = field.is_required or field.name == "visibility"  # type: ignore[attr-defined]
    made.max_characters = field.longest  # type: ignore[attr-defined]
    return made


def _made(field: BlockField, common: dict[str, Any]) -> forms.Field:
    if field.shape == "date":
        return Day(**common)
    if field.shape in {"choice", "choices"}:
        return _made_choice(field, common)
    widgets: dict[str, forms.Widget] = {
        "lines": forms.Textarea(attrs={"rows": 3}),
        "number": forms.TextInput(attrs={"inputmode": "numeric", "class": "width-2"}),
    }
    return forms.CharField(widget=widgets.get(field.shape, forms.TextInput()), **common)


def _made_choice(field: BlockField, common: dict[str, Any]) -> forms.Field:
    choices = list(field.choices)
    if field.shape == "choices":
        return forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, **common
        )
    if field.name == "visibility":
        return forms.ChoiceField(choices=Visibility.choices, widget=WhoSees, **common)
    if field.name in AS_RADIOS:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    widget = TopicSelect if field.name == "topic" else LongSelect
    return forms.ChoiceField(choices=NOT_CHOSEN + choices, widget=widget, **common)
