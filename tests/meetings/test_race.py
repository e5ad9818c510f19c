"""300 people say yes in the same second for 30 places: real threads, real rows."""

import random
from threading import Barrier, BoundedSemaphore, Thread

import pytest
from django.db import close_old_connections, connection

from localities.choices import OrganisationKind, Side
from localities.models import Locality, Membership, Organisation, Seat
from loci.accounts.models import User
from meetings.choices import Answer, PlaceState
from meetings.models import Invitation, Meeting, Place
from meetings.services.coming import answer_invitation
from meetings.services.waiting import hand_on_places
from tests import make

PEOPLE, PLACES, ROUNDS, AT_ONCE = 300, 30, 10, 40  # 60 connections are all there are


@pytest.mark.django_db(transaction=True)
def test_300_yeses_for_30_places_ten_times():
    people, localities = a_crowd(PEOPLE)
    for number in range(ROUNDS):
        meeting = make.meeting(capacity=PLACES)
        invitations = Invitation.objects.bulk_create(
            Invitation(meeting=meeting, locality=locality) for locality in localities
        )

        wrong = all_at_once(list(zip(people, invitations, strict=True)), number)

        meeting.refresh_from_db()
        rows = Place.objects.filter(invitation__meeting=meeting)
        waiting = rows.filter(state=PlaceState.WAITING)
        assert wrong == []
        assert meeting.taken == rows.filter(state=PlaceState.YES).count() == PLACES
        assert [row.number for row in waiting.order_by("number")] == list(
            range(1, PEOPLE - PLACES + 1)
        )
        the_list_keeps_its_order(meeting)


def the_list_keeps_its_order(meeting: Meeting) -> None:
    """Three leave at once: the first three on the list are offered their places."""
    holders = list(
        Place.objects.filter(
            invitation__meeting=meeting, state=PlaceState.YES
        ).select_related("invitation", "person")[:3]
    )
    first = list(
        Place.objects.queue().filter(invitation__meeting=meeting).values_list("pk")[:3]
    )

    wrong = all_at_once(
        [(place.person, place.invitation) for place in holders], 0, Answer.NO
    )
    hand_on_places(now=make.NOW)

    offered = Place.objects.filter(
        invitation__meeting=meeting, state=PlaceState.OFFERED
    )
    meeting.refresh_from_db()
    assert wrong == []
    assert sorted(offered.values_list("pk")) == sorted(first)
    assert meeting.taken == PLACES


def a_crowd(count: int) -> tuple[list[User], list[Locality]]:
    """One person on one side of each of so many localities."""
    localities = [make.locality() for _number in range(count)]
    people = User.objects.bulk_create(
        User(email=f"crowd{number}@example.org", name=f"Crowd {number}")
        for number in range(count)
    )
    holders = Organisation.objects.bulk_create(
        Organisation(name=f"Holder {number}", kind=OrganisationKind.GOVERNMENT)
        for number in range(count)
    )
    rows = list(zip(people, holders, localities, strict=True))
    Seat.objects.bulk_create(
        Seat(locality=at, side=Side.GOVERNMENT, organisation=holder, since=make.TODAY)
        for _one, holder, at in rows
    )
    Membership.objects.bulk_create(
        Membership(person=one, organisation=holder, role="member", since=make.TODAY)
        for one, holder, _at in rows
    )
    return people, localities


def all_at_once(
    said: list[tuple[User, Invitation]], seed: int, answer: Answer = Answer.YES
) -> list[Exception]:
    """Each says it in a thread and a connection of its own; what went wrong."""
    random.Random(seed).shuffle(said)  # noqa: S311  # an order, no secret
    start, doors = Barrier(len(said)), BoundedSemaphore(AT_ONCE)
    wrong: list[Exception] = []

    def say(person: User, invitation: Invitation) -> None:
        start.wait()
        with doors:
            try:
                answer_invitation(
                    invitation=invitation, answer=answer, by=person, now=make.NOW
                )
            except Exception as problem:  # noqa: BLE001  # the test looks at it
                wrong.append(problem)
            finally:
                connection.close()
                close_old_connections()

    threads = [Thread(target=say, args=row) for row in said]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong
