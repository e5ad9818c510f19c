"""No order of joining, handing over, leaving and losing a seat opens a closed room."""

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings, strategies as st

from localities.choices import Audience, FactKind, OrganisationKind, Role, Side
from localities.models import Fact, Invitation, Membership, Seat
from localities.services.accepting import accept_invitation
from localities.services.inviting import (
    Guest,
    invite_colleague,
    invite_successor,
    withdraw_invitation,
)
from localities.services.people import join, leave
from localities.services.profile import Said, say_fact
from localities.services.seats import give_seat
from loci.accounts.models import User
from loci.core.errors import Refused
from surveys.models import Statement
from tests import make
from tests.make import NOW, TODAY

pytestmark = pytest.mark.django_db
PEOPLE, PLACES = 4, 2
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["colleague", "successor", "accept", "withdraw", "leave", "seat", "join"]
        ),
        st.integers(0, PEOPLE - 1),
        st.integers(0, PEOPLE - 1),
        st.integers(0, PLACES - 1),
        st.sampled_from(Side),
    ),
    max_size=14,
)


class Network:
    """Two pairs with private words of each side, and people who come and go."""

    def __init__(self) -> None:
        self.coordinator = make.coordinator()
        self.places = [make.locality() for _place in range(PLACES)]
        self.people = [make.person() for _person in range(PEOPLE)]
        self.organisations = {}
        wave = make.wave()
        for place in self.places:
            for side in Side:
                seat = make.seat(place, side)
                writer = make.person()
                make.place(writer, seat.organisation)
                say_fact(
                    seat=seat,
                    kind=FactKind.CONTEXT,
                    said=Said(f"{place.pk} {side}", Audience.SIDE),
                    by=writer,
                    now=NOW,
                )
                make.statement(
                    place, wave, side=side, visibility="side", text=f"{place.pk} {side}"
                )
                self.organisations[place.pk, side] = [
                    seat.organisation,
                    make.organisation(OrganisationKind(side.value)),
                ]
        first = self.places[0]
        make.place(self.people[0], self.organisations[first.pk, Side.GOVERNMENT][0])

    def do(self, step: str, one: int, other: int, where: int, side: Side) -> None:
        person, place = self.people[one], self.places[where]
        seat = Seat.objects.current().get(locality=place, side=side)
        guest = Guest(self.people[other].email)
        mine = Membership.objects.current().filter(person=person).first()
        invitation = Invitation.objects.to(person).order_by("-pk").first()
        if step == "colleague":
            invite_colleague(seat=seat, guest=guest, by=person, now=NOW)
        elif step == "successor":
            invite_successor(seat=seat, guest=guest, by=person, now=NOW)
        elif step == "accept" and invitation:
            accept_invitation(invitation=invitation, by=person, now=NOW)
        elif step == "withdraw" and invitation and invitation.by:
            withdraw_invitation(invitation=invitation, by=invitation.by, now=NOW)
        elif step == "leave" and mine:
            leave(membership=mine, on=TODAY, by=person)
        elif step == "seat":
            self._change_holder(place, side, seat)
        elif step == "join":
            holder = self.organisations[place.pk, side][other % 2]
            join(
                person=person, organisation=holder, role=Role.MEMBER, on=TODAY, by=None
            )

    def _change_holder(self, place, side: Side, seat: Seat) -> None:
        one, other = self.organisations[place.pk, side]
        holder = other if seat.organisation_id == one.pk else one
        give_seat(
            locality=place,
            side=side,
            organisation=holder,
            on=TODAY,
            by=self.coordinator,
        )


def allowed(person: User) -> set[str]:
    """By hand, from the rows alone: own current places in organisations that sit now."""
    organisations = set(
        Membership.objects.filter(
            person=person, until__isnull=True, role=Role.MEMBER
        ).values_list("organisation", flat=True)
    )
    seats = Seat.objects.filter(until__isnull=True, organisation__in=organisations)
    return {f"{seat.locality_id} {seat.side}" for seat in seats}


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_one_reads_what_ones_present_places_allow_and_nothing_else(steps):
    with transaction.atomic():
        network = Network()
        for step in steps:
            try:
                with transaction.atomic():
                    network.do(*step)
            except Refused:
                continue
        for person in network.people:
            facts = Fact.objects.visible_to(person).filter(visibility=Audience.SIDE)
            said = Statement.objects.visible_to(person).filter(visibility="side")
            expected = allowed(person)
            assert set(facts.values_list("text", flat=True)) == expected
            assert set(said.values_list("text", flat=True)) == expected
            assert set(Fact.objects.editable_by(person)) == set(facts)
        current = Seat.objects.current()
        assert current.count() == PLACES * len(Side)
        transaction.set_rollback(True)


def test_experts_and_readers_speak_for_no_side_and_a_hub_covers_many_regions():
    place = make.locality(region_code="africa")
    seat = make.seat(place, Side.GOVERNMENT)
    writer = make.person()
    make.place(writer, seat.organisation)
    say_fact(
        seat=seat,
        kind=FactKind.LEGAL,
        said=Said("Ours", Audience.PAIR),
        by=writer,
        now=timezone.now(),
    )
    for role in (Role.EXPERT, Role.READER, Role.COORDINATOR):
        other = make.person()
        make.place(other, seat.organisation, role)
        assert not Seat.objects.held_by(other).exists()
        assert not Fact.objects.visible_to(other).filter(text="Ours").exists()
    hub = make.hub_coordinator("africa")
    organisation = hub.memberships.get().organisation
    make.region("asia").hubs.add(organisation)
    second = make.organisation(OrganisationKind.HUB)
    make.region("africa").hubs.add(second)
    colleague = make.person()
    make.place(colleague, second, Role.COORDINATOR)

    for coordinator in (hub, colleague):
        assert Fact.objects.visible_to(coordinator).filter(text="Ours").exists()
    assert organisation.regions.count() == 2
