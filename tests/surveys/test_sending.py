from datetime import timedelta

import pytest

from localities.choices import Side
from loci.notices.models import Notice
from surveys.choices import PartState, StatementState, Visibility
from surveys.models import Answer, AnswerVersion, Statement
from surveys.services.answering import (
    AnswerChanged,
    TooLong,
    save_answer,
    save_field,
    with_field,
)
from surveys.services.holding import NotYourSide, UnknownField, WaveClosed
from surveys.services.sending import NotComplete, send_part
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    locality = make.locality("Makueni")
    government, civil_society = make.pair(locality)
    wave = make.wave()
    return {
        "wave": wave,
        "government": government,
        "civil_society": civil_society,
        "part": make.part(wave, locality, Side.GOVERNMENT),
        "needs": make.question(wave, "needs"),
        "frank": make.question(wave, "frank"),
    }


def save(pair, blocks, *, by="government", version=0, question="needs", now=NOW):
    return save_answer(
        part=pair["part"],
        question=pair[question],
        blocks=blocks,
        version=version,
        by=pair[by],
        now=now,
    )


def test_sending_makes_the_blocks_statements(pair):
    save(pair, [make.need_block("Nobody reuses our PDFs", urgency="this_month")])

    part = send_part(part=pair["part"], by=pair["government"], now=NOW)

    said = Statement.objects.get(part=part)
    assert (part.state, part.sent_at, part.sent_by) == (
        PartState.SENT,
        NOW,
        pair["government"],
    )
    assert (said.text, said.urgency, said.side, said.topic.code, said.visibility) == (
        "Nobody reuses our PDFs",
        "this_month",
        "government",
        "it.portal",
        "network",
    )


def test_sending_twice_changes_nothing_and_writes_one_mail(pair):
    save(pair, [make.need_block()])

    send_part(part=pair["part"], by=pair["government"], now=NOW)
    send_part(part=pair["part"], by=pair["government"], now=NOW + timedelta(minutes=1))

    assert Statement.objects.count() == 1
    assert Notice.objects.filter(kind="part_sent").count() == 1


def test_the_other_side_can_neither_write_nor_send(pair):
    save(pair, [make.need_block()])

    with pytest.raises(NotYourSide):
        save(pair, [make.need_block("Changed")], by="civil_society", version=1)
    with pytest.raises(NotYourSide):
        send_part(part=pair["part"], by=pair["civil_society"], now=NOW)

    assert Answer.objects.get().value[0]["text"] == "Nobody reuses our PDFs"
    assert not Statement.objects.exists()


def test_a_part_without_a_need_is_not_sent(pair):
    save(pair, [make.need_block(topic="")])

    with pytest.raises(NotComplete):
        send_part(part=pair["part"], by=pair["government"], now=NOW)

    assert not Statement.objects.exists()


def test_after_the_close_nothing_is_written(pair):
    late = pair["wave"].closes_at

    with pytest.raises(WaveClosed):
        save(pair, [make.need_block()], now=late)

    assert not Answer.objects.exists()


def test_a_stale_form_overwrites_nothing(pair):
    save(pair, [make.need_block("First")])
    save(pair, [make.need_block("Second")], version=1)

    with pytest.raises(AnswerChanged) as refusal:
        save(pair, [make.need_block("From an old page")], version=1)

    assert refusal.value.answer.value[0]["text"] == "Second"
    kept = AnswerVersion.objects.order_by("version").values_list(
        "value__0__text", flat=True
    )
    assert list(kept) == ["First", "Second"]


def test_one_field_is_saved_and_the_rest_stays(pair):
    save(pair, [make.need_block("First")])

    answer = save_field(
        reference=pair["part"].reference,
        code=pair["needs"].code,
        write=lambda _needs, blocks: with_field(blocks, 0, "tried", "A portal"),
        version=1,
        by=pair["government"],
        now=NOW,
    )

    assert answer.value == [make.need_block("First") | {"tried": "A portal"}]
    assert answer.version == 2


@pytest.mark.parametrize(
    ("block", "refusal"),
    [
        ({"text": "x", "role": "admin"}, UnknownField),
        ({"text": "x", "topic": "no.such.topic"}, UnknownField),
        ({"text": "x", "visibility": "nobody"}, UnknownField),
        ({"text": "x" * 20_001}, TooLong),
    ],
)
def test_unknown_fields_choices_and_endless_texts_are_refused(pair, block, refusal):
    with pytest.raises(refusal):
        save(pair, [block])

    assert not Answer.objects.exists()


def test_a_question_of_another_survey_is_refused(pair):
    other = make.question(make.wave(), "needs")

    with pytest.raises(UnknownField):
        save({**pair, "other": other}, [make.need_block()], question="other")


def test_control_characters_go_and_a_long_text_is_kept(pair):
    text = "a\x00b\x1bc\r\n" + "d" * 700

    answer = save(pair, [make.need_block(text)])

    assert answer.value[0]["text"] == "abc\n" + "d" * 700


def test_what_is_taken_out_before_sending_again_is_withdrawn(pair):
    save(pair, [make.need_block("One"), make.need_block("Two")])
    send_part(part=pair["part"], by=pair["government"], now=NOW)

    save(pair, [make.need_block("One, better said")], version=1)
    pair["part"].refresh_from_db()
    in_between = pair["part"].state
    send_part(part=pair["part"], by=pair["government"], now=NOW + timedelta(hours=1))

    assert in_between == PartState.IN_PROGRESS
    said = Statement.objects.order_by("position").values_list("text", "state")
    assert list(said) == [
        ("One, better said", StatementState.OPEN),
        ("Two", StatementState.WITHDRAWN),
    ]


def test_what_is_still_being_written_is_the_sides_own(pair):
    answer = save(pair, [make.need_block(visibility="public")])

    readers = Answer.objects.visible_to(pair["civil_society"])
    assert answer.visibility == Visibility.SIDE
    assert not readers.exists()
    assert Answer.objects.visible_to(pair["government"]).exists()
