"""What goes wrong at the worst moment: clear words, no 500, nothing lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from localities.choices import Side
from localities.models import Locality
from loci.accounts.models import AuditEntry, User
from loci.notices.models import Notice
from matchmaking.models import Reply
from surveys.models import Analysis, Answer, AnswerVersion, Part, Statement
from surveys.tasks import sweep_analyses
from tests import make
from tests.journeys import kutaisi
from tests.journeys.doors import Doors
from tests.journeys.steps import go_on, to_page
from tests.workers.processes import NOWHERE, celery_told

pytestmark = pytest.mark.xdist_group("path")
browser = pytest.mark.browser

ONCE = {"mails": 1, "deeds": 1, "statements": 1}
SignedIn = Callable[[User | None], Client]


@browser
def test_the_older_of_two_tabs_overwrites_nothing(doors: Doors, demo: None):
    first = doors.enter(kutaisi.GOVERNMENT)
    address = (
        f"/surveys/{kutaisi.part_of(Side.GOVERNMENT).reference}/page/frank-government/"
    )
    first.goto(address)
    older = first.context.new_page()
    older.goto(address)

    words(first).fill("Said in the first tab")
    go_on(first)
    to_page(first, "Working with others")
    words(older).fill("Said in the older tab")
    expect(older.get_by_text("changed this answer in the meantime")).to_be_visible()
    go_on(older)

    expect(older.get_by_text("Yours is kept below.")).to_be_visible()
    expect(older.get_by_text("Said in the first tab")).to_be_visible()
    expect(words(older)).to_have_value("Said in the older tab")
    go_on(older)
    to_page(older, "Working with others")
    assert texts_kept() == ["Said in the first tab", "Said in the older tab"]


def words(page: Page):
    return page.get_by_role("textbox", name="What makes this work hard")


def texts_kept() -> list[str]:
    """Every text that was ever accepted, the oldest first."""
    kept = AnswerVersion.objects.filter(answer__question__code="frank")
    texts = kept.order_by("version").values_list("value__0__value", flat=True)
    return list(dict.fromkeys(texts))


@pytest.mark.django_db
def test_a_field_saved_by_itself_while_its_form_is_on_the_way_is_no_conflict(
    demo: None, signed_in: SignedIn
):
    part = kutaisi.part_of(Side.GOVERNMENT)
    client = signed_in(kutaisi.someone_of(Side.GOVERNMENT))
    field, text = "frank-0-value", "Two of us left."

    alone = client.post(
        f"/surveys/{part.reference}/save/",
        {"field": field, "value": text, "version": "0"},
    )
    whole = client.post(
        f"/surveys/{part.reference}/page/frank-government/",
        {field: text, "frank-0-visibility": "side", "frank-version": "0", "next": "1"},
    )

    assert (alone.status_code, whole.status_code) == (200, 302)
    (kept,) = Answer.objects.filter(part=part)
    assert kept.value == [{"value": text, "visibility": "side"}]


@browser
def test_a_double_click_sends_once(doors: Doors, demo: None):
    part = kutaisi.written_part()
    page = doors.enter(kutaisi.GOVERNMENT)
    page.goto(f"/surveys/{part.reference}/check/")

    page.get_by_role("button", name="Send the government part").dblclick()

    to_page(page, "Sent")
    assert left_by_sending(part) == ONCE


@pytest.mark.django_db(transaction=True)
def test_two_presses_that_arrive_at_once_send_once(demo: None, signed_in: SignedIn):
    part = kutaisi.written_part()
    clients = [signed_in(kutaisi.someone_of(Side.GOVERNMENT)) for _press in range(2)]
    both_ready = Barrier(len(clients))

    def press(client: Client) -> str:
        with closing(connection):
            both_ready.wait()
            return client.post(f"/surveys/{part.reference}/send/", follow=True).text

    with ThreadPoolExecutor() as hands:
        answers = list(hands.map(press, clients))

    assert all(f"Reference {part.reference}" in answer for answer in answers)
    assert left_by_sending(part) == ONCE


def left_by_sending(part: Part) -> dict[str, int]:
    return {
        "mails": Notice.objects.filter(kind="part_sent").count(),
        "deeds": AuditEntry.objects.filter(verb="sent").count(),
        "statements": Statement.objects.filter(part=part).count(),
    }


@pytest.mark.django_db
def test_the_other_side_cannot_send_and_is_told_why(demo: None, signed_in: SignedIn):
    part = kutaisi.written_part()

    answer = signed_in(kutaisi.someone_of(Side.CIVIL_SOCIETY)).post(
        f"/surveys/{part.reference}/send/"
    )

    part.refresh_from_db()
    assert answer.status_code == 403
    assert "What one side writes is seen by that side" in answer.text
    assert (part.is_sent, Statement.objects.filter(part=part).count()) == (False, 0)


@browser
def test_a_reply_to_an_expired_suggestion_is_refused_without_blame(
    doors: Doors, demo: None
):
    now = timezone.now()
    part = kutaisi.part_of(Side.GOVERNMENT)
    suggestion = make.approved(
        part.locality,
        Locality.objects.get(slug="makueni"),
        part.wave,
        approved_at=now,
        expires_at=now + timedelta(days=1),
    )
    page = doors.enter(kutaisi.GOVERNMENT)
    page.goto(f"/suggestions/{suggestion.reference}/")
    suggestion.expires_at = now
    suggestion.save()

    page.get_by_role("button", name="Yes, introduce us").click()

    expect(page.get_by_text("This suggestion is no longer open.")).to_be_visible()
    expect(page.get_by_role("button", name="Yes, introduce us")).to_have_count(0)
    assert not Reply.objects.exists()


@pytest.mark.django_db
def test_a_question_that_is_not_asked_is_left_out_and_the_rest_kept(
    demo: None, signed_in: SignedIn
):
    part = kutaisi.part_of(Side.GOVERNMENT)

    answer = signed_in(kutaisi.someone_of(Side.GOVERNMENT)).post(
        f"/surveys/{part.reference}/page/frank-government/",
        {"frank-0-value": "Two of us left.", "salary-0-value": "10", "next": "1"},
    )

    assert answer.status_code == 400
    assert "This form had a question that is not asked here." in answer.text
    (kept,) = Answer.objects.filter(part=part)
    assert (kept.question.code, kept.value[0]["value"]) == ("frank", "Two of us left.")


@pytest.mark.django_db
def test_a_field_that_is_not_asked_is_not_saved_by_itself(
    demo: None, signed_in: SignedIn
):
    part = kutaisi.part_of(Side.GOVERNMENT)

    answer = signed_in(kutaisi.someone_of(Side.GOVERNMENT)).post(
        f"/surveys/{part.reference}/save/",
        {"field": "salary-0-value", "value": "10", "version": "0"},
    )

    assert answer.status_code == 400
    assert answer.json() == {"message": "This form has changed. Open the page again."}
    assert not Answer.objects.filter(part=part).exists()


@pytest.mark.django_db(transaction=True)
def test_a_part_is_sent_while_the_broker_is_away_and_counted_later(
    demo: None, signed_in: SignedIn, caplog: pytest.LogCaptureFixture
):
    part = kutaisi.written_part()
    client = signed_in(kutaisi.someone_of(Side.GOVERNMENT))

    with celery_told(broker_url=NOWHERE):
        answer = client.post(f"/surveys/{part.reference}/send/", follow=True)

    assert "Reference" in answer.text
    assert part.reference in answer.text
    assert "No broker for surveys.refresh_analysis" in caplog.text
    assert Part.objects.get(pk=part.pk).is_sent
    assert not Analysis.objects.exists()
    sweep_analyses()
    topics = {
        row["topic"]
        for row in Analysis.objects.get(wave=part.wave).result["full"]["topics"]
    }
    assert "it.portal" in topics
