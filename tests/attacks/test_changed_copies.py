"""Histories, timelines and files to keep: copies that must follow what they copied.

The class: something was shown rightly, its rights changed, a copy goes on showing it.
"""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from localities.choices import Audience, FactKind, Side
from localities.models import Membership, Milestone, Seat
from localities.queries.profile import changes_between
from localities.services.people import leave
from localities.services.profile import Said, change_fact, say_fact
from loci.cycles.models import Lesson, Promise
from loci.pages.services.own_data import own_data
from matchmaking.models import Pin
from meetings.models import ClinicPeer
from surveys.choices import ConversationKind, StatementState, Visibility
from surveys.models import Conversation, Statement
from surveys.services.answering import save_answer
from surveys.services.conversing import Talk, enter_for_side
from surveys.services.narrowing import make_room
from surveys.services.sending import send_part
from surveys.services.settling import settle_statement
from tests import make
from tests.attacks.canaries import plant, words_of
from tests.personas import World, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def things() -> World:
    return world()


# Histories


def say_one_after_the_other(things: World, *said: tuple[str, Audience]) -> None:
    """One line of the government's half, a version a day, the first today."""
    now, by = timezone.now(), things.membership.person
    seat = Seat.objects.get(locality=things.seeker, side=Side.GOVERNMENT)
    first, *others = said
    fact = say_fact(
        seat=seat, kind=FactKind.OBJECTIVE, said=Said(*first), by=by, now=now
    )
    for day, one in enumerate(others, start=1):
        change_fact(
            fact=fact,
            said=Said(*one),
            version=day,
            by=by,
            now=now + timedelta(days=day),
        )


@pytest.mark.parametrize("until", [0, 1, 2, 9])
@pytest.mark.parametrize("narrow", [Audience.SIDE, Audience.PAIR, Audience.NETWORK])
def test_words_once_kept_to_fewer_do_not_come_back_with_others(things, narrow, until):
    """Public, then narrowed, then other words for everybody: the first stay away.

    Also when the days asked for lie before the narrowing.
    """
    say_one_after_the_other(
        things,
        ("CANARY open once", Audience.PUBLIC),
        ("CANARY kept", narrow),
        ("Open again", Audience.PUBLIC),
    )
    today = timezone.now().date()
    days = (today - timedelta(days=9), today + timedelta(days=until))

    shown = str(changes_between(things.seeker, None, *days))

    assert "CANARY" not in shown
    assert ("Open again" in shown) == (until >= 2)
    own = str(changes_between(things.seeker, things.membership.person, *days))
    assert ("open once" in own) == (until == 0)


def test_other_words_for_the_same_readers_keep_their_history(things):
    """The twin: nothing was narrowed, and what changed is shown as changed."""
    say_one_after_the_other(
        things, ("We plan", Audience.PUBLIC), ("We publish", Audience.PUBLIC)
    )
    today = timezone.now().date()

    found = changes_between(things.seeker, None, today, today + timedelta(days=9))

    assert [row.state for row in found] == ["changed"]


# What a need that was met left on the timeline


def met(things: World, visibility: Visibility) -> Statement:
    need = make.statement(
        things.seeker, things.wave, visibility=visibility, by=things.membership.person
    )
    return settle_statement(
        statement=need,
        to=StatementState.MET,
        by=things.membership.person,
        now=timezone.now(),
        met_by="A new portal",
    )


def on_the_timeline(things: World, who: str) -> bool:
    rows = Milestone.objects.visible_to(things.people[who])
    return rows.filter(locality=things.seeker, kind="need_met").exists()


def test_a_need_that_is_not_met_after_all_leaves_the_timeline(things):
    need = met(things, Visibility.PUBLIC)
    assert on_the_timeline(things, "anonymous")

    settle_statement(
        statement=need,
        to=StatementState.OPEN,
        by=things.membership.person,
        now=timezone.now(),
    )

    assert not Milestone.objects.filter(kind="need_met").exists()


@pytest.mark.parametrize(
    ("to", "readers"),
    [
        (Visibility.SIDE, set()),
        (Visibility.COORDINATORS, set()),
        (Visibility.PAIR, {"civil society side"}),
        (Visibility.NETWORK, {"civil society side", "other pair"}),
    ],
)
def test_that_a_need_was_met_is_told_to_no_more_than_the_need(things, to, readers):
    need = met(things, Visibility.PUBLIC)

    make_room(need, topic="another", visibility=to)

    asked = ("civil society side", "other pair", "anonymous")
    assert {who for who in asked if on_the_timeline(things, who)} == readers


# A locality's memory


def test_the_memory_of_a_pair_quotes_what_the_other_lets_it_read_today(
    things, signed_in
):
    """The file to keep and the page to keep, of the helper and of the seeker."""
    reader, card = things.people["helper pair"], things.suggestion
    pages = [
        reverse(name, args=[things.helper.slug])
        for name in ("pages:memory", "pages:memory_page")
    ]
    client = signed_in(reader)
    assert all(card.need.text in words_of(client.get(page)) for page in pages)

    Statement.objects.filter(pk=card.need_id).update(
        text="CANARY frank words", visibility=Visibility.SIDE
    )

    assert not any("CANARY frank" in words_of(client.get(page)) for page in pages)
    own = signed_in(things.membership.person)
    page = reverse("pages:memory", args=[things.seeker.slug])
    assert "CANARY frank" in words_of(own.get(page))  # the author's side still does


# What is held about a person


def held(person) -> str:
    return json.dumps(own_data(person), ensure_ascii=False, default=str)


def leaves_all(person) -> None:
    for membership in Membership.objects.current().filter(person=person):
        leave(membership=membership, on=timezone.localdate(), by=None)


def test_own_data_holds_no_words_that_others_have_written_since(things):
    """Rows name who began them; what they say now is their owners'."""
    person = make.coordinator()
    Lesson.objects.filter(pk=things.lesson.pk).update(by=person, agreed_by=person)
    Promise.objects.filter(pk=things.promise.pk).update(
        owner=person, heard="CANARY not published"
    )
    Conversation.objects.filter(pk=things.conversation.pk).update(by=person)
    Pin.objects.filter(pk=things.pin.pk).update(by=person)
    ClinicPeer.objects.filter(clinic=things.clinic).update(by=person)
    type(things.clinic).objects.update(question="CANARY of another pair")

    leaves_all(person)

    told = held(person)
    assert "CANARY" not in told
    kinds = {"lessons", "lessons_agreed", "promises", "conversations"}
    assert kinds | {"words_on_pairs", "clinic_times"} <= set(own_data(person))


def test_own_data_tells_of_mails_what_they_said_once_they_were_sent(things):
    """What still waits may never be sent: addresses of others are not taken from it."""
    person = things.membership.person
    notice = things.notice
    notice.parameters = {"contacts": ["CANARY <contact@example.org>"]}
    notice.save()

    leaves_all(person)
    assert "contact@example.org" not in held(person)

    notice.subject, notice.body = "Meet", "Meet CANARY of the other pair"
    notice.state, notice.sent_at = "sent", timezone.now()
    notice.save()
    assert "Meet CANARY of the other pair" in held(person)


def test_what_was_entered_for_a_side_is_the_side_s(things):
    """By phone, with consent: once it is sent its words are no longer the hub's."""
    hub, now = things.people["own hub"], timezone.now()
    part = make.part(things.wave, things.seeker, Side.CIVIL_SOCIETY)
    talk = Talk(ConversationKind.CALL, now.date(), "the head", has_consent=True)
    enter_for_side(part=part, talk=talk, by=hub, now=now)
    save_answer(
        part=part,
        question=make.question(things.wave, "needs"),
        blocks=[make.need_block("CANARY by phone", visibility="side")],
        version=0,
        by=hub,
        now=now,
    )

    send_part(part=part, by=hub, now=now)

    assert Statement.objects.filter(text="CANARY by phone", by=hub).exists()
    assert "CANARY by phone" not in held(hub)


def test_own_words_stay_one_s_own_after_leaving(things):
    """The twin: the right to one's data does not end with the place."""
    plant(things)
    person = things.membership.person

    leaves_all(person)

    told = held(person)
    for words in ("draft of the government", "need-side", "note-of-two", "attempt"):
        assert words in told, words
