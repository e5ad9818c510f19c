"""Twenty presses of one button, and two organisations for one seat."""

import pytest

from localities.choices import Side
from localities.models import Invitation, Membership, Organisation, Seat
from localities.services.accepting import accept_invitation
from localities.services.inviting import Guest, invite_colleague, invite_partner
from tests import make
from tests.attacks.test_races_of_replies import at_once
from tests.make import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def side():
    seat = make.seat(make.locality(), Side.GOVERNMENT)
    person = make.person()
    make.place(person, seat.organisation)
    return seat, person


def taking(invitation):
    return lambda: accept_invitation(
        invitation=invitation, by=invitation.person, now=NOW
    )


def test_twenty_accepts_give_one_place(side):
    seat, person = side
    guest = Guest("ana@example.org")
    written = invite_colleague(seat=seat, guest=guest, by=person, now=NOW)

    problems = at_once(*(taking(written.invitation) for _turn in range(20)))

    assert problems == []
    assert Membership.objects.filter(person__email=guest.email).count() == 1


@pytest.mark.parametrize("_turn", range(3))
def test_two_organisations_for_one_seat_leave_one(side, _turn):
    seat, person = side
    rivals = [
        invite_partner(
            seat=seat,
            organisation_name=f"Organisation {number}",
            guest=Guest(f"p{number}@example.org"),
            by=person,
            now=NOW,
        ).invitation
        for number in range(6)
    ]

    problems = at_once(*(taking(row) for row in rivals))

    assert problems == []
    taken = Seat.objects.get(side=Side.CIVIL_SOCIETY, until=None)
    assert Invitation.objects.exclude(accepted_at=None).count() == 1
    assert taken.organisation.memberships.count() == 1
    assert Organisation.objects.filter(name__startswith="Organisation ").filter(
        seats__side=Side.CIVIL_SOCIETY
    ).count() == 1  # fmt: skip
