"""Two people on one page: both texts are shown and one press decides; bad input is said."""

from datetime import timedelta

import pytest
from django.utils import timezone

from localities.choices import Side
from loci.notices.models import Notice
from loci.notices.services.delivery import deliver_due
from surveys.models import Answer, AnswerVersion, Wave
from surveys.queries.merging import both
from surveys.queries.topics import topics_like
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(open_wave):
    place = make.locality()
    people = make.pair(place)
    part = make.part(open_wave, place, Side.GOVERNMENT)
    colleague = make.person("Colleague")
    make.place(colleague, people[0].memberships.get().organisation)
    return part, people[0], colleague


def address(part, end):
    return f"/surveys/{part.reference}/{end}"


def frank(text, version=0, **more):
    return {"frank-0-value": text, "frank-version": str(version), **more}


def kept(part):
    return Answer.objects.get(part=part, question__code="frank").value[0]["value"]


@pytest.mark.parametrize(
    ("how", "result"),
    [("mine", "Mine"), ("theirs", "Theirs"), ("both", "Mine\n\nTheirs")],
)
def test_both_texts_are_shown_and_one_press_decides(page, signed_in, how, result):
    part, person, colleague = page
    url = address(part, "page/frank/")
    signed_in(colleague).post(url, frank("Theirs"))
    client = signed_in(person)

    conflict = client.post(url, frank("Mine"))
    before = kept(part)
    settled = client.post(url, frank("Mine", 1, keep=f"frank:{how}"))

    shown = conflict.content.decode()
    assert conflict.status_code == 409
    assert all(words in shown for words in ("Mine", "Theirs", "Keep both"))
    assert before == "Theirs"
    assert settled.status_code == 302
    assert kept(part).replace("\r", "") == result


def test_markup_in_the_other_text_stays_text(page, signed_in):
    part, person, colleague = page
    payload = "<img src=x onerror=alert(1)>"
    url = address(part, "page/frank/")
    signed_in(colleague).post(url, frank(payload))

    shown = signed_in(person).post(url, frank("Mine")).content.decode()

    assert payload not in shown
    assert "&lt;img" in shown


def test_needs_of_both_stand_side_by_side(page):
    question = make.question(page[0].wave, "needs")
    mine = [{"text": "One"}, {"text": "Two"}]
    theirs = [{"text": "Two"}, {"text": "Three"}, {"text": "Four"}]

    texts = [row["text"] for row in both(question, mine, theirs)]

    assert texts == ["One", "Two", "Three\n\nFour"]


@pytest.mark.parametrize(
    ("posted", "status"),
    [
        ({"field": "frank-0-value", "value": "x" * 2_000_000}, 400),
        ({"field": "frank-0-role", "value": "admin"}, 400),
        ({"field": "nothing-0-value", "value": "x"}, 400),
        ({"field": "frank-9-value", "value": "x"}, 400),
        ({"field": "frank", "value": "x"}, 400),
        ({"field": f"frank-{'9' * 5000}-value", "value": "x"}, 400),
        ({"field": "fr\x00-0-value", "value": "x"}, 400),
        ({"field": "frank-0-value", "value": "abc", "version": "9" * 5000}, 200),
        ({"field": "frank-0-value", "value": "a\x00b\x1bc"}, 200),
    ],
)
def test_a_field_that_cannot_be_saved_is_answered_in_words(
    page, signed_in, posted, status
):
    part, person, _colleague = page

    answer = signed_in(person).post(address(part, "save/"), {"version": "0", **posted})

    assert answer.status_code == status
    if status == 200:
        assert kept(part) == "abc"
    else:
        assert answer.json()["message"]
        assert not Answer.objects.exists()


def test_after_the_close_a_save_is_refused_and_the_text_comes_back(page, signed_in):
    part, person, _colleague = page
    Wave.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    client = signed_in(person)

    by_field = client.post(
        address(part, "save/"), {"field": "frank-0-value", "value": "Late"}
    )
    by_form = client.post(address(part, "page/frank/"), frank("Too late words"))

    assert by_field.status_code == 423
    assert by_form.status_code == 400
    assert "Too late words" in by_form.content.decode()
    assert not Answer.objects.exists()


def test_a_clock_that_is_wrong_elsewhere_changes_nothing(page, signed_in):
    """What a browser says of the time is not asked; the server's clock decides."""
    part, person, _colleague = page

    answer = signed_in(person).post(
        address(part, "save/"),
        {"field": "frank-0-value", "value": "x", "at": "1999-01-01T00:00:00Z"},
        headers={"Date": "Thu, 01 Jan 1999 00:00:00 GMT"},
    )

    assert answer.status_code == 200
    assert AnswerVersion.objects.get().at > timezone.now() - timedelta(minutes=1)


def test_a_copy_goes_to_ones_own_address_alone_and_is_not_kept(
    page, signed_in, mailoutbox, settings
):
    settings.LOCI_DEMO = False
    part, person, _colleague = page
    client = signed_in(person)
    client.post(address(part, "page/frank/"), frank("What nobody else reads"))

    client.post(address(part, "copy/"))
    client.post(address(part, "copy/"))
    deliver_due(now=timezone.now())

    (mail,) = mailoutbox
    assert mail.to == [person.email]
    assert "What nobody else reads" in mail.body
    assert "Seen by: your side" in mail.body
    notice = Notice.objects.get(kind="part_copy")
    assert (notice.parameters, notice.body) == ({}, "")


def test_topics_are_found_by_words_without_accents_and_show_what_is_related():
    portal, data = make.topic("it.portal"), make.topic("it.data")
    portal.name, portal.scope = "Portál", "Pages for citizens"
    portal.save()
    portal.related.add(data)

    (found,) = topics_like("PORTAL citizens")

    assert (found.label, found.related) == ("Portál", (("it.data", "it.data"),))
    assert len(topics_like("")) == 2
    assert topics_like("nothing like it") == []
