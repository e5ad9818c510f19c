"""One click stops one kind of mail: headers, page, and what still goes out."""

import pytest
from django.core import mail
from django.utils import timezone

from loci.notices.choices import NoticeKind, NoticeState
from loci.notices.models import Notice, Stop
from loci.notices.services.delivery import deliver_due
from loci.notices.services.stopping import stop, stop_link
from tests import make
from tests.notices.test_delivery import post

pytestmark = pytest.mark.django_db


def path(person, kind):
    return "/mails/stop/" + stop_link(person, kind).split("/mails/stop/")[1]


def test_a_mail_says_how_to_stop_its_kind_with_one_click():
    person = make.person()
    post("one", NoticeKind.REMINDER, person)
    post("two", NoticeKind.PART_SENT, person)
    deliver_due(now=timezone.now())

    reminder, receipt = mail.outbox

    link = stop_link(person, NoticeKind.REMINDER)
    assert reminder.extra_headers["List-Unsubscribe"] == f"<{link}>"
    assert (
        reminder.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    )
    assert link in reminder.body
    assert "List-Unsubscribe" not in receipt.extra_headers


def test_opening_the_link_stops_nothing_and_posting_stops_this_kind_alone(client):
    person = make.person()
    address = path(person, NoticeKind.REMINDER)

    opened = client.get(address)
    after_opening = Stop.objects.count()
    client.post(address, {"List-Unsubscribe": "One-Click"})
    client.post(address, {"List-Unsubscribe": "One-Click"})
    post("one", NoticeKind.REMINDER, person)
    post("two", NoticeKind.CHECK_IN, person)
    sent = deliver_due(now=timezone.now())

    assert (opened.status_code, after_opening, sent) == (200, 0, 1)
    assert list(Stop.objects.values_list("person", "kind")) == [(person.pk, "reminder")]
    assert Notice.objects.get(key="one").state == NoticeState.WITHHELD
    assert Notice.objects.get(key="two").state == NoticeState.SENT


def test_what_was_stopped_can_be_asked_for_again(client):
    person = make.person()
    stop(person=person, kind=NoticeKind.REMINDER)

    client.post(path(person, NoticeKind.REMINDER), {"again": "1"})

    assert not Stop.objects.exists()


def test_a_changed_link_is_nothing(client):
    address = path(make.person(), NoticeKind.REMINDER)

    assert client.post(address[:-4] + "xxx/").status_code == 404
    assert not Stop.objects.exists()


def test_a_sign_in_code_cannot_be_stopped():
    person = make.person()
    Stop.objects.create(person=person, kind=NoticeKind.SIGN_IN)
    post("one", NoticeKind.SIGN_IN, person)

    assert deliver_due(now=timezone.now()) == 1
    assert stop_link(person, NoticeKind.SIGN_IN) == ""
