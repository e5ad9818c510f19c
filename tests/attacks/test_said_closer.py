"""What was shown as a need of the network is narrowed or rewritten by its side.

A suggestion, a circle, an introduction and a quote point to it: none shows the new words
to more people than may read them, and what is no longer shown is gone there at once.
"""

import pytest
from django.urls import reverse

from localities.choices import Side
from loci.accounts.models import User
from matchmaking.choices import ReplyAnswer, SuggestionState
from matchmaking.models import CheckIn
from matchmaking.services.limits import NoLongerTrue
from matchmaking.services.replying import Answered, expire_suggestions, reply_to
from matchmaking.services.reviewing import approve_suggestion
from surveys.choices import StatementKind, StatementState, Visibility, WaveState
from surveys.models import Conversation, Statement, ThemeText
from surveys.services.editing_themes import let_quote
from surveys.services.settling import SaidAnew, settle_statement
from tests import make
from tests.attacks.canaries import words_of
from tests.attacks.told import FRANK, OPEN, Told

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Told:
    return Told()


def pages_of(told: Told, person: User) -> list[str]:
    card = told.card.reference
    pages = [
        reverse("matchmaking:card", args=[card]),
        reverse("matchmaking:circle", args=[told.circle.reference]),
        reverse("pages:locality", args=[told.seeker.slug]),
        reverse("pages:home"),
        reverse("surveys:results", args=[told.wave.pk]),
    ]
    if person in (told.hub, told.network):
        pages.append(
            reverse("admin:matchmaking_suggestion_change", args=[told.card.pk])
        )
        pages.append(reverse("admin:surveys_statement_changelist"))
    return pages


def readers_of(words: str, told: Told, signed_in) -> set[str]:
    people = ("government", "activist", "peer", "hub", "network")
    found = set()
    for who in people:
        client = signed_in(getattr(told, who))
        for address in pages_of(told, getattr(told, who)):
            page = client.get(address)
            assert page.status_code < 500, address
            if words in words_of(page):
                found.add(who)
    return found


def test_the_first_words_are_read_by_all_of_them(told, signed_in):
    assert readers_of(OPEN, told, signed_in) == {
        "government",
        "activist",
        "peer",
        "hub",
        "network",
    }


@pytest.mark.parametrize("state", list(SuggestionState))
def test_what_is_rewritten_for_few_is_read_by_few(told, signed_in, state):
    told.say(text=FRANK, visibility=Visibility.SIDE)
    told.send()
    facts = {"state": state}
    if state == SuggestionState.INTRODUCED:
        facts |= {"introduced_at": told.now}
    type(told.card).objects.filter(pk=told.card.pk).update(**facts)

    assert readers_of(FRANK, told, signed_in) == {"activist", "network"}
    assert readers_of(OPEN, told, signed_in) <= {"activist", "network"}


def test_fewer_read_it_as_soon_as_it_is_saved(told, signed_in):
    told.say(text=OPEN, visibility=Visibility.SIDE)

    assert readers_of(OPEN, told, signed_in) == {"activist", "network"}
    still = Statement.objects.spoken().get(part=told.part)
    assert (still.text, still.visibility) == (OPEN, Visibility.SIDE)
    told.need.refresh_from_db()
    assert told.need.state == StatementState.WITHDRAWN


def test_more_read_it_once_it_is_sent(told, signed_in):
    told.say(text=OPEN, visibility=Visibility.SIDE)
    told.send()
    told.say(text=OPEN, visibility=Visibility.NETWORK)

    assert Statement.objects.spoken().get(part=told.part).visibility == Visibility.SIDE
    told.send()
    said = Statement.objects.spoken().get(part=told.part)
    assert said.visibility == Visibility.NETWORK
    assert said.pk != told.need.pk


def test_another_topic_in_its_place_is_another_need(told, signed_in):
    make.topic("oc.conflict", "oc")
    told.say(text=FRANK, topic="oc.conflict", visibility=Visibility.NETWORK)
    told.send()

    told.need.refresh_from_db()
    assert (told.need.text, told.need.state) == (OPEN, StatementState.WITHDRAWN)
    said = Statement.objects.spoken().get(part=told.part)
    assert (said.text, said.topic.code) == (FRANK, "oc.conflict")
    page = signed_in(told.peer).get(pages_of(told, told.peer)[0]).content.decode()
    assert FRANK not in page
    assert "oc.conflict" not in page


def test_a_need_that_is_met_stays_met_when_another_takes_its_place(told):
    settle_statement(
        statement=told.need,
        to=StatementState.MET,
        by=told.activist,
        now=told.now,
        met_by="A script",
    )
    make.topic("oc.conflict", "oc")
    told.say(text="Something new", topic="oc.conflict")
    told.send()

    states = Statement.objects.order_by("pk").filter(part=told.part)
    assert [(row.state, row.met_by) for row in states] == [
        (StatementState.MET, "A script"),
        (StatementState.OPEN, ""),
    ]


def test_the_same_topic_in_other_words_is_the_same_need(told, signed_in):
    told.say(text="CANARY said better")
    told.send()

    assert Statement.objects.get(part=told.part).pk == told.need.pk
    assert "peer" in readers_of("CANARY said better", told, signed_in)
    assert expire_suggestions(now=told.now) == 0


def test_the_card_is_over_and_no_coordinator_lets_it_through(told):
    told.say(text=FRANK, visibility=Visibility.SIDE)
    told.send()
    proposed = make.suggestion(told.helper, told.seeker, told.wave, need=told.need)

    with pytest.raises(NoLongerTrue):
        approve_suggestion(suggestion=proposed, by=told.network, now=told.now)
    assert expire_suggestions(now=told.now) == 1


def test_what_has_left_its_place_is_not_opened_again(told, signed_in):
    told.say(text=FRANK, visibility=Visibility.SIDE)
    told.send()

    with pytest.raises(SaidAnew):
        settle_statement(
            statement=told.need, to=StatementState.OPEN, by=told.activist, now=told.now
        )
    page = signed_in(told.activist).get(
        reverse("pages:locality", args=[told.seeker.slug])
    )
    assert OPEN not in page.content.decode()


def test_a_need_taken_back_is_quoted_to_its_side_alone(told, signed_in):
    settle_statement(
        statement=told.need,
        to=StatementState.WITHDRAWN,
        by=told.activist,
        now=told.now,
    )
    assert "peer" not in readers_of(OPEN, told, signed_in)
    page = signed_in(told.peer).get(pages_of(told, told.peer)[0]).content.decode()
    assert "They no longer show these words." in page
    own = signed_in(told.activist).get(pages_of(told, told.peer)[0]).content.decode()
    assert OPEN in own


def test_nobody_is_introduced_by_words_that_are_kept(told):
    told.say(text=FRANK, visibility=Visibility.SIDE)  # and the sweep has not been yet

    with pytest.raises(NoLongerTrue):
        reply_to(
            suggestion=told.card,
            said=Answered(ReplyAnswer.YES),
            by=told.peer,
            now=told.now,
        )


def test_a_card_of_practice_begins_with_no_words_of_the_other_side(told, signed_in):
    told.say(text=FRANK, visibility=Visibility.SIDE)
    told.send()
    type(told.card).objects.filter(pk=told.card.pk).update(
        state=SuggestionState.INTRODUCED, introduced_at=told.now
    )
    said = CheckIn.objects.create(
        suggestion=told.card,
        locality=told.seeker,
        occasion="two_weeks",
        outcome=5,
        by=told.government,
        answered_at=told.now,
    )
    address = f"{reverse('cycles:write_lesson')}?about={said.pk}"
    page = signed_in(told.government).get(address)

    assert page.status_code == 200
    assert "CANARY" not in page.content.decode()


def test_what_a_hub_heard_becomes_another_need_when_it_is_narrowed(told, signed_in):
    heard = Conversation.objects.create(
        locality=told.seeker,
        side=Side.CIVIL_SOCIETY,
        kind="call",
        wave=told.wave,
        held_on=told.now.date(),
        spoke_with="Their director",
        has_consent=True,
        by=told.network,
    )
    need = make.statement(
        told.seeker, told.wave, conversation=heard, side=Side.CIVIL_SOCIETY, text=OPEN
    )
    type(told.card).objects.filter(pk=told.card.pk).update(need=need)
    address = reverse("admin:surveys_conversation_change", args=[heard.pk])
    client = signed_in(told.network)
    form = client.get(address).context["adminform"].form
    fields = {name: form[name].value() or "" for name in form.fields}
    row = {
        "id": need.pk,
        "conversation": heard.pk,
        "kind": StatementKind.NEED,
        "topic": need.topic_id,
        "text": FRANK,
        "visibility": Visibility.SIDE,
    }
    counts = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 1}
    inline = {f"statements-{name}": value for name, value in counts.items()} | {
        f"statements-0-{name}": value for name, value in row.items()
    }
    assert client.post(address, fields | inline).status_code == 302

    need.refresh_from_db()
    assert (need.text, need.state, need.visibility) == (OPEN, "withdrawn", "side")
    assert heard.statements.spoken().get().text == FRANK
    assert readers_of(FRANK, told, signed_in) == {"activist", "network"}


def test_a_quote_is_of_the_words_that_were_let(told):
    told.wave.state = WaveState.CLOSED
    row = ThemeText.objects.create(wave=told.wave, statement=told.need)
    let_quote(texts=[row], is_approved=True, by=told.network)
    assert ThemeText.objects.get().is_approved

    told.say(text="Other words")
    told.send()

    assert not ThemeText.objects.get().is_approved
