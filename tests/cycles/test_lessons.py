"""Practice cards: written down, agreed to by their side, shown, taken back."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from localities.choices import Side
from loci.cycles.choices import LessonState
from loci.cycles.models import Lesson
from loci.cycles.queries.lessons import lessons_to_write, shelf
from loci.cycles.services.lessons import (
    CardExists,
    NotAgreed,
    NotYourCard,
    Written,
    agree_to_show,
    change_lesson,
    publish_lesson,
    withdraw_lesson,
    write_lesson,
)
from loci.notices.models import Notice
from matchmaking.models import CheckIn
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make.locality("Kutaisi", slug="kutaisi")


@pytest.fixture
def sides(place):
    return make.pair(place)


@pytest.fixture
def written():
    return Written(
        topic=make.topic(), title="Begin with one contract", problem="PDFs", done="OCDS"
    )


@pytest.fixture
def lesson(place, sides, written):
    return write_lesson(
        locality=place, side=Side.GOVERNMENT, written=written, by=sides[0], now=NOW
    )


@pytest.fixture
def introduction(place):
    """Something was applied, and its government side said so."""
    helper = make.locality()
    made = make.suggestion(
        place,
        helper,
        make.wave(),
        state="introduced",
        introduced_at=NOW,
        outcome=6,
    )
    CheckIn.objects.create(
        suggestion=made,
        locality=place,
        occasion="three_months",
        outcome=6,
        evidence="The portal shows each contract",
        answered_at=NOW,
    )
    return made


def publish(lesson, side):
    agree_to_show(lesson=lesson, by=side, now=NOW)
    return publish_lesson(lesson=lesson, by=make.coordinator(), now=NOW)


def test_a_card_is_its_sides_alone_until_it_agrees(client, lesson, sides):
    page = reverse("cycles:lesson", args=[lesson.reference])
    government, civil_society = sides

    assert client.get(page).status_code == 404
    client.force_login(civil_society)
    assert client.get(page).status_code == 404
    client.force_login(government)
    assert "Begin with one contract" in client.get(page).content.decode()
    assert shelf("").lessons == ()


def test_it_is_shown_when_its_side_agrees_and_a_coordinator_has_looked(
    client, lesson, sides
):
    with pytest.raises(NotAgreed):
        publish_lesson(lesson=lesson, by=make.coordinator(), now=NOW)
    with pytest.raises(NotYourCard):
        agree_to_show(lesson=lesson, by=sides[1], now=NOW)
    with pytest.raises(NotYourCard):
        agree_to_show(lesson=lesson, by=make.coordinator(), now=NOW)

    publish(lesson, sides[0])

    page = client.get(reverse("cycles:lesson", args=[lesson.reference]))
    assert "Begin with one contract" in page.content.decode()
    assert shelf("").lessons == (lesson,)
    assert shelf("it.portal").lessons == (lesson,)
    make.topic("it.ocds")
    assert shelf("it.ocds").lessons == ()
    assert shelf("no such topic").lessons == (lesson,)


def test_a_hub_elsewhere_neither_writes_nor_publishes(lesson, sides, place, written):
    other = make.hub_coordinator("cee")
    agree_to_show(lesson=lesson, by=sides[0], now=NOW)

    with pytest.raises(NotYourCard):
        publish_lesson(lesson=lesson, by=other, now=NOW)
    with pytest.raises(NotYourCard):
        write_lesson(
            locality=place, side=Side.GOVERNMENT, written=written, by=other, now=NOW
        )


def test_new_words_need_a_new_word_of_the_side(client, lesson, sides, written):
    publish(lesson, sides[0])

    changed = change_lesson(lesson=lesson, written=written, by=sides[0])

    assert changed.state == LessonState.DRAFT
    assert client.get(f"/practice/{lesson.reference}/").status_code == 404


def test_withdrawing_takes_it_out_of_sight_at_once(client, lesson, sides):
    publish(lesson, sides[0])

    withdraw_lesson(lesson=lesson, by=sides[0])

    assert client.get(f"/practice/{lesson.reference}/").status_code == 404
    assert shelf("").lessons == ()
    assert shelf("").topics == ()


def test_the_database_shows_nothing_without_consent(lesson):
    lesson.state = LessonState.PUBLISHED
    lesson.published_at = NOW
    with pytest.raises(IntegrityError), transaction.atomic():
        lesson.save()


def test_what_was_applied_is_still_to_be_written_down(place, sides, introduction):
    government, _civil_society = sides

    (said,) = lessons_to_write(government)
    assert said.suggestion == introduction
    write_lesson(
        locality=place,
        side=Side.GOVERNMENT,
        written=Written(make.topic(), "Title", "Problem", "Done"),
        by=government,
        now=NOW,
        introduction=introduction,
    )

    assert list(lessons_to_write(government)) == []
    with pytest.raises(CardExists):
        write_lesson(
            locality=place,
            side=Side.GOVERNMENT,
            written=Written(make.topic(), "Again", "Problem", "Done"),
            by=government,
            now=NOW,
            introduction=introduction,
        )


def test_a_card_that_a_coordinator_begins_is_shown_to_its_side_by_mail(
    place, sides, written
):
    write_lesson(
        locality=place,
        side=Side.CIVIL_SOCIETY,
        written=written,
        by=make.coordinator(),
        now=NOW,
    )

    told = Notice.objects.filter(kind="lesson_to_agree")
    assert [notice.recipient for notice in told] == [sides[1]]


def test_a_side_writes_and_agrees_on_the_pages(client, place, sides, introduction):
    government, _civil_society = sides
    client.force_login(government)
    (said,) = lessons_to_write(government)
    address = f"{reverse('cycles:write_lesson')}?about={said.pk}"

    begun = client.get(address).content.decode()
    assert "The portal shows each contract" in begun
    short = client.post(address, {"title": "One line"})
    assert "There is a problem" in short.content.decode()
    made = client.post(
        address,
        {
            "title": "<script>alert(1)</script>",
            "topic": make.topic().pk,
            "problem": "PDFs",
            "done": "OCDS",
            "language": "en",
        },
        follow=True,
    )
    lesson = Lesson.objects.get()
    assert lesson.introduction == introduction
    assert "<script>alert" not in made.content.decode()
    client.post(f"/practice/{lesson.reference}/agree/")
    lesson.refresh_from_db()
    assert lesson.state == LessonState.AGREED


def test_a_stranger_writes_nothing(client, lesson):
    client.force_login(make.person("Nobody"))

    assert client.get(reverse("cycles:write_lesson")).status_code == 404
    for deed in ("change", "agree", "withdraw"):
        answer = client.post(f"/practice/{lesson.reference}/{deed}/")
        assert answer.status_code == 404
    lesson.refresh_from_db()
    assert lesson.state == LessonState.DRAFT


def test_a_card_is_published_in_the_cockpit(signed_in, lesson, sides):
    coordinator = make.coordinator()
    client = signed_in(coordinator)
    act = {"action": "publish", "_selected_action": [lesson.pk]}

    refused = client.post("/admin/cycles/lesson/", act, follow=True)
    assert "Its side has not agreed to show it." in refused.content.decode()
    agree_to_show(lesson=lesson, by=sides[0], now=NOW)
    done = client.post("/admin/cycles/lesson/", act, follow=True)

    assert "1 card published." in done.content.decode()
