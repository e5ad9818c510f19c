"""T-C3: two people of one side write one part, in any order, also hours later."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from localities.choices import Side
from loci.accounts.models import User
from surveys.choices import PartState, StatementState
from surveys.models import Answer, AnswerVersion, Part, Question, Section, Statement
from surveys.services.answering import AnswerChanged, save_answer
from surveys.services.holding import WaveClosed
from surveys.services.sending import send_part
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
OFFLINE = timedelta(hours=3)
CLOSES = NOW + 4 * OFFLINE


class Deed(Enum):
    SAVE = "save what is on the page"
    LOOK = "open the page anew"
    WAIT = "three hours pass"
    SEND = "send the part"


steps = st.lists(
    st.tuples(
        st.sampled_from((*[Deed.SAVE] * 4, *Deed)), st.integers(0, 1), st.integers(0, 1)
    ),
    min_size=2,
    max_size=5,
)


@dataclass
class Pages:
    """The part as two open pages see it; `seen` holds versions by person and question."""

    part: Part
    people: list[User]
    questions: list[Question]
    now: datetime = NOW
    seen: list[list[int]] = field(default_factory=lambda: [[0, 0], [0, 0]])
    kept: list[list[str]] = field(default_factory=lambda: [[], []])
    accepted: list[str] = field(default_factory=list)
    is_sent: bool = False

    @property
    def is_closed(self) -> bool:
        return self.now >= CLOSES

    def look(self, who: int) -> None:
        self.seen[who] = [len(texts) for texts in self.kept]

    def save(self, who: int, which: int, text: str) -> None:
        """It is accepted, or told why not; whichever it must be."""
        came = self.try_to_save(who, which, text)
        if self.is_closed:
            assert isinstance(came, WaveClosed)
        elif self.seen[who][which] != len(self.kept[which]):
            assert isinstance(came, AnswerChanged)
            assert came.answer.value == [{"value": self.kept[which][-1]}]
        else:
            assert isinstance(came, Answer)
            self.kept[which].append(text)
            self.accepted.append(text)
            self.seen[who][which] = came.version
            self.is_sent = False  # it can be changed until the close, and sent again

    def try_to_save(self, who: int, which: int, text: str) -> object:
        try:
            return save_answer(
                part=self.part,
                question=self.questions[which],
                blocks=[{"value": text}],
                version=self.seen[who][which],
                by=self.people[who],
                now=self.now,
            )
        except (AnswerChanged, WaveClosed) as refusal:
            return refusal

    def send(self, who: int) -> None:
        try:
            send_part(part=self.part, by=self.people[who], now=self.now)
        except WaveClosed:
            assert self.is_closed
        else:
            assert not self.is_closed
            self.is_sent = True


@pytest.fixture
def two():
    """A part with a need that is ready to be sent, and two long questions."""
    place = make.locality()
    person, _partner = make.pair(place)
    colleague = make.person("Colleague")
    make.place(colleague, person.memberships.get().organisation)
    survey = make.survey(is_published=False)
    section = Section.objects.filter(survey=survey, questions__code="frank").get()
    more = Question.objects.create(
        section=section, code="more", kind="long", labels={"en": "More"}, position=9
    )
    survey.is_published = True
    survey.save()
    wave = make.wave(survey=survey, closes_at=CLOSES)
    part = make.part(wave, place, Side.GOVERNMENT)
    save_answer(
        part=part,
        question=make.question(wave, "needs"),
        blocks=[make.need_block("Old PDFs")],
        version=0,
        by=person,
        now=NOW,
    )
    return part, [person, colleague], [make.question(wave, "frank"), more]


@settings(
    max_examples=500,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=steps)
def test_no_accepted_text_is_lost_and_none_is_overwritten_unseen(two, steps):
    """Tabs that come back after hours and a part that is sent meanwhile included."""
    with suppress(TakenBack), transaction.atomic():
        go_through(Pages(*two), steps)
        raise TakenBack


class TakenBack(Exception):
    """The next order begins anew."""


def go_through(pages: Pages, steps: list[tuple[Deed, int, int]]) -> None:
    for number, (deed, who, which) in enumerate(steps):
        match deed:
            case Deed.SAVE:
                pages.save(who, which, f"Text {number}")
            case Deed.LOOK:
                pages.look(who)
            case Deed.WAIT:
                pages.now += OFFLINE
            case Deed.SEND:
                pages.send(who)

    questions = pages.questions
    history = AnswerVersion.objects.filter(answer__question__in=questions)
    texts = [row.value[0]["value"] for row in history.order_by("pk")]
    now = dict(Answer.objects.values_list("question", "value"))
    last = {
        q.pk: [{"value": t[-1]}]
        for q, t in zip(questions, pages.kept, strict=True)
        if t
    }
    pages.part.refresh_from_db()
    assert texts == pages.accepted
    assert {pk: value for pk, value in now.items() if pk in last} == last
    assert (pages.part.state == PartState.SENT) == pages.is_sent


def test_what_is_typed_after_a_colleague_has_sent_is_kept_and_sent_again(
    two, signed_in
):
    """What was sent stays said meanwhile; nothing typed is refused before the close."""
    part, (person, colleague), _questions = two
    part.wave.closes_at = NOW + timedelta(days=3650)
    part.wave.save()
    send_part(part=part, by=colleague, now=NOW)

    saved = signed_in(person).post(
        f"/surveys/{part.reference}/save/",
        {"field": "frank-0-value", "value": "Typed meanwhile", "version": "0"},
    )

    part.refresh_from_db()
    assert saved.status_code == 200
    assert part.state == PartState.IN_PROGRESS
    assert Answer.objects.get(question__code="frank").value == [
        {"value": "Typed meanwhile"}
    ]
    assert Statement.objects.get(part=part).state == StatementState.OPEN
    send_part(part=part, by=person, now=NOW)
    part.refresh_from_db()
    assert (part.state, Statement.objects.count()) == (PartState.SENT, 1)
