"""An invitation that was not used is sent again: seldom, noted, and the old link ends."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from localities.choices import MAILS_OF_AN_INVITATION, Role, Side
from localities.models import Invitation, Seat
from localities.services.accepting import accept_invitation, invitation_by_code
from localities.services.inviting import (
    AlreadyThere,
    Guest,
    NotYours,
    SeatTaken,
    TooMany,
    invite_colleague,
    invite_partner,
    invite_to_place,
    withdraw_invitation,
)
from localities.services.inviting_again import NotWaiting, send_again
from localities.services.people import join
from loci.accounts.models import AuditEntry, User
from loci.notices.models import Notice
from loci.notices.services.delivery import deliver_due
from tests import make

pytestmark = pytest.mark.django_db
EMAIL = "ana@example.org"
HOUR = timedelta(hours=1)


@pytest.fixture
def host():
    return make.pair(make.locality("Makueni", slug="own"))[0]


@pytest.fixture
def invited(host):
    seat = Seat.objects.get(side=Side.GOVERNMENT)
    return invite_colleague(seat=seat, guest=Guest(EMAIL), by=host, now=timezone.now())


def again(invited, by, after=2 * HOUR):
    return send_again(invitation=invited.invitation, by=by, now=timezone.now() + after)


def by_code(code):
    return invitation_by_code(email=EMAIL, code=code, now=timezone.now())


def token_in(message):
    lines = message.body.splitlines()
    return next(
        line for line in lines if "/invitations/" in line and "code" not in line
    )


def opens(address):
    return Client().get(address.removeprefix("http://localhost:8000")).status_code


def test_a_new_mail_has_a_new_link_and_code_and_the_old_ones_end(invited, host):
    deliver_due(now=timezone.now())
    assert not by_code("XXXX-XXXX")

    again(invited, host)
    deliver_due(now=timezone.now() + 3 * HOUR)

    first, second = (token_in(message) for message in mail.outbox)
    assert (opens(first), opens(second)) == (410, 200)
    over = Client().get(first.removeprefix("http://localhost:8000"))
    assert "use the link of the newer mail" in over.content.decode()
    assert not by_code(invited.code)
    row = Invitation.objects.get()
    assert (row.mails, row.code_tries) == (
        2,
        1,
    )  # of the new code: the old one just now
    assert row.expires_at > timezone.now() + timedelta(days=21)
    assert AuditEntry.objects.filter(verb="invited_again", by=host).count() == 1


def test_a_first_mail_that_still_waits_is_replaced(invited, host):
    again(invited, host)

    assert Notice.objects.filter(kind="invitation").count() == 1


def test_one_that_has_run_out_opens_again(invited, host):
    Invitation.objects.update(expires_at=timezone.now() - HOUR)

    row = again(invited, host)

    accept_invitation(invitation=row, by=row.person, now=timezone.now() + 3 * HOUR)
    assert User.objects.get(email=EMAIL).memberships.exists()


def test_it_goes_once_an_hour_and_four_times_in_all(invited, host):
    with pytest.raises(TooMany, match="less than an hour"):
        again(invited, host, timedelta(minutes=59))
    for number in range(1, MAILS_OF_AN_INVITATION):
        again(invited, host, 2 * number * HOUR)
        with pytest.raises(TooMany):
            again(invited, host, (2 * number + 0.5) * HOUR)

    with pytest.raises(TooMany, match="often enough"):
        again(invited, host, timedelta(days=10))
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(mails=MAILS_OF_AN_INVITATION + 1)


def test_what_was_used_or_withdrawn_is_over(invited, host):
    guest = invited.invitation.person
    accept_invitation(invitation=invited.invitation, by=guest, now=timezone.now())
    with pytest.raises(NotWaiting):
        again(invited, host)
    Invitation.objects.update(accepted_at=None)
    with pytest.raises(AlreadyThere):
        again(invited, host)
    guest.memberships.all().delete()
    withdraw_invitation(invitation=invited.invitation, by=host, now=timezone.now())
    with pytest.raises(NotWaiting):
        again(invited, host)


def test_who_may_is_who_may_withdraw_and_other_places_are_the_networks(invited, host):
    colleague = make.person()
    join(
        person=colleague,
        organisation=invited.invitation.organisation,
        role=Role.MEMBER,
        on=timezone.localdate(),
        by=host,
    )
    other_side = User.objects.get(name="Civil society of Makueni")
    for stranger in (other_side, make.hub_coordinator("asia"), make.person()):
        with pytest.raises(NotYours):
            again(invited, stranger)
    again(invited, colleague)
    again(invited, make.hub_coordinator("africa"), 4 * HOUR)
    expert = invite_to_place(
        organisation=invited.invitation.organisation,
        role=Role.EXPERT,
        guest=Guest("expert@example.org"),
        by=make.coordinator(),
        now=timezone.now(),
    )
    for nobody in (colleague, make.hub_coordinator("africa")):
        with pytest.raises(NotYours):
            again(expert, nobody)
    assert again(expert, make.coordinator()).mails == 2


def test_a_seat_that_is_taken_meanwhile_is_not_offered_again(host):
    Seat.objects.filter(side=Side.CIVIL_SOCIETY).update(until=timezone.localdate())
    seat = Seat.objects.get(side=Side.GOVERNMENT)
    partner = invite_partner(
        seat=seat,
        organisation_name="Open Eyes",
        guest=Guest(EMAIL),
        by=host,
        now=timezone.now(),
    )
    make.seat(seat.locality, Side.CIVIL_SOCIETY)

    with pytest.raises(SeatTaken):
        again(partner, host)


def test_whoever_sends_it_answers_for_it_where_the_first_host_has_gone(invited, host):
    host.is_active = False
    host.save()
    coordinator = make.coordinator()

    row = again(invited, coordinator)

    assert row.by == coordinator
    assert row.stands(timezone.now() + 3 * HOUR)


def test_the_page_of_a_side_and_the_coordinators_list_send_it_again(
    invited, host, signed_in
):
    client, page = signed_in(host), reverse("localities:team", args=["own"])
    address = reverse("localities:invitation_again", args=[invited.invitation.pk])
    early = client.post(address, follow=True).content.decode()
    Invitation.objects.update(
        last_mail_at=timezone.now() - 2 * HOUR, expires_at=timezone.now() - HOUR
    )

    shown = client.get(page).content.decode()
    sent = client.post(address, follow=True).content.decode()
    Invitation.objects.update(last_mail_at=timezone.now() - 2 * HOUR)
    listed = signed_in(make.coordinator()).post(
        reverse("admin:localities_invitation_changelist"),
        {"action": "send_again", "_selected_action": [invited.invitation.pk]},
        follow=True,
    )

    assert "less than an hour ago" in early
    assert "ran out on" in shown
    assert "csrfmiddlewaretoken" in shown.partition(address)[2].partition("</form>")[0]
    assert f"A new mail is on its way to {EMAIL}" in sent
    assert "1 invitation is sent again" in listed.content.decode()
    assert Invitation.objects.get().mails == 3


def test_who_has_come_in_another_way_is_not_shown_as_waiting(invited, host, signed_in):
    Invitation.objects.update(expires_at=timezone.now() - HOUR)
    join(
        person=invited.invitation.person,
        organisation=invited.invitation.organisation,
        role=Role.MEMBER,
        on=timezone.localdate(),
        by=None,
    )

    shown = signed_in(host).get(reverse("localities:team", args=["own"]))

    assert "Invited, not here yet" not in shown.content.decode()
