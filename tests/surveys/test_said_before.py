"""What was said in an earlier wave: still true, changed, or done and by what."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from localities.choices import MilestoneKind, Side
from localities.models import Milestone
from loci.accounts.models import User
from matchmaking.services.replying import expire_suggestions
from surveys.choices import ConversationKind, StatementKind, StatementState, WaveState
from surveys.models import Answer, Part, Statement
from surveys.queries.before import answered_before
from surveys.services.answering import save_answer
from surveys.services.carrying import Now, Word, carry_over
from surveys.services.conversing import Talk, enter_for_side
from surveys.services.sending import send_part
from surveys.services.settling import settle_statement
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(open_wave):
    place = make.locality()
    people = make.pair(place)
    part = make.part(open_wave, place, Side.GOVERNMENT)
    return part, people[0]


def address(part, end):
    return f"/surveys/{part.reference}/{end}"


def wave_before(part):
    now = timezone.now()
    return make.wave(
        survey=part.wave.survey,
        opens_at=now - timedelta(days=90),
        closes_at=now - timedelta(days=60),
        state=WaveState.SHARED_BACK,
    )


def test_who_enters_for_a_side_reads_no_more_of_what_it_kept_before(page, signed_in):
    """A hub writes a call down: it is shown what a hub may read, the side all."""
    part, government = page
    last, now = wave_before(part), timezone.now()
    for visibility in ("side", "coordinators"):
        words = f"Kept {visibility}"
        make.statement(part.locality, last, text=words, visibility=visibility)
    hub = make.hub_coordinator()
    talk = Talk(ConversationKind.CALL, now.date(), "Head", has_consent=True)
    enter_for_side(part=part, talk=talk, by=hub, now=now)

    def reads(who):
        shown = signed_in(who).get(address(part, "before/")).content.decode()
        return {row for row in ("side", "coordinators") if f"Kept {row}" in shown}

    assert reads(government) == {"side", "coordinators"}
    assert reads(hub) == {"coordinators"}
    word = Word(Statement.objects.get(visibility="side").pk, Now.STILL)
    assert carry_over(part=part, words=[word], by=hub, now=now) == 0


def test_what_was_said_before_is_taken_over_or_closed(page, signed_in):
    part, person = page
    last = wave_before(part)
    said = {
        text: make.statement(part.locality, last, text=text)
        for text in ("Still", "Done", "Left")
    }
    other = make.statement(part.locality, last, text="Theirs", side="civil_society")
    client = signed_in(person)
    url = address(part, "before/")

    shown = client.get(url).content.decode()
    start = client.get(address(part, "")).content.decode()
    client.post(
        url,
        {
            f"now-{said['Still'].pk}": "still",
            f"now-{said['Done'].pk}": "done",
            f"by-{said['Done'].pk}": "A visit to Kathmandu",
            f"now-{other.pk}": "done",
        },
    )
    after = client.get(url).content.decode()
    client.post(address(part, "send/"))

    assert all(text in shown for text in said)
    assert "Theirs" not in shown
    assert "3 things you said before are still open" in start
    assert "Still" not in after.replace("Still true", "")
    done = Statement.objects.get(pk=said["Done"].pk)
    assert (done.state, done.met_by) == (StatementState.MET, "A visit to Kathmandu")
    other.refresh_from_db()
    assert other.state == StatementState.OPEN
    now_said = Statement.objects.get(part=part)
    assert (now_said.text, now_said.continues) == ("Still", said["Still"])
    assert part.wave.statements.count() == 1


def test_a_need_that_is_done_is_on_the_timeline_and_an_offer_is_taken_back(
    page, signed_in
):
    part, person = page
    last = wave_before(part)
    need = make.statement(part.locality, last)
    offer = make.statement(part.locality, last, kind=StatementKind.OFFER)

    signed_in(person).post(
        address(part, "before/"), {f"now-{need.pk}": "done", f"now-{offer.pk}": "done"}
    )

    met = Milestone.objects.get(kind=MilestoneKind.NEED_MET)
    assert (met.locality, met.topic) == (part.locality, need.topic)
    need.refresh_from_db()
    offer.refresh_from_db()
    assert need.state == StatementState.MET
    assert offer.state == StatementState.WITHDRAWN


@pytest.fixture
def answered(page):
    """The part, its writer, and the frank words this side sent in the last wave."""
    part, person = page
    last = wave_before(part)
    then = make.part(last, part.locality, Side(part.side))
    frank = make.question(part.wave, "frank")
    words = [{"value": "Nobody here dares to say it", "visibility": "side"}]
    Answer.objects.create(part=then, question=frank, value=words, visibility="side")
    Part.objects.filter(pk=then.pk).update(state="sent", sent_at=last.closes_at)
    return part, person, frank


def test_a_plain_answer_of_last_time_is_given_again_with_one_tick(answered, signed_in):
    part, person, frank = answered
    client = signed_in(person)
    page_of = address(part, f"page/{frank.section.code}/")

    shown = client.get(page_of).content.decode()
    assert "Nobody here dares to say it" in shown
    assert "1 thing you said before" in client.get(address(part, "")).content.decode()
    client.post(page_of, {"frank-version": 0, "again": ["frank", "needs", "x"]})

    now = Answer.objects.get(part=part, question=frank)
    assert now.value[0]["value"] == "Nobody here dares to say it"
    assert now.visibility == "side"
    assert "Still true: answer" not in client.get(page_of).content.decode()


def test_what_is_typed_wins_over_what_was_said_last_time(answered, signed_in):
    part, person, frank = answered

    signed_in(person).post(
        address(part, f"page/{frank.section.code}/"),
        {"frank-version": 0, "frank-0-value": "Now we do", "again": "frank"},
    )

    assert Answer.objects.get(part=part).value[0]["value"] == "Now we do"


def test_plain_answers_stand_on_the_page_of_what_was_said_before(answered, signed_in):
    part, person, frank = answered
    client = signed_in(person)

    assert "Nobody here dares" in client.get(address(part, "before/")).content.decode()
    client.post(address(part, "before/"), {"again": "frank"})

    assert Answer.objects.get(part=part, question=frank).visibility == "side"


def test_what_was_not_sent_is_not_offered_again(answered):
    part, person, frank = answered
    assert [row.question for row in answered_before(part, person, [frank])] == [frank]

    Part.objects.exclude(pk=part.pk).update(state="in_progress", sent_at=None)
    assert answered_before(part, person, [frank]) == []


def test_what_no_longer_fits_the_question_is_not_offered_again(answered):
    part, person, frank = answered

    frank.longest = 5
    assert answered_before(part, person, [frank]) == []
    frank.longest, frank.kind = 2000, "scale"
    assert answered_before(part, person, [frank]) == []


def test_what_one_side_said_is_not_offered_to_the_other(answered):
    part, _person, frank = answered
    other = User.objects.get(
        memberships__organisation__seats__side=Side.CIVIL_SOCIETY,
        memberships__organisation__seats__locality=part.locality,
    )
    theirs = make.part(part.wave, part.locality, Side.CIVIL_SOCIETY)

    assert answered_before(theirs, other, [frank]) == []


def test_what_is_met_stays_met_when_the_part_is_sent_again(page):
    part, person = page
    now = timezone.now()
    save = {"part": part, "question": make.question(part.wave, "needs"), "by": person}
    save_answer(**save, blocks=[make.need_block("One")], version=0, now=now)
    send_part(part=part, by=person, now=now)
    Statement.objects.update(state=StatementState.MET, met_by="A visit", met_at=now)

    save_answer(
        **save,
        blocks=[make.need_block("One"), make.need_block("Two")],
        version=1,
        now=now,
    )
    send_part(part=Part.objects.get(pk=part.pk), by=person, now=now)

    states = Statement.objects.order_by("position").values_list("state", "met_by")
    assert list(states) == [("met", "A visit"), ("open", "")]


class Carried:
    """A need of the last wave that its side says again in this one, and both rows of it."""

    def __init__(
        self, part: Part, person: User, client: Client, **changed: str
    ) -> None:
        self.part, self.person = part, person
        last = wave_before(part)
        self.then = make.statement(part.locality, last, text="Said before", by=person)
        client.post(address(part, "before/"), {f"now-{self.then.pk}": "still"})
        if changed:
            self.change(**changed)
        client.post(address(part, "send/"))
        self.then.refresh_from_db()
        self.now = Statement.objects.get(part=part)
        self.part.refresh_from_db()

    def change(self, **changed: str) -> None:
        answer = Answer.objects.get(part=self.part, question__kind="need")
        save_answer(
            part=self.part,
            question=answer.question,
            blocks=[answer.value[0] | changed],
            version=answer.version,
            by=self.person,
            now=timezone.now(),
        )
        self.part.refresh_from_db()


def test_what_is_still_true_is_there_once(page, signed_in):
    part, person = page
    client = signed_in(person)
    said = Carried(part, person, client)

    assert said.now.continues == said.then
    assert said.then.state == StatementState.OPEN
    assert list(Statement.objects.for_introductions()) == [said.now]
    for url in (reverse("pages:home"), f"/localities/{part.locality.slug}/"):
        assert client.get(url).content.decode().count("“Said before”") == 1


def test_its_card_goes_on_while_it_is_still_true(page, signed_in):
    part, person = page
    said = Carried(part, person, signed_in(person))
    now = timezone.now()
    make.approved(
        part.locality,
        make.locality(),
        said.then.wave,
        need=said.then,
        approved_at=now,
        expires_at=now + timedelta(days=9),
    )
    assert expire_suggestions(now=now) == 0

    settle_statement(
        statement=said.now, to=StatementState.MET, by=person, now=now, met_by="A script"
    )

    said.then.refresh_from_db()
    assert (said.then.state, said.then.met_by) == (StatementState.MET, "A script")
    assert Milestone.objects.filter(kind=MilestoneKind.NEED_MET).count() == 1
    assert expire_suggestions(now=now) == 1


def test_what_is_narrowed_now_is_narrowed_in_the_last_wave_too(page, signed_in):
    part, person = page
    said = Carried(part, person, signed_in(person), text="Frank", visibility="side")

    assert (said.then.visibility, said.then.state) == ("side", "withdrawn")
    assert said.now.text == "Frank"
    assert not Statement.objects.for_introductions().exists()


def test_what_is_narrowed_after_sending_is_narrowed_in_the_last_wave_too(
    page, signed_in
):
    part, person = page
    said = Carried(part, person, signed_in(person))

    said.change(visibility="pair")

    assert set(Statement.objects.values_list("visibility", flat=True)) == {"pair"}
    assert not Statement.objects.for_introductions().exists()
    assert Statement.objects.present().get().text == "Said before"


def test_what_is_taken_out_now_is_taken_back_in_the_last_wave_too(page, signed_in):
    part, person = page
    said = Carried(part, person, signed_in(person))
    answer = Answer.objects.get(part=part, question__kind="need")
    save_answer(
        part=said.part,
        question=answer.question,
        blocks=[{}, make.need_block("Another")],
        version=answer.version,
        by=person,
        now=timezone.now(),
    )

    send_part(part=said.part, by=person, now=timezone.now())

    said.then.refresh_from_db()
    assert said.then.state == StatementState.WITHDRAWN
    assert Statement.objects.present().get().text == "Another"
