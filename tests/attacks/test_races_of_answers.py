"""Both sides of a pair save at once: every accepted save is in the history, none is lost."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings, strategies as st

from localities.choices import Side
from loci.accounts.models import AuditEntry
from loci.notices.models import Notice
from surveys.choices import PartState, StatementSide
from surveys.models import Answer, AnswerVersion, Part, Question, Section, Statement
from surveys.services.answering import (
    AnswerChanged,
    save_answer,
    save_field,
    with_field,
)
from surveys.services.sending import send_part
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db(transaction=True)
BROWSERS = 40


def at_once(deeds: list[Callable[[], object]]) -> list[object]:
    """Each in a thread and a connection of its own, let go together; what came of each."""
    gate = threading.Barrier(len(deeds))
    came: list[object] = [None] * len(deeds)

    def run(number: int, deed: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            gate.wait(60)
            came[number] = deed()
        except Exception as problem:  # noqa: BLE001  # what it is, the test says
            came[number] = problem
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(number, deed))
        for number, deed in enumerate(deeds)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return came


@pytest.fixture
def joint():
    """A joint part with four long questions, and both people who write it."""
    place = make.locality()
    people = make.pair(place)
    survey = make.survey(joint=True, is_published=False)
    page = Section.objects.get(survey=survey, code="joint")
    for number in range(3):
        Question.objects.create(
            section=page,
            code=f"more-{number}",
            kind="long",
            labels={"en": f"More {number}"},
            position=number + 1,
        )
    survey.is_published = True
    survey.save()
    wave = make.wave(survey=survey)
    part = make.part(wave, place, StatementSide.JOINT)
    codes = ["joint", "more-0", "more-1", "more-2"]
    return part, people, [make.question(wave, code) for code in codes]


def test_forty_saves_of_one_joint_part_lose_nothing(joint):
    part, people, questions = joint

    def save(number: int) -> Callable[[], object]:
        return lambda: save_field(
            reference=part.reference,
            code=questions[number % 4].code,
            write=lambda _question, blocks: with_field(
                blocks, 0, "value", f"Words {number}"
            ),
            version=0,
            by=people[number % 2],
            now=NOW,
        )

    came = at_once([save(number) for number in range(BROWSERS)])

    accepted = [row for row in came if isinstance(row, Answer)]
    refused = [row for row in came if isinstance(row, AnswerChanged)]
    assert len(accepted) + len(refused) == BROWSERS
    assert len(accepted) >= 4
    history = Counter(
        row.value[0]["value"] for row in AnswerVersion.objects.select_related("answer")
    )
    said = {
        f"Words {number}" for number, row in enumerate(came) if isinstance(row, Answer)
    }
    assert set(history) == said
    assert set(history.values()) == {1}
    for answer in Answer.objects.all():
        versions = list(answer.versions.order_by("version"))
        assert [row.version for row in versions] == list(range(1, answer.version + 1))
        assert versions[-1].value == answer.value


def test_of_a_stale_save_of_the_same_field_nothing_is_overwritten(joint):
    part, people, questions = joint
    common = {"part": part, "question": questions[0], "now": NOW}
    save_answer(**common, blocks=[{"value": "First"}], version=0, by=people[0])

    def save(number: int) -> Callable[[], object]:
        return lambda: save_answer(
            **common,
            blocks=[{"value": f"From {number}"}],
            version=1,
            by=people[number % 2],
        )

    came = at_once([save(number) for number in range(8)])

    assert sum(isinstance(row, Answer) for row in came) == 1
    assert sum(isinstance(row, AnswerChanged) for row in came) == 7
    assert AnswerVersion.objects.count() == 2


def test_sending_four_times_at_once_has_one_effect():
    place = make.locality()
    government, _other = make.pair(place)
    part = make.part(make.wave(), place, Side.GOVERNMENT)
    save_answer(
        part=part,
        question=make.question(part.wave, "needs"),
        blocks=[make.need_block()],
        version=0,
        by=government,
        now=NOW,
    )

    came = at_once([lambda: send_part(part=part, by=government, now=NOW)] * 4)

    assert all(isinstance(row, Part) and row.state == PartState.SENT for row in came)
    assert Statement.objects.count() == 1
    assert Notice.objects.filter(kind="part_sent").count() == 1
    assert AuditEntry.objects.filter(verb="sent").count() == 1


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 3), st.booleans()), max_size=9
    )
)
def test_whatever_the_order_no_accepted_text_is_lost(joint, steps):
    """Two browsers, each with the versions it last saw; pages are looked at again or not."""
    part, people, questions = joint
    Answer.objects.all().delete()
    seen = [[0] * 4, [0] * 4]
    accepted: list[str] = []
    for number, (who, which, looks) in enumerate(steps):
        if looks:
            kept = dict(Answer.objects.values_list("question_id", "version"))
            seen[who] = [kept.get(row.pk, 0) for row in questions]
        try:
            answer = save_answer(
                part=part,
                question=questions[which],
                blocks=[{"value": f"Text {number}"}],
                version=seen[who][which],
                by=people[who],
                now=NOW,
            )
        except AnswerChanged:
            continue
        accepted.append(f"Text {number}")
        seen[who][which] = answer.version

    texts = [row.value[0]["value"] for row in AnswerVersion.objects.order_by("pk")]
    assert texts == accepted
